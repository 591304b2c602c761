// Entry of the replica's process in the desktop shell: owns the data directory and serves the contract on the ports
// that the main process hands over. node:sqlite answers synchronously, so it lives here and never in the main process.
import { setTimeout as pause } from 'node:timers/promises';
import { ownDataDirectory, type Owner } from '../replica/loopback/owner.ts';
import { channelServer } from '../replica/loopback/serve-channel.ts';
import { openStandingReplica, type StandingReplica } from '../replica/recovery/standing-replica.ts';
import { WakeSignal } from '../replica/wake.ts';
import { assert } from '../shared/kernel/assert.ts';
import { feedDesktop } from './desktop-feed.ts';
import { remoteDesktop } from './remote-desktop.ts';
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
const desktop = remoteDesktop(tell);
const ending = new AbortController();
let standing: StandingReplica | undefined;

/** The owner, or undefined after the main process was told why there is none. */
async function start(): Promise<Owner | undefined> {
  assert(dataDirectory !== undefined, 'The main process names the data directory.');
  const owned = await ownDataDirectory({
    dataDirectory,
    openReplica: async (dataDir, claim) =>
      (standing = await openStandingReplica({
        dataDir,
        shell: 'electron',
        claim,
        readOnly: purpose === '--read-only',
        wake,
        secrets: secrets.store,
        desktop: desktop.shell,
        onSignInPages: (pages) => tell({ kind: 'sign-in-pages', pages }),
      })),
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
    case 'ping':
      tell({ kind: 'pong' });
      break;
    case 'stop':
      ending.abort();
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
    case 'desktop':
    case 'desktop-failed':
      desktop.told(message);
      break;
  }
});

/** A page has one port and a window one page; a page that asks for more and more loses the ones it asked for first. */
const PORTS_MAX = 8;
const openPorts: Electron.MessagePortMain[] = [];

function serve({ router }: Owner, ports: readonly Electron.MessagePortMain[]): void {
  const serveOn = channelServer(router);
  for (const port of ports) {
    openPorts.push(port);
    port.on('close', () => {
      const index = openPorts.indexOf(port);
      if (index >= 0) openPorts.splice(index, 1);
    });
    serveOn({
      send: (message) => port.postMessage(message),
      onMessage: (listener) => port.on('message', ({ data }) => listener(data)),
      onClose: (listener) => port.on('close', listener),
    });
    port.start();
    if (openPorts.length > PORTS_MAX) openPorts.shift()?.close();
  }
}

/** The page comes first: what the tray shows is worked out when the page has been answered. */
const FEED_AFTER_MS = 1_500;

if ((await starting) !== undefined) {
  tell({ kind: 'ready' });
  if (standing !== undefined) {
    const { client } = standing;
    const { signal } = ending;
    const wait = (milliseconds: number): Promise<void> =>
      pause(milliseconds, undefined, { ref: false, signal }).catch(() => undefined);
    void wait(FEED_AFTER_MS).then(() => feedDesktop({ client, tell, signal, wait }));
  }
}
