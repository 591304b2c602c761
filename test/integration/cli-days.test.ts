import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { commandLineIn } from '../support/command-line.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const created = z.object({ workspaceId: z.string() });

async function design() {
  const cli = commandLineIn(await temporaryFolder());
  const flags = '--platform miro --plan enterprise --seats 40 --anchor 2026-01-01 --time-zone UTC --name Design';
  const { workspaceId } = created.parse(await cli.json(`workspace create ${flags}`));
  await cli.run('member add --workspace Design --id ana --name Ana --role member');
  await cli.run('log --workspace Design --member ana --happened --feature text --quantity 3 --at 2026-03-29T00:30:00Z');
  return { cli, workspaceId };
}

describe('the command line', () => {
  it('[K6] tells the hours of a day, in the zone that the workspace was moved to', async () => {
    const { cli } = await design();
    const moved = await cli.run('workspace set --workspace Design --time-zone Europe/Berlin --reason moved');
    expect([moved.exitCode, moved.out]).toEqual([0, 'The workspace was changed.\n']);
    expect(await cli.json('workspace set --workspace Design --time-zone Europe/Berlin')).toEqual({ changed: false });
    const hours = z
      .object({ total: z.string(), timeZone: z.string(), hours: z.array(z.looseObject({ credits: z.string() })) })
      .parse(await cli.json('report --workspace Design --hours 2026-03-29'));
    expect([hours.total, hours.timeZone, hours.hours.length]).toEqual(['3', 'Europe/Berlin', 23]);
    expect(hours.hours[1]).toEqual({
      start: '2026-03-29T00:00:00.000Z',
      end: '2026-03-29T01:00:00.000Z',
      credits: '3',
      transactions: 1,
    });
    expect((await cli.run('report --workspace Design --hours 2026-03-29')).out).toMatch(
      /^2026-03-29 \(Europe\/Berlin\)/,
    );
    expect((await cli.run('report --workspace Design --hours 2026-03-30')).out).toContain('No credit used on that day');
    expect((await cli.run('report --workspace Design --hours 2026-02-30')).error).toMatch(/^--hours: “2026-02-30”/);
    expect((await cli.run('report --workspace Design --hours 2026-03-29 --by team')).exitCode).toBe(1);
  });

  it('compares what is kept with counting anew, with an exit code, and counts anew', async () => {
    const { cli, workspaceId } = await design();
    expect(await cli.run('projections check')).toMatchObject({ exitCode: 0 });
    const file = new DatabaseSync(join(cli.dataDirectory, 'fuelgauge.sqlite'));
    file.exec('UPDATE usage_by_feature_day SET credits=credits+1');
    file.close();
    const found = await cli.run('projections check --workspace Design');
    expect(found.exitCode).toBe(1);
    expect(found.out).toContain('usage_by_feature_day');
    expect(await cli.json('projections check')).toMatchObject({
      same: false,
      differences: [{ workspaceId, table: 'usage_by_feature_day', keptOnly: 1, rebuiltOnly: 1 }],
    });
    expect(await cli.json('projections rebuild')).toMatchObject({ workspaces: 1 });
    expect(await cli.run('projections check')).toMatchObject({ exitCode: 0 });
  });
});
