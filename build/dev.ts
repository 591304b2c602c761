// `npm run dev`: the pages with hot replacement over a real replica. Data in .cache/dev-data or `--data-dir`.
import { parseArgs } from 'node:util';
import { createServer } from 'vite';
import { ownDataDirectory } from '../replica/loopback/owner.ts';
import { openStandingReplica } from '../replica/recovery/standing-replica.ts';
import { fromRoot } from './paths.ts';

const { values } = parseArgs({ options: { 'data-dir': { type: 'string', default: fromRoot('.cache/dev-data') } } });
const owned = await ownDataDirectory({
  dataDirectory: values['data-dir'],
  openReplica: (dataDir, claim) => openStandingReplica({ dataDir, claim }),
});
if (!owned.ok) {
  console.error(owned.error.message);
  process.exit(1);
}
const owner = owned.value;
const cookie = await pageCookie();

const vite = await createServer({
  configFile: fromRoot('vite.config.ts'),
  server: {
    host: '127.0.0.1',
    proxy: {
      '/rpc': {
        target: owner.url,
        ws: true,
        configure(proxy) {
          proxy.on('proxyReqWs', (upstream, request, socket) => {
            // The proxy vouches for its page, so it must not do so for a page of another site.
            if (request.headers.origin !== `http://${request.headers.host ?? ''}`) {
              socket.destroy();
              return;
            }
            upstream.setHeader('cookie', cookie);
            upstream.setHeader('origin', owner.url);
            upstream.setHeader('host', new URL(owner.url).host);
          });
        },
      },
    },
  },
});
await vite.listen();
vite.printUrls();

const quit = (): void => {
  void vite
    .close()
    .then(() => owner.close())
    .then(() => process.exit(0));
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, quit);

/** Opens a page as a browser would, to get its cookie. */
async function pageCookie(): Promise<string> {
  const response = await fetch(owner.pageAddress(), { redirect: 'manual' });
  return (response.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
}
