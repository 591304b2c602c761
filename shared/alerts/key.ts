import type { Instant } from '../kernel/instant.ts';
import type { AlertFact } from './alert.ts';

/**
 * Names what was crossed: the same on every device and in what a server sends, so that who hears of it in several ways
 * can tell that it is one thing. It is told again under the same name only where it was re-armed. Null for what is told
 * of one person: its name would say whose it is.
 */
export function alertKey(fact: AlertFact): string | null {
  switch (fact.kind) {
    case 'threshold':
      return fact.memberId === null ? `threshold/${iso(fact.period.start)}/${fact.percent}` : null;
    case 'run-out':
      return `run-out/${iso(fact.resetAt)}`;
    case 'reset':
      return `reset/${iso(fact.resetAt)}`;
    case 'hold-expiring':
    case 'hold-open':
      return fact.memberId === null ? `${fact.kind}/${fact.holdId}` : null;
    case 'order-decided':
      return `order-decided/${fact.orderId}`;
    case 'sync-stuck':
      return `sync-stuck/${fact.lastSuccessAt === null ? 'never' : iso(fact.lastSuccessAt)}`;
    case 'digest':
      return `digest/${fact.monday}`;
  }
}

function iso(at: Instant): string {
  return new Date(at).toISOString();
}
