import { expect, it } from 'vitest';
import { changesNothing } from '../../../shared/bridge/changes-nothing.ts';
import { contract } from '../../../shared/bridge/contract.ts';

it('counts every procedure that is no question as one that writes, and every question as one', () => {
  const paths = Object.entries(contract).flatMap(([group, procedures]) =>
    Object.keys(procedures).map((name) => [group, name]),
  );
  const named = (those: readonly (readonly string[])[]) => those.map((path) => path.join('.'));
  const asking =
    /^(?:info|list|listLive|sampleLive|live|get|page|changes|export|hours|last|preview|parse|price|countries|record|pools|whatIf|cheapest|compare|pace|lookAtInvite|lookAtServer|outbox|moment|explain|find|team|settings|status)$/;
  const questions = paths.filter(([, name = '']) => asking.test(name));
  // A check of the projections works in a transaction that is taken back, and so needs to write.
  expect(named(paths.filter(changesNothing))).toEqual(
    expect.arrayContaining([...named(questions), 'app.quarantine', 'backups.check']),
  );
  expect(paths.filter(changesNothing)).toHaveLength(questions.length + 2);
});
