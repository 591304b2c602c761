// An alert as it is sent: its figures and the same words as in the app, of the workspace and of nobody in particular.
import type { Alert, AlertFact } from '../../shared/alerts/alert.ts';
import { alertKey } from '../../shared/alerts/key.ts';
import { alertSentences, type AlertWording } from '../../shared/alerts/sentence.ts';
import { formatDecimal, microPerUnit, type Credits } from '../../shared/kernel/credits.ts';
import { parseInstant, type Instant } from '../../shared/kernel/instant.ts';

/** The text of a message. Credits are decimal numbers as text, instants are in UTC. No person is named in it. */
export function messageBody(
  { at, fact }: Alert,
  of: { readonly workspaceId: string; readonly workspaceName: string; readonly timeZone: string },
): string {
  const { workspaceId, workspaceName, timeZone } = of;
  const { headline, detail } = alertSentences(fact, wordingIn(timeZone));
  return JSON.stringify({
    type: `alert.${fact.kind}`,
    timestamp: iso(at),
    data: {
      workspace: { id: workspaceId, name: workspaceName },
      headline,
      detail,
      rule: fact.rule,
      key: alertKey(fact),
      figures: figuresOf(fact),
    },
  });
}

/** Of a message that only shows whether it arrives. */
export function trialBody(at: Instant): string {
  return JSON.stringify({ type: 'test', timestamp: iso(at), data: { headline: 'A message to try the webhook' } });
}

/** Whether something is told of a single person. [V1] */
export function isOfOnePerson(fact: AlertFact): boolean {
  return 'memberId' in fact && fact.memberId !== null;
}

function figuresOf(fact: AlertFact): Readonly<Record<string, unknown>> {
  switch (fact.kind) {
    case 'threshold': {
      const { percent, used, of, basis, period, recovered, memberId } = fact;
      const scope = memberId === null ? 'workspace' : 'person';
      return { percent, used: text(used), of: text(of), basis, resetAt: iso(period.end), recovered, scope };
    }
    case 'run-out': {
      const { probability, p10, p50, p90, available, resetAt } = fact;
      const days = { p10: isoOrNull(p10), p50: isoOrNull(p50), p90: isoOrNull(p90) };
      return { probability, ...days, available: text(available), resetAt: iso(resetAt) };
    }
    case 'reset': {
      const { resetAt, used, overage, allotted } = fact;
      return { resetAt: iso(resetAt), used: text(used), overage: text(overage), allotted: text(allotted) };
    }
    case 'hold-expiring': {
      const { holdId, credits, expiresAt, expired } = fact;
      return { holdId, credits: text(credits), expiresAt: iso(expiresAt), expired };
    }
    case 'hold-open': {
      const { holdId, credits, since } = fact;
      return { holdId, credits: text(credits), since: iso(since) };
    }
    case 'order-decided': {
      const { orderId, packName, outcome, credits } = fact;
      return { orderId, packName, outcome, credits: credits === null ? null : text(credits) };
    }
    case 'sync-stuck': {
      const { how, waiting, lastSuccessAt } = fact;
      return { how, waiting, lastSuccessAt: isoOrNull(lastSuccessAt) };
    }
    case 'digest': {
      const { monday, used, weekBeforeUsed, available, resetAt } = fact;
      const figures = { used: text(used), weekBeforeUsed: text(weekBeforeUsed), available: text(available) };
      return { monday, ...figures, resetAt: iso(resetAt) };
    }
  }
}

function wordingIn(timeZone: string): AlertWording {
  const moments = new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'medium', timeStyle: 'short' });
  const days = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', dateStyle: 'medium' });
  const ownDays = new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'medium' });
  const percents = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 });
  return {
    credits: (value) => `${figures.format(formatDecimal(value))} ${value === microPerUnit ? 'credit' : 'credits'}`,
    moment: (at) => `${moments.format(at)} (${timeZone})`,
    day: (date) => {
      const parsed = parseInstant(date, 'UTC');
      return parsed.ok ? days.format(parsed.value) : date;
    },
    dayAt: (at) => ownDays.format(at),
    percent: (share) => percents.format(share),
    member: () => 'one person',
  };
}

const figures = new Intl.NumberFormat('en', { maximumFractionDigits: 6 });

function text(value: Credits): string {
  return formatDecimal(value);
}

function iso(at: Instant): string {
  return new Date(at).toISOString();
}

function isoOrNull(at: Instant | null): string | null {
  return at === null ? null : iso(at);
}
