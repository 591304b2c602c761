import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import type { SampleView } from '../../shared/bridge/views.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import { forgetDays } from '../projections/usage-rollup.ts';
import { appendRecords, putRecord } from '../database/append.ts';
import { readRecords } from '../database/stored-rows.ts';
import { keepAlerts } from './alert-records.ts';
import { everyWorkspace } from './change-signal.ts';
import { openHolidays } from '../../shared/holidays/holidays.ts';
import { orderDocument } from './orders.ts';
import { problem } from './problems.ts';
import type { ReplicaState } from './replica-state.ts';
import { sampleAlerts } from './sample-alerts.ts';
import type { SamplePlatform } from './sample-people.ts';
import { sampleScripts } from './sample-platforms.ts';
import { sampleAdmin } from './sample-terms.ts';
import { tellSample, type SampleWorkspace } from './sample-workspace.ts';
import { setMe } from './settings.ts';
import { importNote } from './usage-events.ts';

/**
 * A company that never was, with a year of use at four platforms up to now: to look at, and to remove with one click. Its
 * workspaces and their lines are marked as sample data, and stay on this computer. The first workspace is there when
 * `create` answers; the others follow while the person looks at it.
 */
export class SampleTeam {
  readonly #state: ReplicaState;
  #creating: Promise<{ readonly workspaceId: string }> | null = null;
  #making: { readonly stop: AbortController; readonly done: Promise<void> } | null = null;
  #progress: SampleView['filling'] = null;

  /** `resumes` takes up a sample whose making was cut off: what is half there is made anew. */
  constructor(state: ReplicaState, options: { readonly resumes: boolean }) {
    this.#state = state;
    if (options.resumes && noteOf(state) !== null) this.#fillOn();
  }

  /** Makes the sample, or answers the one that is there. `platforms` makes no more than these. */
  create(platforms?: readonly SamplePlatform[]): Promise<{ readonly workspaceId: string }> {
    this.#creating ??= this.#create(platforms).finally(() => {
      this.#creating = null;
    });
    return this.#creating;
  }

  async #create(platforms?: readonly SamplePlatform[]): Promise<{ readonly workspaceId: string }> {
    const known = this.#workspaces()[0];
    if (known) return { workspaceId: known.id };
    const state = this.#state;
    await openHolidays();
    const scripts = sampleScripts.filter(({ platform }) => platforms?.includes(platform) ?? true);
    const note: SampleNote = {
      at: state.clock(),
      timeZone: state.options.timeZone,
      missing: scripts.map(({ platform }) => ({ platform, workspaceId: state.ids.fresh() })),
    };
    await keepNote(state, note);
    const first = note.missing[0];
    if (!first) throw problem('wrong-input', 'No platform of the sample was named.', { todo: 'Name one of them.' });
    try {
      await this.#make(note, new AbortController().signal, 1);
    } catch (error) {
      await this.#clear([first.workspaceId]);
      await dropNote(state);
      throw error;
    }
    this.#fillOn();
    return { workspaceId: first.workspaceId };
  }

  view(): SampleView {
    return { workspaceIds: this.#workspaces().map(({ id }) => id), filling: this.#progress };
  }

  /** Resolves when all of it is there. */
  async filled(): Promise<void> {
    await this.#making?.done;
  }

  /** Removes everything of the sample team, and nothing else: what people entered is never deleted. */
  async remove(workspaceId: string): Promise<{ readonly removed: boolean }> {
    const state = this.#state;
    const workspace = state.workspace(workspaceId);
    if (!workspace.sample) {
      throw problem('refused', `“${workspace.name}” is no sample team, and only those can be removed.`, {
        todo: 'Leave it as it is.',
      });
    }
    await this.#stop();
    const missing = noteOf(state)?.missing.map((one) => one.workspaceId) ?? [];
    await state.inTurn(() => this.#clear([...this.#workspaces().map(({ id }) => id), ...missing]));
    await dropNote(state);
    state.signal.changed(everyWorkspace);
    return { removed: true };
  }

  /** To be awaited before the database is closed. What is still missing follows at the next start. */
  async close(): Promise<void> {
    await this.#creating?.catch(() => undefined);
    await this.#stop();
  }

  #workspaces() {
    return this.#state.workspaces().filter(({ sample }) => sample);
  }

  async #stop(): Promise<void> {
    this.#making?.stop.abort();
    await this.#making?.done;
  }

  /** Makes what is missing, in the background. */
  #fillOn(): void {
    const stop = new AbortController();
    const fill = async (): Promise<void> => {
      try {
        for (let note = noteOf(this.#state); note && !stop.signal.aborted; note = noteOf(this.#state)) {
          await openHolidays();
          await this.#state.inTurn(() => this.#clear(note?.missing.map((one) => one.workspaceId) ?? []));
          await this.#make(note, stop.signal, sampleScripts.length);
        }
      } catch {
        // It was stopped, or the disk is in the way: what is missing follows at the next start.
      }
      this.#progress = null;
      this.#making = null;
      this.#tell();
    };
    this.#making = { stop, done: fill() };
  }

  /** Makes the first so many of those that are missing, and notes each that is there. */
  async #make(note: SampleNote, stop: AbortSignal, count: number): Promise<void> {
    const state = this.#state;
    const giveWay = async (): Promise<void> => {
      await nextTurn();
      stop.throwIfAborted();
    };
    const total = sampleScripts.length;
    for (const [place, { platform, workspaceId }] of note.missing.slice(0, count).entries()) {
      const script = sampleScripts.find((known) => known.platform === platform);
      const rest = note.missing.slice(place + 1);
      const before = total - rest.length - 1;
      this.#progress = { done: before, of: total };
      this.#tell();
      if (script) {
        const told = await tellSample(state, script, { workspaceId, now: note.at, zone: note.timeZone, giveWay });
        await state.inTurn(() => write(state, told, { now: note.at, giveWay }));
      }
      if (rest.length === 0) await dropNote(state);
      else await keepNote(state, { ...note, missing: rest });
    }
    this.#progress = null;
    this.#tell();
  }

  #tell(): void {
    this.#state.signal.changed(everyWorkspace);
  }

  async #clear(workspaceIds: readonly string[]): Promise<void> {
    const state = this.#state;
    const { rx } = state.database;
    const ofSample = { workspaceId: { $in: [...workspaceIds] } };
    // The workspaces go last: whatever cuts this off, what is left can be removed again.
    const collections = [
      rx.transactions,
      rx.changes,
      rx.pools,
      rx.orders,
      rx.readings,
      rx.refusals,
      rx.settings,
      rx.workspaces,
    ];
    for (const collection of collections) {
      const documents = await collection.find({ selector: ofSample }).exec();
      for (let from = 0; from < documents.length; from += removedAtOnce) {
        await collection.bulkRemove(documents.slice(from, from + removedAtOnce).map((document) => document.primary));
        await nextTurn();
      }
      if (documents.length === 0) continue;
      // Nobody else has ever seen these documents, so not even their graves are kept.
      let clean = false;
      while (!clean) clean = await collection.storageInstance.cleanup(0);
    }
    for (const workspaceId of workspaceIds) {
      forgetDays(state.database.connection, workspaceId);
      state.forgetWorkspace(workspaceId);
    }
  }
}

/** Writes a workspace that was told: all that is beside it first, then its lines, and itself last. */
async function write(
  state: ReplicaState,
  told: SampleWorkspace,
  { now, giveWay }: { readonly now: Instant; readonly giveWay: () => Promise<void> },
): Promise<void> {
  const { record, changes, lines, orders, refusals, readings, imports, pools } = told;
  const { id: workspaceId, timeZone } = record;
  await appendRecords(state.database, 'orders', orders.map(orderDocument));
  await appendRecords(
    state.database,
    'refusals',
    refusals.map(({ action, teamId, credits, reasons }) => ({
      id: state.ids.fresh(),
      workspaceId,
      body: {
        at: action.at,
        feature: action.feature,
        variant: action.variant,
        quantity: action.quantity,
        memberId: action.memberId,
        teamId,
        recordedAt: action.at,
        authorId: action.memberId,
        credits,
        reasons,
      },
    })),
  );
  await appendRecords(
    state.database,
    'readings',
    readings.map(({ id, at, used }) => ({ id, workspaceId, body: { at, used } })),
  );
  await appendRecords(
    state.database,
    'settings',
    imports.map((note) => importNote(state, workspaceId, note)),
  );
  await keepAlerts(state, workspaceId, sampleAlerts(told, now, timeZone));
  await state.addWorkspace(record, changes, lines, giveWay);
  state.adoptPools(workspaceId, pools);
  await setMe(state, workspaceId, sampleAdmin ?? null);
}

/** What of a sample is not there yet. It is on disk before the first of it is. */
interface SampleNote {
  readonly at: Instant;
  readonly timeZone: string;
  readonly missing: readonly { readonly platform: string; readonly workspaceId: string }[];
}

const noteId = 'sample';

async function keepNote(state: ReplicaState, note: SampleNote): Promise<void> {
  await putRecord(state.database, 'settings', { id: noteId, workspaceId: '', body: { ...note } });
}

async function dropNote({ database }: ReplicaState): Promise<void> {
  const { settings } = database.rx;
  await settings.bulkRemove([noteId]);
  let clean = false;
  while (!clean) clean = await settings.storageInstance.cleanup(0);
}

function noteOf(state: ReplicaState): SampleNote | null {
  const [record] = readRecords(state.database, 'settings', 'id=?', [noteId]);
  const note = noteSchema.safeParse(record?.body);
  return note.success && note.data.missing.length > 0 ? note.data : null;
}

const noteSchema = z.object({
  at: z.int().transform(instant),
  timeZone: z.string(),
  missing: z.array(z.object({ platform: z.string(), workspaceId: z.string() })),
});

const removedAtOnce = 2_000;
