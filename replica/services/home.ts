import type { HomeFigures, HomeRow, HomeView } from '../../shared/bridge/home-views.ts';
import { sum } from '../../shared/kernel/credits.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import { planAt } from '../../shared/ledger/schedule.ts';
import { unseenAlerts } from './alerts.ts';
import { balancesAt } from './balance-view.ts';
import { everyWorkspace } from './change-signal.ts';
import { forecastView } from './forecast-view.ts';
import { homeMoney, homeTotals } from './home-money.ts';
import { othersFirst } from './ledger-blocks.ts';
import { driftOf, latestReading } from './readings.ts';
import type { ReplicaState } from './replica-state.ts';
import { planEndedAt } from './workspace-view.ts';
import type { Workspace } from './workspace.ts';

/**
 * The figures of all workspaces, each worked out from what is kept beside its ledger: when somebody looks, when it
 * changed, and every minute, since time changes them too. Others are answered between one and the next.
 */
export class HomeFiguresKept {
  readonly #state: ReplicaState;
  readonly #kept = new Map<string, { readonly figures: HomeFigures | 'failed'; readonly madeAt: Instant }>();
  /** Changed since its figures were made. */
  readonly #outdated = new Set<string>();

  constructor(state: ReplicaState) {
    this.#state = state;
    state.signal.follow((workspaceId) => this.#outdated.add(workspaceId));
  }

  /** At once with the names and the figures that are there already, then with more of them, then after each change. */
  async *views(signal: AbortSignal | undefined): AsyncGenerator<HomeView> {
    const { connection } = this.#state.database;
    for await (const _tick of this.#state.signal.ticks(everyWorkspace, { signal, everyMs })) {
      const wanted = this.#wanted();
      let toldAtMs = performance.now();
      if (wanted.length > 1) yield this.#view();
      for (const workspace of wanted) {
        if (signal?.aborted === true) return;
        // Somebody else who looks may have had it made meanwhile.
        if (this.#isWanted(workspace)) this.#make(workspace);
        if (performance.now() - toldAtMs > betweenMs) {
          yield this.#view();
          toldAtMs = performance.now();
        }
        await othersFirst(connection);
      }
      yield this.#view();
    }
  }

  /** Those without figures first. */
  #wanted(): readonly Workspace[] {
    const wanted = this.#state.workspaces().filter((workspace) => this.#isWanted(workspace));
    return wanted.toSorted((left, right) => Number(this.#kept.has(left.id)) - Number(this.#kept.has(right.id)));
  }

  #isWanted({ id }: Workspace): boolean {
    const kept = this.#kept.get(id);
    if (kept === undefined || this.#outdated.has(id)) return true;
    const ageMs = this.#state.clock() - kept.madeAt;
    // A clock that was set back makes nothing newer.
    return ageMs < 0 || ageMs >= everyMs;
  }

  #make(workspace: Workspace): void {
    const madeAt = this.#state.clock();
    this.#outdated.delete(workspace.id);
    try {
      this.#kept.set(workspace.id, { figures: figuresOf(this.#state, workspace), madeAt });
    } catch (error) {
      if (!this.#state.database.connection.database.isOpen) throw error;
      // One that cannot be worked out says so in its place and keeps nobody from the others; opening it tells why.
      this.#kept.set(workspace.id, { figures: 'failed', madeAt });
    }
  }

  #view(): HomeView {
    const asOf = this.#state.clock();
    const workspaces = this.#state.workspaces();
    const known = new Set(workspaces.map(({ id }) => id));
    for (const id of this.#kept.keys()) if (!known.has(id)) this.#kept.delete(id);
    const rows = workspaces.map(({ id, name, platform, catalogue, index, timeZone, sample }): HomeRow => ({
      workspaceId: id,
      name,
      platform,
      platformName: catalogue.name,
      planName: planAt(index, asOf).plan.name,
      timeZone,
      sample,
      figures: this.#kept.get(id)?.figures ?? null,
    }));
    return { asOf, rows, totals: homeTotals(rows) };
  }
}

function figuresOf(state: ReplicaState, workspace: Workspace): HomeFigures {
  const { balance } = balancesAt(state, workspace, 'now');
  const { asOf: at, allotted, used, held, available, overage, usedEver, grants } = balance;
  const { asOf, resetAt, pace, runOut, quality, endOfPeriod } = forecastView(state, workspace, balance);
  const reading = latestReading(state, workspace, at);
  const byReset = endOfPeriod?.p50 ?? null;
  return {
    limit: planAt(workspace.index, at).plan.limit.kind,
    planEndedAt: planEndedAt(workspace, at),
    balance: { used, held, available, overage, usedEver, remaining: sum(grants.map(({ remaining }) => remaining)) },
    forecast: { asOf, resetAt, pace, runOut, quality },
    byReset,
    drift: reading === null ? null : { at: reading.at, credits: driftOf(state, workspace, reading) },
    alerts: unseenAlerts(state, workspace),
    lastUpdatedAt: state.lastRecordedAt(workspace.id),
    money: homeMoney(state, workspace, { at, allotted, available, used, pace, byReset }),
  };
}

const everyMs = 60_000;
/** How often what is there so far is told while the rest is worked out. */
const betweenMs = 150;
