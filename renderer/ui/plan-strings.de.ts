import type { TranslationOf } from '../i18n/messages.ts';
import type { english } from './plan-strings.ts';

export const german = {
  seats: 'Plätze',
  every: { month: 'pro Monat', year: 'pro Jahr', months: 'alle {{months}} Monate' },
  bySeats: 'Nach Zahl der Plätze, {{every}}',
  byBracket: '{{from}} bis {{to}} {{every}}, nach Zahl der Plätze',
  perRole: '{{credits}} Credits je {{role}}',
  ownPools: '{{sentence}}, für jede Person eigene',
  sharedPool: '{{sentence}}, gemeinsam',
  fixed: '{{credits}} {{every}}',
  fixedWithFirst: '{{credits}} {{every}}, {{first}} im ersten Zeitraum',
  entered: 'Laut Vertrag oder Kontoseite; der Wert wird eingetragen',
  none: 'Nur vorausbezahlte Credits, nichts Wiederkehrendes',
  utc: 'UTC',
  workspaceZone: 'Zeit des Workspace',
  resetOnMonth: {
    month: 'Am 1. jedes Kalendermonats ({{zone}})',
    months: 'Alle {{months}} Monate am 1. ({{zone}})',
  },
  resetOnAnchor: {
    month: 'Monatlich, gezählt ab {{anchor}} ({{zone}})',
    year: 'Jährlich, gezählt ab {{anchor}} ({{zone}})',
    months: 'Alle {{months}} Monate, gezählt ab {{anchor}} ({{zone}})',
  },
  soft: 'Weiches Limit: Verbrauch über die Credits hinaus geht weiter und wird als Mehrverbrauch gezeigt.',
  hard: 'Hartes Limit: Über die Credits hinaus wird nichts freigegeben. Was trotzdem geschah, wird als Mehrverbrauch gebucht.',
  bracket: '{{from}} bis {{to}} Plätze',
  anchors: {
    billing: 'Abrechnungsdatum',
    renewal: 'Verlängerungsdatum',
    signUp: 'Registrierung',
    subscription: 'Beginn des Abos',
    creation: 'Anlage des Workspace',
    other: 'Startdatum',
  },
} satisfies TranslationOf<typeof english>;
