import { expect, it } from 'vitest';
import { z } from 'zod';
import { idOfName } from '../../replica/main.ts';
import { noCredits } from '../../shared/kernel/credits.ts';
import { commandLineIn } from '../support/command-line.ts';
import { memoryHttpServer } from '../support/memory-http-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it('connects, publishes, syncs, lists what waits and what was refused, and leaves', async () => {
  const server = await memoryHttpServer();
  const cli = commandLineIn(await temporaryFolder());
  const flags = '--platform miro --plan enterprise --seats 3 --anchor 2026-11-01 --time-zone UTC';
  const created = z.object({ workspaceId: z.string() });
  const { workspaceId } = created.parse(await cli.json(`workspace create ${flags} --name Design`));
  await cli.run('member add --workspace Design --id ana --name Ana --role member');
  expect(await cli.run('sync')).toMatchObject({ exitCode: 0, out: 'This computer is connected to no server.\n' });
  const missing = await cli.run('server people');
  expect(missing).toMatchObject({ exitCode: 1, error: expect.stringContaining('--server') });

  expect(await cli.run('connect', server.invite(), '--device-name', 'Desk')).toMatchObject({
    exitCode: 0,
    out: expect.stringMatching(/^Joined Acme as Ana\.\nAcme at http/),
  });
  server.pools = [{ poolId: idOfName(`pool/${workspaceId}/`), granted: noCredits, hard: false }];
  expect(await cli.run('server publish --workspace Design')).toMatchObject({
    exitCode: 0,
    out: expect.stringMatching(/^Design: (up-to-date|syncing)$/m),
  });
  expect(await cli.run('log --workspace Design --feature doc --quantity 1 --member ana --happened')).toMatchObject({
    exitCode: 0,
    error: '',
  });
  expect(await cli.run('outbox --workspace Design')).toMatchObject({
    exitCode: 0,
    out: expect.stringContaining('Use of'),
  });
  server.refuse = 'not-allowed';
  expect((await cli.run('sync')).out).toContain('1 refused');
  expect(await cli.json('outbox --workspace Design --show refused')).toMatchObject({
    total: 1,
    entries: [{ state: 'refused', reason: 'not-allowed' }],
  });
  await cli.run('outbox --workspace Design --show refused --seen');
  expect((await cli.run('outbox --workspace Design --show refused')).out).toContain('Nothing was refused');
  expect((await cli.run('server leave --workspace Design')).exitCode).toBe(0);
  expect((await cli.run('server forget')).out).toBe('Forgotten; 0 workspaces stayed here.\n');
  expect(await cli.json('server list')).toMatchObject({ servers: [], workspaces: [] });
});
