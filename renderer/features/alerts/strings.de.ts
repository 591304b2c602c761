import type { TranslationOf } from '../../i18n/messages.ts';
import type { english } from './strings.ts';

export const german = {
  title: 'Meldungen',
  description: 'Was überschritten wurde und was geschah, jedes einmal gemeldet. Alles bleibt im Verlauf.',
  settings: 'Wählen, was gemeldet wird',
  seeAll: 'Alle als gesehen kennzeichnen',
  see: 'Als gesehen kennzeichnen',
  seeOne: 'Als gesehen kennzeichnen: {{headline}}',
  fresh: 'Neu',
  history: 'Verlauf',
  nothingNew: 'Nichts Neues. Früher Gemeldetes steht unten.',
  emptyTitle: 'Noch keine Meldungen',
  emptyBody:
    'Gemeldet wird hier, wenn der Verbrauch eine Schwelle erreicht, wenn Credits vor der Erneuerung ausgehen könnten, nach einer Erneuerung, bei Reservierungen, die auf Antwort warten, bei Bestellungen, wenn Sync feststeckt, und jeden Montag, wie die Woche war.',
  since: 'Beobachtet seit {{moment}}; was bis dahin geschehen war, wird nicht gemeldet.',
  waiting: 'Wartet auf das Ende der Ruhezeiten',
  off: 'Ausgeschaltet',
  places: { overview: 'Übersicht öffnen', subscription: 'Abo öffnen', sync: 'Sync öffnen' },
  placeOf: '{{place}}: {{headline}}',
} satisfies TranslationOf<typeof english>;
