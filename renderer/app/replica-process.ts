// What the desktop shell tells of the process that owns the data; nothing in a browser.
import type { ReplicaStateMessage } from '../../shared/bridge/desktop.ts';

const STATE_MESSAGE: ReplicaStateMessage['kind'] = 'fuelgauge:replica-state';
const states: readonly ReplicaStateMessage['state'][] = ['starting', 'running', 'silent', 'restarting', 'stopping'];

type State = Omit<ReplicaStateMessage, 'kind'>;

let newest: State | null = null;
const listeners = new Set<() => void>();

// From the first moment on: the shell tells the state as soon as the page has asked for its port.
window.addEventListener('message', ({ source, data }: MessageEvent<unknown>) => {
  // Any frame may post messages here; only the preload shares this very window.
  if (source !== window || typeof data !== 'object' || data === null || !('kind' in data)) return;
  if (data.kind !== STATE_MESSAGE || !('state' in data) || !('restarts' in data)) return;
  const state = states.find((known) => known === data.state);
  if (state === undefined || typeof data.restarts !== 'number') return;
  newest = { state, restarts: data.restarts };
  for (const listener of listeners) listener();
});

/** For `useSyncExternalStore`; null until something was told. */
export const replicaProcess = {
  state: (): State | null => newest,
  onChange(listener: () => void): () => void {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};
