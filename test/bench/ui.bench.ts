/**
 * The pages as a person meets them: the built app in a real Chromium, on a hundred thousand transactions, the replica
 * warm. What is measured by the clock waits for a core where other programs have them; processor times do not.
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { buildEverything } from '../../build/bundle.ts';
import { inputFingerprint, isBuilt, rememberBuilt } from '../../build/fingerprint.ts';
import { fromRoot } from '../../build/paths.ts';
import { openPage, startApp } from '../support/app-process.ts';
import { launchChromium } from '../support/chromium.ts';
import { figureOf, median, type Figure } from './figure.ts';
import { quantile, traceFrames } from './frames.ts';
import { probePage } from './page-probe.ts';
import { makeUiFile, type UiFile } from './ui-file.ts';

const LINES = 100_000;
const PEOPLE = 100_000;
const STARTS = 7;
const ROUNDS = 3;
const SCROLLS = 3;

const screens = [
  ['credits-usage', 'Usage'],
  ['forecast', 'Forecast'],
  ['what-if', 'What if'],
  ['log', 'Log usage'],
  ['ledger', 'Ledger'],
  ['subscription', 'Subscription'],
  ['import', 'Import'],
  ['members', 'Members'],
  ['settings', 'Settings'],
  ['alerts', 'Alerts'],
  ['overview', 'Overview'],
] as const;

export async function uiFigures(): Promise<readonly Figure[]> {
  const fingerprint = inputFingerprint();
  if (!isBuilt(fingerprint)) {
    await buildEverything('error');
    rememberBuilt(fingerprint);
  }
  const folder = mkdtempSync(join(tmpdir(), 'ui-bench-'));
  const file = await makeUiFile(folder, { lines: LINES, people: PEOPLE });
  const app = await startApp(folder);
  const browser = await launchChromium();
  try {
    const { page, context } = await openPage(browser, app.address);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await context.addInitScript(probePage);
    const origin = new URL(page.url()).origin;
    return [
      ...(await startFigures(context, `${origin}/#/w/${file.teamId}/overview`)),
      ...(await routeFigures(context, origin, file)),
      ...(await scrollFigures(context, `${origin}/#/w/${file.crowdId}/credits-usage/users`)),
    ];
  } finally {
    await browser.close();
    await app.quit();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Start {
  /** Of a page without anything, by the same browser from the same server, just before. */
  readonly emptyPage: number;
  readonly skeleton: number;
  readonly figures: number;
  /** Of the page's thread, until the figures are there. */
  readonly processorMs: number;
  readonly scripts: readonly string[];
}

/** Each start is a new page, with what the browser keeps of files. */
async function startFigures(context: BrowserContext, address: string): Promise<readonly Figure[]> {
  const starts: Start[] = [];
  for (let run = 0; run <= STARTS; run += 1) {
    const start = await startOnce(context, address);
    // The first one warms the replica and the browser's cache.
    if (run > 0) starts.push(start);
  }
  const figure = (name: string, value: (start: Start) => number, unit = 'ms'): Figure =>
    figureOf({ name, unit, n: STARTS, runs: starts.map((start) => ({ value: value(start) })) });
  const beside = (name: string, value: (start: Start) => number): Figure => {
    const runs = starts.map((start) => ({ value: value(start), baseline: start.emptyPage }));
    return figureOf({ name, unit: 'ms', n: STARTS, runs });
  };
  return [
    beside('ui.skeleton', (start) => start.skeleton),
    beside('ui.figures', (start) => start.figures),
    figure('ui.figures-processor', (start) => start.processorMs),
    figure('ui.initial-js', (start) => kilobytesOf(start.scripts), 'kB gz'),
  ];
}

async function startOnce(context: BrowserContext, address: string): Promise<Start> {
  const emptyPage = await emptyOnce(context, address);
  const page = await context.newPage();
  const scripts: string[] = [];
  page.on('request', (request) => {
    if (request.resourceType() === 'script') scripts.push(new URL(request.url()).pathname);
  });
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.goto(address, { waitUntil: 'commit' });
  await page.waitForFunction(() => globalThis.pageNotes.figures !== null);
  const asked = [...scripts];
  const processorMs = await taskMs(session);
  const { skeleton, figures } = await page.evaluate(() => globalThis.pageNotes);
  await page.close();
  return { emptyPage, skeleton: skeleton ?? Number.NaN, figures: figures ?? Number.NaN, processorMs, scripts: asked };
}

/** Milliseconds until a page that has no file is drawn: what the machine and the browser take by themselves. */
async function emptyOnce(context: BrowserContext, address: string): Promise<number> {
  const page = await context.newPage();
  await page.goto(new URL('/no-such-file.txt', address).href);
  await page.waitForFunction(() => globalThis.pageNotes.firstFrame !== null);
  const { firstFrame } = await page.evaluate(() => globalThis.pageNotes);
  await page.close();
  return firstFrame ?? Number.NaN;
}

async function taskMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000;
}

function kilobytesOf(scripts: readonly string[]): number {
  const bytes = [...new Set(scripts)].map(
    (path) => gzipSync(readFileSync(fromRoot(`dist/renderer${path}`)), { level: 9 }).length,
  );
  return bytes.reduce((total, size) => total + size, 0) / 1_000;
}

/** From a click to the other screen with its heading drawn, once its code is there; and what blocked meanwhile. */
async function routeFigures(context: BrowserContext, origin: string, file: UiFile): Promise<readonly Figure[]> {
  const page = await context.newPage();
  await page.goto(`${origin}/#/w/${file.teamId}/overview`);
  await page.waitForFunction(() => globalThis.pageNotes.figures !== null);
  for (const [place, title] of screens) await changeTo(page, file.teamId, place, title);
  await settled(page);
  const times = new Map<string, number[]>();
  const longest: { readonly clock: number; readonly processor: number }[] = [];
  const session = await context.newCDPSession(page);
  for (let round = 0; round < ROUNDS; round += 1) {
    await page.evaluate(() => {
      globalThis.pageNotes.longTasks.length = 0;
    });
    const { longestTaskMs } = await traceFrames(session, async () => {
      for (const [place, title] of screens) {
        const ms = await changeTo(page, file.teamId, place, title);
        times.set(place, [...(times.get(place) ?? []), ms]);
        await settled(page);
      }
    });
    const blocked = await page.evaluate(() => globalThis.pageNotes.longTasks.map(({ duration }) => duration));
    longest.push({ clock: Math.max(0, ...blocked), processor: longestTaskMs });
  }
  await page.close();
  const each = [...times].map(([place, ms]) => [place, median(ms)] as const);
  const task = (name: string, value: (round: (typeof longest)[number]) => number): Figure =>
    figureOf({ name, unit: 'ms', n: ROUNDS, runs: longest.map((round) => ({ value: value(round) })) });
  return [
    figureOf({ name: 'ui.route-change', unit: 'ms', n: screens.length, runs: each.map(([, value]) => ({ value })) }),
    ...each.map(([place, value]) =>
      figureOf({ name: `ui.route-change-${place}`, unit: 'ms', n: ROUNDS, runs: [{ value }] }),
    ),
    task('ui.longest-task', ({ clock }) => clock),
    task('ui.longest-task-processor', ({ processor }) => processor),
  ];
}

/** Milliseconds from the change of the address to the frame that shows the other screen. */
async function changeTo(page: Page, workspaceId: string, place: string, title: string): Promise<number> {
  return page.evaluate(
    ([hash, heading]) =>
      new Promise<number>((resolve) => {
        const started = performance.now();
        location.hash = hash;
        const look = (): void => {
          if (document.querySelector('main h1')?.textContent !== heading) requestAnimationFrame(look);
          // The frame in which it is there has been drawn when the next one begins.
          else requestAnimationFrame(() => resolve(performance.now() - started));
        };
        requestAnimationFrame(look);
      }),
    [`/w/${workspaceId}/${place}`, title] as const,
  );
}

/** Nothing is loading or being worked out again. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"], [data-stale="true"]') === null);
  await page.waitForLoadState('networkidle');
}

/** The wheel through the list of everybody, some ten thousand pixels at a time. */
async function scrollFigures(context: BrowserContext, address: string): Promise<readonly Figure[]> {
  const page = await context.newPage();
  await page.goto(address);
  const rows = page.getByRole('table');
  await rows.getByRole('row').nth(5).waitFor();
  const session = await context.newCDPSession(page);
  const box = await rows.boundingBox();
  const runs: { readonly p95: number; readonly worst: number; readonly wall: number }[] = [];
  for (let run = 0; run < SCROLLS; run += 1) {
    const { processorMs, wallMs } = await traceFrames(session, async () => {
      await session.send('Input.synthesizeScrollGesture', {
        x: (box?.x ?? 0) + 200,
        y: 600,
        yDistance: -scrolledPixels,
        speed: scrolledPixels / 4,
        gestureSourceType: 'mouse',
      });
    });
    runs.push({ p95: quantile(processorMs, 0.95), worst: Math.max(...processorMs), wall: quantile(wallMs, 0.95) });
  }
  await page.close();
  const figure = (name: string, value: (run: (typeof runs)[number]) => number): Figure =>
    figureOf({ name, unit: 'ms', n: SCROLLS, runs: runs.map((run) => ({ value: value(run) })) });
  return [
    figure('ui.scroll-frame-p95', ({ p95 }) => p95),
    figure('ui.scroll-frame-worst', ({ worst }) => worst),
    figure('ui.scroll-frame-p95-by-the-clock', ({ wall }) => wall),
  ];
}

const scrolledPixels = 40_000;
