// Entry of the replica's process in the desktop shell: owns the data directory and serves the contract on the ports
// that the main process hands over. node:sqlite answers synchronously, so it lives here and never in the main process.
import { RPCHandler } from '@orpc/server/message-port';
import { ownDataDirectory, type Owner } from '../replica/loopback/owner.ts';
import { openStandingReplica } from '../replica/recovery/standing-replica.ts';
import { WakeSignal } from '../replica/wake.ts';
import { assert } from '../shared/kernel/assert.ts';
import { remoteSecrets } from './remote-secrets.ts';
import { messageToReplicaSchema, type MessageFromReplica } from './replica-messages.ts';

const [dataDirectory, purpose] = process.argv.slice(2);
const { parentPort } = process;

function tell(message: MessageFromReplica): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- The parent is a process, not a window.
  parentPort.postMessage(message);
}

const wake = new WakeSignal();
const secrets = remoteSecrets(tell);

/** The owner, or undefined after the main process was told why there is none. */
async function start(): Promise<Owner | undefined> {
  assert(dataDirectory !== undefined, 'The main process names the data directory.');
  const owned = await ownDataDirectory({
    dataDirectory,
    openReplica: (dataDir, claim) =>
      openStandingReplica({
        dataDir,
        shell: 'electron',
        claim,
        readOnly: purpose === '--read-only',
        wake,
        secrets: secrets.store,
      }),
    showWindow: () => tell({ kind: 'show' }),
  });
  if (owned.ok) return owned.value;
  tell({ kind: 'failed', message: owned.error.message });
  return undefined;
}

const starting = start();
// From the start on: what opens the data may already ask for a secret, and be asked to end.
parentPort.on('message', (event: Electron.MessageEvent) => {
  const message = messageToReplicaSchema.parse(event.data);
  switch (message.kind) {
    case 'connect':
      void starting.then((owner) => {
        if (owner !== undefined) serve(owner, event.ports);
      });
      break;
    case 'stop':
      void starting.then(async (owner) => {
        await owner?.close();
        process.exit(0);
      });
      break;
    case 'wake':
      wake.tell(message.reason);
      break;
    case 'secret':
    case 'secret-failed':
      secrets.answered(message);
      break;
  }
});

function serve({ router }: Owner, ports: readonly Electron.MessagePortMain[]): void {
  const handler = new RPCHandler(router);
  for (const port of ports) {
    handler.upgrade(port);
    port.start();
  }
}

if ((await starting) !== undefined) tell({ kind: 'ready' });
