// The desktop app as the replica's process has it: what the main process told last, and a way to ask it.
import type { DesktopView } from '../shared/bridge/desktop.ts';
import type { DesktopShell } from '../replica/recovery/desktop-router.ts';
import { PendingAnswers } from './pending-answers.ts';
import type { MessageFromReplica, MessageToReplica } from './replica-messages.ts';

export interface RemoteDesktop {
  readonly shell: DesktopShell;
  /** Takes what the main process told or answered. */
  readonly told: (message: Extract<MessageToReplica, { readonly kind: 'desktop' | 'desktop-failed' }>) => void;
}

export function remoteDesktop(send: (message: MessageFromReplica) => void): RemoteDesktop {
  let view: DesktopView | null = null;
  const listeners = new Set<() => void>();
  const pending = new PendingAnswers<DesktopView>();
  return {
    shell: {
      view: () => view,
      follow(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      ask: (request) => pending.ask((id) => send({ kind: 'ask-desktop', id, request })),
    },
    told(message) {
      if (message.kind === 'desktop-failed') return pending.fail(message.id, message.message);
      view = message.view;
      for (const listener of listeners) listener();
      if (message.id !== null) pending.answer(message.id, message.view);
    },
  };
}
