// Entry of the replica's process in the desktop shell: owns the data directory and serves the contract on the ports
// that the main process hands over. node:sqlite answers synchronously, so it lives here and never in the main process.
import { RPCHandler } from '@orpc/server/message-port';
import { ownDataDirectory, type Owner } from '../replica/loopback/owner.ts';
import { openReplica } from '../replica/main.ts';
import { messageToReplicaSchema, type MessageFromReplica } from './replica-messages.ts';

const [dataDirectory] = process.argv.slice(2);
const { parentPort } = process;

function tell(message: MessageFromReplica): void {
  parentPort.postMessage(message);
}

async function start(): Promise<Owner | undefined> {
  if (dataDirectory === undefined) throw new Error('The main process names the data directory.');
  const owned = await ownDataDirectory({
    dataDirectory,
    openReplica: (dataDir) => openReplica({ dataDir }),
    showWindow: () => tell({ kind: 'show' }),
  });
  if (owned.ok) return owned.value;
  tell({ kind: 'failed', message: owned.error.message });
  return undefined;
}

const owner = await start();
if (owner !== undefined) {
  const handler = new RPCHandler(owner.router);
  parentPort.on('message', (event: Electron.MessageEvent) => {
    const message = messageToReplicaSchema.parse(event.data);
    switch (message.kind) {
      case 'connect':
        for (const port of event.ports) {
          handler.upgrade(port);
          port.start();
        }
        break;
      case 'stop':
        void owner.close().then(() => process.exit(0));
        break;
    }
  });
  tell({ kind: 'ready' });
}
