// What the tray and the notifications show, worked out where the data is and sent whenever it has changed.
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../shared/bridge/contract.ts';
import type { BalanceView, ForecastView, WorkspaceSummary } from '../shared/bridge/views.ts';
import { formatDecimal, sum, toApproximateNumber, type Credits } from '../shared/kernel/credits.ts';
import type { Instant } from '../shared/kernel/instant.ts';
import type { DeskAlert, Meter, MessageFromReplica } from './replica-messages.ts';
import { strings } from './strings.ts';

export interface DesktopFeedOptions {
  readonly client: ContractRouterClient<Contract>;
  readonly tell: (message: MessageFromReplica) => void;
  /** Ends the feed. */
  readonly signal: AbortSignal;
  /** Resolves after so many milliseconds, or when the feed ends. */
  readonly wait: (milliseconds: number) => Promise<void>;
  /** For the words; the system's unless given. */
  readonly timeZone?: string;
}

/** A tray is looked at now and then: more often would only take time from the page. */
const BETWEEN_MS = 2_000;
/** While the data is not open, there is nothing to follow. */
const AGAIN_MS = 5_000;

/** Sends meters and alerts until `signal` aborts. Data that is closed and opened again is followed again. */
export async function feedDesktop(options: DesktopFeedOptions): Promise<void> {
  const { client, tell, signal, wait } = options;
  while (!signal.aborted) {
    try {
      for await (const workspaces of await client.workspaces.listLive(undefined, { signal })) {
        // What is made up stands for nothing that is real: its meters give way to it, and it never interrupts anybody.
        const real = workspaces.filter(({ sample }) => !sample);
        tell({ kind: 'meters', meters: await metersOf(options, real.length === 0 ? workspaces : real) });
        const alerts = await alertsOf(options, real);
        if (alerts.length > 0) tell({ kind: 'alerts', alerts });
        await wait(BETWEEN_MS);
      }
    } catch {
      // The data cannot be asked just now; the page says why.
    }
    if (signal.aborted) return;
    tell({ kind: 'meters', meters: [] });
    await wait(AGAIN_MS);
  }
}

async function metersOf(
  { client, signal, timeZone }: DesktopFeedOptions,
  workspaces: readonly WorkspaceSummary[],
): Promise<readonly Meter[]> {
  const meters: Meter[] = [];
  for (const { id: workspaceId, name } of workspaces) {
    const [balance, forecast] = await Promise.all([
      client.balance.get({ workspaceId }, { signal }),
      client.forecast.get({ workspaceId }, { signal }),
    ]);
    meters.push({ workspaceId, name, ...meterOf(balance, forecast, timeZone) });
  }
  return meters.toSorted((left, right) => (left.share ?? 1) - (right.share ?? 1));
}

/** Where the data is only read nothing can be marked as told, so nothing is told. */
async function alertsOf(
  { client, signal }: DesktopFeedOptions,
  workspaces: readonly WorkspaceSummary[],
): Promise<readonly DeskAlert[]> {
  const { mode } = await client.recovery.status(undefined, { signal });
  if (mode !== 'open') return [];
  const alerts: DeskAlert[] = [];
  for (const { id: workspaceId, name: workspaceName } of workspaces) {
    for (const { headline, detail, place } of await client.alerts.take({ workspaceId }, { signal })) {
      alerts.push({ workspaceId, workspaceName, headline, detail, place });
    }
  }
  return alerts;
}

/** The figures of a workspace as the tray says them. */
export function meterOf(
  { balance }: Pick<BalanceView, 'balance'>,
  forecast: Pick<ForecastView, 'asOf' | 'resetAt' | 'quality' | 'runOut'>,
  timeZone?: string,
): Pick<Meter, 'share' | 'tone' | 'balance' | 'runOut'> {
  const remaining = sum(balance.grants.map((grant) => grant.remaining));
  const usedWithin = Math.max(0, toApproximateNumber(balance.used) - toApproximateNumber(balance.overage));
  const capacity = usedWithin + toApproximateNumber(remaining);
  const available = toApproximateNumber(balance.available);
  const share = capacity <= 0 ? null : Math.min(1, Math.max(0, available / capacity));
  const empty = balance.available <= 0 && balance.usedEver > 0;
  const probability = forecast.runOut?.probability ?? 0;
  const tight = balance.usedEver > 0 && probability >= 0.5;
  const day = (at: Instant): string =>
    new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', ...(timeZone === undefined ? {} : { timeZone }) }).format(
      at,
    );
  return {
    share,
    tone: empty ? 'empty' : tight ? 'tight' : 'calm',
    balance:
      balance.overage > 0
        ? strings.meter.over(inWords(balance.overage))
        : strings.meter.left(inWords(balance.available), grouped.format(capacity)),
    runOut: runOutWords({ empty, tight, forecast, day }),
  };
}

function runOutWords({
  empty,
  tight,
  forecast,
  day,
}: {
  readonly empty: boolean;
  readonly tight: boolean;
  readonly forecast: Pick<ForecastView, 'resetAt' | 'quality' | 'runOut'>;
  readonly day: (at: Instant) => string;
}): string {
  const reset = day(forecast.resetAt);
  const at = forecast.runOut?.p50 ?? null;
  if (empty) return strings.meter.usedUp(reset);
  if (tight) return at === null ? strings.meter.mayNotLast(reset) : strings.meter.runsOut(day(at));
  // Too few days for a forecast: no more than what is certain is said.
  if (forecast.quality === 'none' || forecast.quality === 'pace-only') return strings.meter.reset(reset);
  return strings.meter.lasts(reset);
}

const grouped = new Intl.NumberFormat('en');

function inWords(value: Credits): string {
  return grouped.format(formatDecimal(value));
}
