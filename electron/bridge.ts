// The handshake that joins a page to the replica: the page asks, the sender is checked, and a new channel's two ends
// go to the page and to the replica. The main process never sees what passes between them.
import type { IpcMain, MessageChannelMain, MessagePortMain } from 'electron';
import { isOwnFrame } from './security.ts';

const REQUEST_PORT_CHANNEL = 'replica:request-port';
const PORT_CHANNEL = 'replica:port';

export interface BridgeOptions {
  readonly ipcMain: Pick<IpcMain, 'on'>;
  readonly createChannel: () => Pick<MessageChannelMain, 'port1' | 'port2'>;
  /** Hands the replica's end over, now or as soon as there is a replica. */
  readonly connectReplica: (port: MessagePortMain) => void;
}

export function installBridge({ ipcMain, createChannel, connectReplica }: BridgeOptions): void {
  ipcMain.on(REQUEST_PORT_CHANNEL, (event) => {
    const frame = event.senderFrame;
    if (frame === null || !isOwnFrame(frame)) return;
    const { port1, port2 } = createChannel();
    connectReplica(port2);
    frame.postMessage(PORT_CHANNEL, null, [port1]);
  });
}
