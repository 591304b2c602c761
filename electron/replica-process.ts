// Entry of the replica's process in the desktop shell: owns the data directory and serves the contract on the ports
// that the main process hands over. node:sqlite answers synchronously, so it lives here and never in the main process.
import { RPCHandler } from '@orpc/server/message-port';
import { ownDataDirectory, type Owner } from '../replica/loopback/owner.ts';
import { openStandingReplica } from '../replica/recovery/standing-replica.ts';
import { assert } from '../shared/kernel/assert.ts';
import { messageToReplicaSchema, type MessageFromReplica } from './replica-messages.ts';

const [dataDirectory, purpose] = process.argv.slice(2);
const { parentPort } = process;

function tell(message: MessageFromReplica): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- The parent is a process, not a window.
  parentPort.postMessage(message);
}

/** The owner, or undefined after the main process was told why there is none. */
async function start(): Promise<Owner | undefined> {
  assert(dataDirectory !== undefined, 'The main process names the data directory.');
  const owned = await ownDataDirectory({
    dataDirectory,
    openReplica: (dataDir, claim) =>
      openStandingReplica({ dataDir, shell: 'electron', claim, readOnly: purpose === '--read-only' }),
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
