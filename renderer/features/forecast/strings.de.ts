import type { TranslationOf } from '../../i18n/messages.ts';
import type { english } from './strings.ts';

export const german = {
  title: 'Prognose',
  description: 'Wie sie entsteht und wie oft sie zutraf.',
  openSettings: 'Arbeitstage und Feiertage',

  record: {
    title: 'Bilanz der Prognose',
    description:
      'Was die Prognose über frühere Wochen gesagt hätte, jeweils nur aus den Tagen davor, neben dem tatsächlichen Verbrauch.',
    held: 'Spanne traf zu',
    heldValue: '{{inside}} von {{count}}',
    heldShare: '{{share}}; 8 von 10 sollen es sein',
    below: 'Weniger verbraucht',
    above: 'Mehr verbraucht',
    ofForecasts: 'als die Spanne sagte',
    miss: 'Die Mitte lag daneben um',
    missHint: 'in der Hälfte der Fälle um weniger',
    plainMiss: 'Das einfache Tempo lag daneben um',
    plainMissHint: 'der Durchschnitt von vier Wochen, fortgeschrieben',
    none: '–',
    tooLittle: 'Zu früh für ein Urteil',
    tooLittleBody:
      '{{count}} von {{needed}} früheren Prognosen lassen sich bisher beurteilen. Mit jeder Woche, vor der zwei Wochen Verbrauch liegen, kommt eine hinzu, sobald ihre Tage vorbei sind.',
    short: {
      title: 'Für kürzere Zeiten',
      span: 'Prognosen für',
      days: '{{days}} Tage',
      reset: 'Bis zur Erneuerung',
      count: 'Anzahl',
      held: 'Spanne traf zu',
      below: 'Weniger verbraucht',
      above: 'Mehr verbraucht',
      miss: 'Mitte daneben um',
      plainMiss: 'Einfaches Tempo daneben um',
    },
    small: 'Für einen Anteil sind es zu wenige.',
  },

  how: {
    title: 'So wird gerechnet',
    steps: [
      {
        name: 'Eine übliche Woche',
        body: 'Aus dem Verbrauch vergangener Tage lernt Fuelgauge, wie viel jeder Wochentag verbraucht. Jüngere Wochen zählen mehr; ein einzelner ungewöhnlicher Sonntag ist noch kein Muster.',
      },
      {
        name: 'Das heutige Niveau',
        body: 'Wie viel zurzeit verbraucht wird: vor allem die letzten zwei Monate, ein Viertel davon die letzten zwei Wochen. Einem Anstieg oder Rückgang wird gefolgt, ohne ihn fortzuschreiben.',
      },
      {
        name: 'Abweichende Tage',
        body: 'An geschlossenen Tagen und Feiertagen wird nichts erwartet, an halben Tagen die Hälfte. Tage, an denen ein hartes Limit Arbeit ablehnte, zählen nicht mit: niemand weiß, wie viel verbraucht worden wäre.',
      },
      {
        name: '400 mögliche Verläufe',
        body: 'Jeder beginnt auf einem etwas anderen Niveau, umso mehr, je weniger bekannt ist, und spielt Abschnitte dessen nach, was wirklich geschah, samt Schüben und ruhigen Phasen.',
      },
      {
        name: 'Was zu sehen ist',
        body: 'Die Mitte dieser Verläufe ist das gezeigte Datum oder die gezeigte Zahl; acht von zehn liegen in der Spanne; die Wahrscheinlichkeit ist der Anteil, in dem die Credits vor der Erneuerung ausgehen. Reservierte Credits gelten als verbraucht, Pakete und kommende Kontingente als vorhanden.',
      },
    ],
    thresholds: {
      title: 'Wie viel gesagt wird',
      lines: [
        'Kein ganzer Tag mit Verbrauch: nichts.',
        '1 bis 6 Tage: das Tempo, kein Datum.',
        '7 bis 13 Tage: eine Spanne, als frühe Schätzung gekennzeichnet.',
        'Ab 14 Tagen: ein Datum mit Spanne und Wahrscheinlichkeit.',
      ],
    },
    limits: {
      title: 'Was sie nicht wissen kann',
      lines: [
        'Neue Personen, ein neues Werkzeug, ein endendes Projekt: das zeigt sich erst Tage später im Verbrauch.',
        'Eine Saison, die einmal im Jahr kommt.',
        'Noch nicht erfassten oder importierten Verbrauch. Späte Einträge zählen an dem Tag, zu dem sie gehören; die Bilanz oben beruht also auf dem, was heute gebucht ist.',
      ],
    },
    same: 'Dieselben Daten ergeben auf jedem Computer dieselben Zahlen. Nichts verlässt diesen hier.',
  },
} satisfies TranslationOf<typeof english>;
