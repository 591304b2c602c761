import type { TranslationOf } from '../i18n/messages.ts';
import type { english } from './open-holds-strings.ts';

export const german = {
  title: 'Offene Reservierungen ({{count}})',
  description: 'Für laufende Arbeit zurückgelegte Credits. Angeben, was aus jeder geworden ist.',
  heldBy: 'reserviert von {{who}}',
  nobody: 'niemand Bestimmtem',
  other: 'jemand anderem',
  since: 'seit',
  givenBack: 'wird von selbst freigegeben',
  flagged: 'Seit mehr als 24 Stunden offen',
  captureAll: 'Alle {{credits}} abbuchen',
  capturePart: 'Teil abbuchen …',
  release: 'Freigeben',
  partLabel: 'Verbrauchte Credits',
  partDescription: 'Von {{held}} reservierten. Was nicht abgebucht wird, ist sofort wieder frei.',
  partSubmit: 'Abbuchen',
  partCancel: 'Abbrechen',
  named: '{{action}}: {{title}}',
  captured: '{{credits}} für {{title}} abgebucht.',
  released: '{{title}} freigegeben. Alle Credits sind wieder frei.',
  amountMissing: 'Eingeben, wie viele Credits verbraucht wurden.',
} satisfies TranslationOf<typeof english>;
