import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { err, ok } from '../../../../shared/kernel/result.ts';
import { SegmentsAhead } from '../../../../replica/sync/segments-ahead.ts';

describe('segments that are fetched ahead', () => {
  it('come in order, each asked for once, the next one before it is wanted', async () => {
    const asked: string[] = [];
    const segments = new SegmentsAhead(async (name) => {
      asked.push(name);
      return ok(name);
    });
    segments.expect(['a', 'b', 'c']);
    expect(await segments.take('a')).toEqual(ok('a'));
    expect(asked).toEqual(['a', 'b']);
    expect(await segments.take('b')).toEqual(ok('b'));
    expect(await segments.take('c')).toEqual(ok('c'));
    expect(asked).toEqual(['a', 'b', 'c']);
  });

  it('are asked for anew after one that did not come, or where another one is wanted', async () => {
    const asked: string[] = [];
    const segments = new SegmentsAhead(async (name) => {
      asked.push(name);
      if (asked.length === 2) throw new Error('The secrets cannot be read');
      return asked.length === 4 ? err({ kind: 'not-json' }) : ok(name);
    });
    segments.expect(['a', 'b', 'c']);
    await segments.take('a');
    // What went wrong ahead of time breaks nothing before somebody wants it.
    await nextTurn();
    await expect(segments.take('b')).rejects.toThrow('The secrets');
    expect(await segments.take('b')).toEqual(ok('b'));
    expect(await segments.take('c')).toEqual(err({ kind: 'not-json' }));
    expect(await segments.take('c')).toEqual(ok('c'));
    segments.expect(['x']);
    expect(await segments.take('x')).toEqual(ok('x'));
    expect(asked).toEqual(['a', 'b', 'b', 'c', 'c', 'x']);
  });
});
