import type { z } from 'zod';
import type { AlertFact } from '../../shared/alerts/alert.ts';
import { isDelivered } from '../../shared/alerts/delivery.ts';
import { look } from '../../shared/alerts/look.ts';
import { alertSentences, type AlertWording } from '../../shared/alerts/sentence.ts';
import type { Watch } from '../../shared/alerts/watch.ts';
import type { AlertSettingsView, AlertsView, AlertView } from '../../shared/bridge/alert-views.ts';
import type { alertDismissInput, alertSettingsInput } from '../../shared/bridge/inputs.ts';
import { parseInstant, type Every, type Instant } from '../../shared/kernel/instant.ts';
import {
  alertSettings,
  keepAlerts,
  keepAlertSettings,
  noteRulesChanged,
  keptAlerts,
  preferencesOf,
  type KeptAlert,
  type KeptAlerts,
} from './alert-records.ts';
import { courseKey, sightOf } from './alert-sight.ts';
import { wordingFor } from './log-usage.ts';
import { peopleFor, type People } from './people.ts';
import type { ReplicaState } from './replica-state.ts';
import { whoAmI } from './settings.ts';
import type { Workspace } from './workspace.ts';

/** Tells when the computer woke; what it answers ends that. */
interface Wake {
  readonly follow: (listener: () => void) => () => void;
}

/** Looks for what is to be told: soon after every change, and every minute. */
export class AlertEngine {
  readonly #state: ReplicaState;
  readonly #readOnly: boolean;
  /** What this process remembers; the file has the rest. */
  readonly #memory = new Map<string, { watch: Watch; until: Map<string, Instant>; lookedAt: Instant }>();
  readonly #changed = new Set<string>();
  #stop: (() => void)[] = [];
  #closed = false;
  #soon: NodeJS.Timeout | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(state: ReplicaState, options: { readonly readOnly: boolean }) {
    this.#state = state;
    this.#readOnly = options.readOnly;
  }

  /** Looks at once, and from now on until it is closed. */
  start(every: Every, wake: Wake): void {
    if (this.#readOnly) return;
    this.#stop = [
      every(everyMs, () => this.#lookSoon(this.#ids())),
      // Timers stand still while a computer sleeps.
      wake.follow(() => this.#lookSoon(this.#ids())),
      this.#state.signal.follow((workspaceId) => this.#lookSoon([workspaceId])),
    ];
    this.#lookSoon(this.#ids());
  }

  get running(): boolean {
    return this.#stop.length > 0 && !this.#closed;
  }

  /** To be awaited before the database is closed. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#soon);
    for (const stop of this.#stop) stop();
    await this.#last;
  }

  /** Looks at a workspace now. Does nothing where the data is only read. */
  async look(workspaceId: string): Promise<void> {
    if (this.#readOnly) return;
    await this.#state.inTurn(async () => {
      if (this.#closed) return;
      const workspace = this.#state.workspaces().find(({ id }) => id === workspaceId);
      // What is still being brought here was not crossed while this computer watched.
      if (this.#state.sync.workspace(workspaceId)?.body.pulled === false) return;
      if (workspace) await this.#lookAt(workspace);
      else this.#memory.delete(workspaceId);
    });
  }

  async #lookAt(workspace: Workspace): Promise<void> {
    const state = this.#state;
    const kept = keptAlerts(state, workspace.id);
    const memory = kept === null ? undefined : this.#memory.get(workspace.id);
    const watch = memory?.watch ?? kept?.watch ?? null;
    const until = memory?.until ?? new Map<string, Instant>();
    const { rules } = alertSettings(state, workspace.id);
    const sight = sightOf(state, workspace, { watch, until, lookedAt: memory?.lookedAt ?? null }, rules.thresholds);
    const looked = look(watch, sight, rules);
    if (kept === null || looked.alerts.length > 0 || toldIn(looked.watch) !== toldIn(kept.watch)) {
      const fresh = looked.alerts.map((alert): KeptAlert => ({ ...alert, seenAt: null, takenAt: null }));
      await keepAlerts(state, workspace.id, { watch: looked.watch, alerts: [...(kept?.alerts ?? []), ...fresh] });
    }
    // Only once it is on disk: what could not be stored is seen again.
    const courses = sight.uses.map((use) => [courseKey(use.poolId, use.period.start), use.until] as const);
    this.#memory.set(workspace.id, { watch: looked.watch, until: new Map(courses), lookedAt: sight.at });
    if (kept === null || looked.alerts.length > 0) state.signal.changed(workspace.id);
  }

  #ids(): readonly string[] {
    return this.#state.workspaces().map(({ id }) => id);
  }

  /** Several changes in a row are looked at once. */
  #lookSoon(workspaceIds: readonly string[]): void {
    if (this.#closed) return;
    for (const id of workspaceIds) this.#changed.add(id);
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      const ids = [...this.#changed];
      this.#changed.clear();
      this.#last = this.#lookAtAll(ids);
    }, burstMs).unref();
  }

  async #lookAtAll(workspaceIds: readonly string[]): Promise<void> {
    for (const id of workspaceIds) {
      // What is in the way now, as a full disk, will be out of the way at a later look, which sees the same.
      await this.look(id).catch(() => undefined);
    }
  }
}

/** What was told and seen so far, newest first, in words. */
export function alertsView(state: ReplicaState, workspaceId: string): AlertsView {
  const workspace = state.workspace(workspaceId);
  const asOf = state.clock();
  const preferences = preferencesOf(alertSettings(state, workspaceId), whoAmI(state, workspaceId));
  const given = { preferences, now: asOf, zone: state.options.timeZone };
  const people = peopleFor(state, workspace);
  const wording = alertWording(workspace, people);
  const kept = keptAlerts(state, workspaceId);
  const shown = shownTo(people, kept);
  const alerts = shown.toReversed().map(({ id, at, fact, seenAt }): AlertView => {
    const { kind } = fact;
    const told = isDelivered({ at, kind }, given) ? 'told' : preferences.kinds[kind] ? 'waiting' : 'off';
    return { id, at, fact, ...alertSentences(fact, wording), seen: seenAt !== null, told, place: placeOf(fact) };
  });
  const since = kept?.watch.since ?? null;
  return {
    workspaceId,
    asOf,
    since,
    unseen: alerts.filter(({ seen, told }) => !seen && told === 'told').length,
    alerts,
  };
}

/** How many the person at this computer was told of and has not seen. */
export function unseenAlerts(state: ReplicaState, workspace: Workspace): number {
  const preferences = preferencesOf(alertSettings(state, workspace.id), whoAmI(state, workspace.id));
  const given = { preferences, now: state.clock(), zone: state.options.timeZone };
  const shown = shownTo(peopleFor(state, workspace), keptAlerts(state, workspace.id));
  return shown.filter(({ at, fact, seenAt }) => seenAt === null && isDelivered({ at, kind: fact.kind }, given)).length;
}

/** What is told of one person is not told to who may not see what that person does. */
function shownTo(people: People, kept: KeptAlerts | null): readonly KeptAlert[] {
  return (kept?.alerts ?? []).filter(({ fact }) => {
    const memberId = 'memberId' in fact ? fact.memberId : null;
    return memberId === null || people.person(memberId);
  });
}

export function alertSettingsView(state: ReplicaState, workspaceId: string): AlertSettingsView {
  const { id } = state.workspace(workspaceId);
  const settings = alertSettings(state, id);
  return { rules: settings.rules, preferences: preferencesOf(settings, whoAmI(state, id)) };
}

/** Stores what is given over what there is. */
export async function setAlertSettings(
  state: ReplicaState,
  given: z.output<typeof alertSettingsInput>,
): Promise<AlertSettingsView> {
  const { id } = state.workspace(given.workspaceId);
  const { rules, people } = alertSettings(state, id);
  const meId = whoAmI(state, id);
  const mine = preferencesOf({ rules, people }, meId);
  const thresholds = given.thresholds ?? rules.thresholds;
  const after = {
    thresholds: [...new Set(thresholds)].toSorted((left, right) => left - right),
    runOutPercent: given.runOutPercent ?? rules.runOutPercent,
    holdMinutes: given.holdMinutes ?? rules.holdMinutes,
  };
  if (JSON.stringify(after) !== JSON.stringify(rules)) {
    const change = { id: state.ids.fresh(), at: state.clock(), authorId: meId, before: rules, after };
    await noteRulesChanged(state, id, change);
  }
  await keepAlertSettings(state, id, {
    rules: after,
    people: {
      ...people,
      [meId ?? '']: {
        kinds: { ...mine.kinds, ...given.kinds },
        quietHours: given.quietHours ?? mine.quietHours,
      },
    },
  });
  state.signal.changed(id);
  return alertSettingsView(state, id);
}

/** Marks as seen those that are named, or all that the person was told of. */
export async function dismissAlerts(
  state: ReplicaState,
  given: z.output<typeof alertDismissInput>,
): Promise<{ readonly dismissed: number }> {
  const view = alertsView(state, given.workspaceId);
  const kept = keptAlerts(state, given.workspaceId);
  const chosen = new Set(given.ids ?? view.alerts.filter(({ told }) => told !== 'waiting').map(({ id }) => id));
  const marked = kept?.alerts.filter(({ id, seenAt }) => seenAt === null && chosen.has(id)) ?? [];
  if (kept === null || marked.length === 0) return { dismissed: 0 };
  const seenAt = state.clock();
  const alerts = kept.alerts.map((alert) => (marked.includes(alert) ? { ...alert, seenAt } : alert));
  await keepAlerts(state, given.workspaceId, { ...kept, alerts });
  state.signal.changed(given.workspaceId);
  return { dismissed: marked.length };
}

/**
 * What is to be shown on the desktop, oldest first: told, not seen, and not taken before. It is marked before it is
 * answered: whatever happens then, nothing is shown twice, and the bell still has it.
 */
export async function takeAlerts(
  state: ReplicaState,
  { workspaceId }: { readonly workspaceId: string },
): Promise<readonly AlertView[]> {
  const view = alertsView(state, workspaceId);
  const kept = keptAlerts(state, workspaceId);
  const open = new Set(kept?.alerts.filter(({ takenAt }) => takenAt === null).map(({ id }) => id));
  const taken = view.alerts.filter(({ id, seen, told }) => open.has(id) && !seen && told === 'told').toReversed();
  if (kept === null || taken.length === 0) return [];
  const ids = new Set(taken.map(({ id }) => id));
  const takenAt = state.clock();
  const alerts = kept.alerts.map((alert) => (ids.has(alert.id) ? { ...alert, takenAt } : alert));
  await keepAlerts(state, workspaceId, { ...kept, alerts });
  return taken;
}

/** What has to be on disk; how far each course was looked at need not be. */
function toldIn(watch: Watch): string {
  const reached = watch.reached.map(({ poolId, periodStart, percents }) => ({ poolId, periodStart, percents }));
  return JSON.stringify({ ...watch, reached });
}

function placeOf({ kind }: AlertFact): AlertView['place'] {
  if (kind === 'sync-stuck') return 'sync';
  return kind === 'threshold' || kind === 'run-out' || kind === 'order-decided' ? 'subscription' : 'overview';
}

function alertWording(workspace: Workspace, { names }: People): AlertWording {
  const days = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', dateStyle: 'medium' });
  const ownDays = new Intl.DateTimeFormat('en-GB', { timeZone: workspace.timeZone, dateStyle: 'medium' });
  const percents = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 });
  return {
    ...wordingFor(workspace),
    day: (date) => {
      const parsed = parseInstant(date, 'UTC');
      return parsed.ok ? days.format(parsed.value) : date;
    },
    dayAt: (at) => ownDays.format(at),
    percent: (share) => percents.format(share),
    member: names.member,
  };
}

const everyMs = 60_000;
const burstMs = 250;
