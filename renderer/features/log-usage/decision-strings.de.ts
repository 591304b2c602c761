import type { TranslationOf } from '../../i18n/messages.ts';
import type { english } from './decision-strings.ts';

export const german = {
  free: 'Das kostet keine Credits.',
  covered: 'Der Pool deckt {{credits}}.',
  zone: '{{moment}} ({{zone}})',
  frees: '{{sentence}} Mehr wird am {{moment}} frei.',
  unknown: 'Der Katalog führt „{{subject}}“ für diese Plattform nicht.',
  noPrice: 'Diese Menge hat keinen Preis: sie muss größer als 0 und im Rahmen sein.',
  noPriceOf: '„{{subject}}“ hat noch keinen Preis. Im Katalog der Plattform eintragen.',
  role: 'Die Rolle „{{subject}}“ gibt bei dieser Plattform keine Credits aus.',
  addOn: 'Diese Funktion braucht die Zusatzoption „{{subject}}“, die aus ist.',
  cap: {
    day: 'Persönliche Obergrenze von {{limit}} pro Tag: {{headroom}} übrig, {{credits}} nötig.',
    week: 'Persönliche Obergrenze von {{limit}} pro Woche: {{headroom}} übrig, {{credits}} nötig.',
    period: 'Persönliche Obergrenze von {{limit}} pro Zeitraum: {{headroom}} übrig, {{credits}} nötig.',
  },
  budget: {
    day: 'Teambudget von {{limit}} pro Tag: {{headroom}} übrig, {{credits}} nötig.',
    week: 'Teambudget von {{limit}} pro Woche: {{headroom}} übrig, {{credits}} nötig.',
    period: 'Teambudget von {{limit}} pro Zeitraum: {{headroom}} übrig, {{credits}} nötig.',
  },
  poolOverage: 'Ohne Mehrverbrauch verfügbar: {{headroom}}, {{credits}} nötig.',
  pool: 'Im Pool übrig: {{headroom}}, {{credits}} nötig.',
  lease: {
    ended: 'Die Zeit ist um, in der dieser Computer offline aus diesem Pool ausgeben darf.',
    suspended:
      'Die Uhr dieses Computers wurde zurückgestellt; niemand weiß, wie lange er offline aus diesem Pool ausgeben darf.',
    tooSmall: 'Dieser Computer darf offline {{headroom}} aus diesem Pool ausgeben.',
    none: 'Dieser Computer darf offline nichts aus diesem Pool ausgeben.',
    needs: '{{sentence}} Nötig sind {{credits}}: online um mehr bitten.',
  },
} satisfies TranslationOf<typeof english>;
