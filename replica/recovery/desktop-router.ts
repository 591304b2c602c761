// What a page may ask of the desktop app around it. It has nothing to do with the data and answers without it too.
import { implement } from '@orpc/server';
import { desktopContract } from '../../shared/bridge/contract.ts';
import type { DesktopRequest, DesktopView } from '../../shared/bridge/desktop.ts';
import { failureOf } from '../router.ts';
import { ChangeSignal, everyWorkspace } from '../services/change-signal.ts';
import { problem } from '../services/problems.ts';

/** The desktop app, as the replica reaches it. */
export interface DesktopShell {
  /** null until the app has told. */
  readonly view: () => DesktopView | null;
  /** Calls `listener` whenever the view has changed, until what it answers is called. */
  readonly follow: (listener: () => void) => () => void;
  /** Resolves with the view after it was done. */
  readonly ask: (request: DesktopRequest) => Promise<DesktopView>;
}

export function desktopRouter(shell: DesktopShell | undefined) {
  const to = implement(desktopContract).use(async ({ next }) => {
    try {
      return await next();
    } catch (error) {
      throw failureOf(error, 'the desktop app');
    }
  });
  const ask = async (request: DesktopRequest): Promise<DesktopView> => {
    if (shell === undefined) throw desktopOnly();
    return shell.ask(request);
  };
  return to.router({
    live: to.live.handler(({ signal }) => views(shell, signal)),
    setSettings: to.setSettings.handler(({ input }) => ask({ kind: 'change', settings: input })),
    update: to.update.handler(({ input }) =>
      ask({ kind: input.do === 'check' ? 'check-for-update' : 'install-update' }),
    ),
  });
}

async function* views(
  shell: DesktopShell | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<DesktopView | null> {
  const changes = new ChangeSignal();
  const stop = shell?.follow(() => changes.changed(everyWorkspace));
  try {
    for await (const _tick of changes.ticks(everyWorkspace, { signal, everyMs: everyHourMs })) {
      yield shell?.view() ?? null;
    }
  } finally {
    stop?.();
  }
}

function desktopOnly() {
  return problem('unavailable', 'Only the desktop app can do this.', { todo: 'Open Fuelgauge in its own window.' });
}

const everyHourMs = 3_600_000;
