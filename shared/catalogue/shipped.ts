import { assert } from '../kernel/assert.ts';
import type { Catalogue } from './catalogue.ts';
import { describeProblems, parseCatalogue } from './load.ts';
import githubCopilot from './platforms/github-copilot.json' with { type: 'json' };
import mirage from './platforms/mirage.json' with { type: 'json' };
import miro from './platforms/miro.json' with { type: 'json' };
import piktochart from './platforms/piktochart.json' with { type: 'json' };
import visily from './platforms/visily.json' with { type: 'json' };

/** The platforms that come with the product, in the order in which they are offered. Checked when loaded. [C2] */
export const shippedCatalogues: readonly Catalogue[] = [miro, visily, piktochart, mirage, githubCopilot].map(checked);

function checked(value: unknown): Catalogue {
  const parsed = parseCatalogue(value);
  assert(parsed.ok, `A shipped catalogue is wrong:\n${parsed.ok ? '' : describeProblems(parsed.error)}`);
  return parsed.value;
}
