import { startTransition, Suspense, useEffect, useState, type ReactNode } from 'react';

interface LaterProps {
  /** Of what comes, in pixels: its place is kept meanwhile. */
  readonly height: number;
  readonly children: ReactNode;
}

/**
 * Draws what is costly to draw after everything else is on the screen, each in a task of its own that gives way to the
 * person: the page answers meanwhile, and nothing moves when it comes.
 */
export function Later({ height, children }: LaterProps) {
  const [isTurn, setIsTurn] = useState(false);
  useEffect(() => inTurn(() => startTransition(() => setIsTurn(true))), []);
  const place = <div aria-busy style={{ height }} />;
  return isTurn ? <Suspense fallback={place}>{children}</Suspense> : place;
}

const waiting: (() => void)[] = [];
let isRunning = false;

/** Runs `work` when those before it had their turn and the page has drawn since; the function it returns takes it back. */
function inTurn(work: () => void): () => void {
  waiting.push(work);
  if (!isRunning) {
    isRunning = true;
    afterNextFrame(runNext);
  }
  return () => {
    const place = waiting.indexOf(work);
    if (place >= 0) waiting.splice(place, 1);
  };
}

function runNext(): void {
  waiting.shift()?.();
  isRunning = waiting.length > 0;
  if (isRunning) afterNextFrame(runNext);
}

/** A window that is hidden draws no frames, and its charts are there all the same when it is shown. */
function afterNextFrame(task: () => void): void {
  if (document.visibilityState === 'hidden') setTimeout(task);
  else requestAnimationFrame(() => setTimeout(task));
}
