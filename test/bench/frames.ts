/** What the page's own thread worked, frame by frame and task by task, read from a trace of the browser. */

import type { CDPSession } from 'playwright-core';
import { z } from 'zod';

const eventSchema = z.object({
  name: z.string(),
  ph: z.string(),
  pid: z.number(),
  tid: z.number(),
  /** Microseconds. */
  ts: z.number(),
  dur: z.number().default(0),
  /** Of the processor: what the thread did, without waiting for others to leave the core. */
  tdur: z.number().optional(),
  args: z.record(z.string(), z.unknown()).default({}),
});
type TraceEvent = z.infer<typeof eventSchema>;

export interface FrameWork {
  /** Milliseconds by the clock from the first to the last task of each frame's work, waits for a core included. */
  readonly wallMs: readonly number[];
  /** Milliseconds of processor time for each frame. */
  readonly processorMs: readonly number[];
  /** The most processor time that one task took, in milliseconds. */
  readonly longestTaskMs: number;
}

/** Runs `work` under a trace and sums up, frame by frame, the tasks of the main thread of the page. */
export async function traceFrames(session: CDPSession, work: () => Promise<void>): Promise<FrameWork> {
  const events: TraceEvent[] = [];
  const collect = ({ value }: { readonly value: readonly unknown[] }): void => {
    for (const event of value) {
      const parsed = eventSchema.safeParse(event);
      if (parsed.success) events.push(parsed.data);
    }
  };
  session.on('Tracing.dataCollected', collect);
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: {
      includedCategories: ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'toplevel', '__metadata'],
    },
  });
  await work();
  const complete = new Promise((resolve) => {
    session.once('Tracing.tracingComplete', resolve);
  });
  await session.send('Tracing.end');
  await complete;
  session.off('Tracing.dataCollected', collect);
  return framesOf(events);
}

/** A frame is all that the thread does after the commit of one up to the commit of the next. */
function framesOf(events: readonly TraceEvent[]): FrameWork {
  const commits = events.filter(({ name, ph }) => name === 'Commit' && ph === 'X');
  const threads = Map.groupBy(commits, ({ pid, tid }) => `${pid}/${tid}`);
  const [thread, ofPage = []] = [...threads].toSorted(([, left], [, right]) => right.length - left.length)[0] ?? [];
  const ends = ofPage.map(({ ts }) => ts).toSorted((left, right) => left - right);
  const wallMs = ends.map(() => 0);
  const processorMs = ends.map(() => 0);
  let longestTaskMs = 0;
  for (const { name, ph, pid, tid, ts, dur, tdur = dur } of events) {
    if (name !== 'RunTask' || ph !== 'X' || `${pid}/${tid}` !== thread) continue;
    longestTaskMs = Math.max(longestTaskMs, tdur / 1_000);
    const frame = ends.findIndex((end) => end >= ts);
    if (frame < 0) continue;
    wallMs[frame] = (wallMs[frame] ?? 0) + dur / 1_000;
    processorMs[frame] = (processorMs[frame] ?? 0) + tdur / 1_000;
  }
  // What came before the first commit belongs to no frame of the scroll.
  return { wallMs: wallMs.slice(1), processorMs: processorMs.slice(1), longestTaskMs };
}

/** The value that a share of all lies at or below. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
