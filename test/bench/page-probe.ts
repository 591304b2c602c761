/** Runs in the page before anything of it: notes when what a person waits for is there, and tasks that block. */

export interface PageNotes {
  /** Milliseconds since the page's start; null until it is there. */
  firstFrame: number | null;
  /** The frame with its navigation, and the place of what comes. */
  skeleton: number | null;
  /** What is left, as a figure. */
  figures: number | null;
  /** Tasks of more than 50 ms by the clock. */
  readonly longTasks: { readonly start: number; readonly duration: number }[];
}

declare global {
  var pageNotes: PageNotes;
}

export function probePage(): void {
  const notes: PageNotes = { firstFrame: null, skeleton: null, figures: null, longTasks: [] };
  globalThis.pageNotes = notes;
  const isThere = (selector: string): boolean => document.querySelector(selector) !== null;
  const look = (): void => {
    notes.firstFrame ??= performance.now();
    if (notes.skeleton === null && isThere('nav a[href*="/overview"]') && isThere('main :is(h1, [role="status"])')) {
      notes.skeleton = performance.now();
    }
    if (notes.figures === null && isThere('main [role="meter"]')) notes.figures = performance.now();
    if (notes.figures === null) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) notes.longTasks.push({ start: startTime, duration });
  }).observe({ type: 'longtask', buffered: true });
}
