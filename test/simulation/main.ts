// Runs the simulator over seeds:
//
//   npm run simulate -- --seed 123
//   npm run simulate -- --seeds 1..500 --json
//   npm run simulate -- --seeds 1..200 --bug no-idempotency-key
//
// The last line is JSON: { seeds, failures, actions, faults, devices, traceHash }. A failure names its seed.
import { parseArgs } from 'node:util';
import { hashText } from '../../shared/kernel/hash.ts';
import { simulate } from './simulate.ts';
import { bugNames } from './bugs.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '1..50' },
    json: { type: 'boolean', default: false },
    bug: { type: 'string', multiple: true, default: [] },
  },
});

const range = /^(\d+)(?:\.\.(\d+))?$/.exec(values.seed ?? values.seeds);
if (!range) throw new Error('Seeds are a number, or two of them as in 1..50.');
const first = Number(range[1]);
const last = Number(range[2] ?? range[1]);
const bugs = new Set(bugNames.filter((name) => values.bug.includes(name)));
if (bugs.size !== values.bug.length) throw new Error(`Bugs that can be planted are ${bugNames.join(', ')}.`);

const total = { seeds: 0, failures: 0, actions: 0, faults: {} as Record<string, number>, devices: 0, traceHash: 0 };
for (let seed = first; seed <= last; seed++) {
  const report = await simulate(seed, bugs);
  total.seeds += 1;
  total.failures += report.findings.length > 0 ? 1 : 0;
  total.actions += report.actions;
  total.devices += report.devices;
  total.traceHash = hashText(`${total.traceHash} ${report.traceHash}`);
  for (const [kind, count] of Object.entries(report.faults)) total.faults[kind] = (total.faults[kind] ?? 0) + count;
  if (!values.json) for (const finding of report.findings) console.log(`seed ${seed}: ${finding}`);
}
console.log(JSON.stringify(total));
process.exitCode = total.failures > 0 ? 1 : 0;
