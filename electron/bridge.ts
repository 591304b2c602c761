// The handshake that joins a page to the replica: the page asks, the sender is checked, and a new channel's two ends
// go to the page and to the replica. The main process never sees what passes between them.
import type { IpcMain, MessageChannelMain, MessagePortMain, WebFrameMain } from 'electron';
import type { ReplicaStateMessage } from '../shared/bridge/desktop.ts';
import { isOwnFrame } from './security.ts';

const REQUEST_PORT_CHANNEL = 'replica:request-port';
const PORT_CHANNEL = 'replica:port';
const STATE_CHANNEL = 'replica:state';

export interface BridgeOptions {
  readonly ipcMain: Pick<IpcMain, 'on'>;
  readonly createChannel: () => Pick<MessageChannelMain, 'port1' | 'port2'>;
  /** Hands the replica's end over, now or as soon as there is a replica. */
  readonly connectReplica: (port: MessagePortMain) => void;
  /** How the replica's process is, for a page that begins. */
  readonly replicaState: () => ReplicaStateMessage;
}

export interface Bridge {
  /** Tells the pages that asked for a port how the replica's process is now. */
  tellState(): void;
}

export function installBridge({ ipcMain, createChannel, connectReplica, replicaState }: BridgeOptions): Bridge {
  // A reload or a crash of the page makes a new frame; the last one that asked is the one that is looked at.
  let page: WebFrameMain | undefined;
  const tellState = (): void => {
    try {
      page?.postMessage(STATE_CHANNEL, replicaState());
    } catch {
      // The frame is gone.
      page = undefined;
    }
  };
  ipcMain.on(REQUEST_PORT_CHANNEL, (event, ...given: readonly unknown[]) => {
    // Our preload sends nothing with it.
    if (given.length > 0 || event.ports.length > 0) return;
    const frame = ownFrame(() => event.senderFrame);
    if (frame === undefined) return;
    const { port1, port2 } = createChannel();
    try {
      frame.postMessage(PORT_CHANNEL, null, [port1]);
    } catch {
      // The page went while it was being answered; nobody is on the other side of the replica's end.
      return;
    }
    connectReplica(port2);
    page = frame;
    tellState();
  });
  return { tellState };
}

/** A frame that was disposed of meanwhile throws when it is asked anything: it is nobody's. */
function ownFrame(senderFrame: () => WebFrameMain | null): WebFrameMain | undefined {
  try {
    const frame = senderFrame();
    return frame !== null && isOwnFrame(frame) ? frame : undefined;
  } catch {
    return undefined;
  }
}
