import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant } from '../../../shared/kernel/instant.ts';
import { Desk, anyCommands, anyOpening, type Command, type Outcome } from '../../support/ledger-commands.ts';
import { naiveDecision, naivePool, naiveSettlement } from '../../support/naive-desk.ts';
import { NaiveLedger } from '../../support/naive-ledger.ts';
import { engineAnswer } from '../../support/random-ledger.ts';
import { thorough } from '../../support/thoroughness.ts';

const idle = { amount: 1, about: 0, who: 0, ago: 0, hours: 0 } as const;

/** `MODEL_RUNS` sets how many stories are played. */
const numRuns = Number(process.env['MODEL_RUNS'] ?? (thorough ? 10_000 : 400));

/** One credit of use displaces a hold onto a grant that is voided, so that it adds two of overage. [E7] */
const leaningOnVoided = {
  opening: { creditsPerSeat: 1, seats: 1, hardLimit: false, rollOver: null },
  commands: [
    { ...idle, what: 'expire', amount: 4 },
    { ...idle, what: 'log' },
    { ...idle, what: 'grant', amount: 4 },
    { ...idle, what: 'log' },
    { ...idle, what: 'grant', about: 13 },
    { ...idle, what: 'time' },
    { ...idle, what: 'void-grant', about: 7 },
    { ...idle, what: 'log' },
    { ...idle, what: 'log', ago: 2 },
    { ...idle, what: 'log' },
  ] satisfies readonly Command[],
};

/** What the simple side says of a command, from the lines as they were before it. */
function naiveOutcome(desk: Desk, outcome: Outcome, before: Desk['lines']): unknown {
  const { workspace, now } = desk;
  if (outcome.asked) return naiveDecision(workspace, before, outcome.asked, now);
  if (!outcome.settled) return null;
  const { base, what, at, amount } = outcome.settled;
  const problem = naiveSettlement(new NaiveLedger(workspace.terms, before, now), base, what, { at, amount });
  const [code, difference] = problem?.split(' ') ?? [];
  const pool =
    code === 'more-than-was-held'
      ? naivePool(workspace.terms, before, { amount: Number(difference), at, now })
      : undefined;
  return { problem, differenceAllowed: pool ? pool.overageAdded === 0 : null };
}

function engineOutcome({ decision, settled }: Outcome): unknown {
  if (decision) return decision;
  return settled && { problem: settled.problem, differenceAllowed: settled.differenceAllowed };
}

describe('whatever a team does', () => {
  it('[G5] [E1] [H2] every balance, decision and reason is that of a model that computes all from scratch', () => {
    const property = fc.property(anyOpening, anyCommands, fc.nat(900), (opening, commands, hours) => {
      const desk = new Desk(opening);
      for (const command of commands) {
        const before = [...desk.lines];
        const outcome = desk.run(command);
        expect(engineOutcome(outcome)).toEqual(naiveOutcome(desk, outcome, before));
        const past = instant(desk.now - hours * 3_600_000);
        for (const at of [desk.now, past]) {
          const expected = new NaiveLedger(desk.workspace.terms, desk.lines, at).balance();
          expect(engineAnswer(desk.ledger.stateAt(at), at)).toEqual(expected);
        }
        expect(desk.ledger.stateAt(desk.now).anomalies).toEqual([]);
      }
    });
    fc.assert(property, { numRuns, examples: [[leaningOnVoided.opening, leaningOnVoided.commands, 0]] });
  }, 1_800_000);
});
