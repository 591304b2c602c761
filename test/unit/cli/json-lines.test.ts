import { expect, it } from 'vitest';
import { lineOfValue } from '../../../replica/cli/json-lines.ts';

const text = `{
  "a": [1, {"b": "x\\"}]"},
    [2,
      3]],
  "c\\u0064": {
    "e": null
  }
}`;

it.each([
  [[], 1],
  [['a'], 2],
  [['a', '1', 'b'], 2],
  [['a', '2'], 3],
  [['a', '2', '1'], 4],
  [['cd'], 5],
  [['cd', 'e'], 6],
  [['cd', 'missing', 'deeper'], 5],
  [['nothing'], 1],
])('finds the line of %j', (path, line) => {
  expect(lineOfValue(text, path)).toBe(line);
});
