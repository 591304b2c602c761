/** Runs in the page before anything of it: notes when what a person waits for is there, and tasks that block. */

export interface PageNotes {
  /** Milliseconds since the page's start; null until it is there. */
  skeleton: number | null;
  figures: number | null;
  /** When each frame of the answer was ready; by what was waited for. */
  readonly longTasks: { readonly start: number; readonly duration: number }[];
}

declare global {
  var pageNotes: PageNotes;
}

export function probePage(): void {
  const notes: PageNotes = { skeleton: null, figures: null, longTasks: [] };
  globalThis.pageNotes = notes;
  const isThere = (selector: string): boolean => document.querySelector(selector) !== null;
  const look = (): void => {
    if (notes.skeleton === null && isThere('nav a[href*="/overview"]') && isThere('main h1')) {
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
