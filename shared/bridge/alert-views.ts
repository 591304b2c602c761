import type { AlertFact, AlertRules } from '../alerts/alert.ts';
import type { AlertPreferences } from '../alerts/delivery.ts';
import type { Instant } from '../kernel/instant.ts';

export interface AlertsView {
  readonly workspaceId: string;
  readonly asOf: Instant;
  /** The first look, which told nothing; null before it. */
  readonly since: Instant | null;
  /** How many the person at this computer was told of and has not seen. */
  readonly unseen: number;
  /** Newest first, seen or not: the history. */
  readonly alerts: readonly AlertView[];
}

export interface AlertView {
  readonly id: string;
  readonly at: Instant;
  /** The figures, and the rule that they follow from. */
  readonly fact: AlertFact;
  readonly headline: string;
  readonly detail: string;
  readonly seen: boolean;
  /** `waiting` for the end of the quiet hours, `off` where the person switched its kind off. */
  readonly told: 'told' | 'waiting' | 'off';
  /** Where something can be done about it. */
  readonly place: 'overview' | 'subscription' | 'sync';
}

export interface AlertSettingsView {
  /** The same for everybody who uses this computer. */
  readonly rules: AlertRules;
  /** Of the person at this computer. */
  readonly preferences: AlertPreferences;
}
