import type { TranslationOf } from '../../i18n/messages.ts';
import type { english } from './alert-strings.ts';

export const german = {
  whose: ' von {{name}}',
  over: ', {{credits}} darüber',
  zone: '{{moment}} ({{zone}})',
  threshold: {
    allotment: '{{share}} des Kontingents{{whose}} sind verbraucht',
    allotmentUp: '{{share}} des Kontingents{{whose}} sind aufgebraucht',
    grants: '{{share}} der Gutschriften{{whose}} sind verbraucht',
    grantsUp: '{{share}} der Gutschriften{{whose}} sind aufgebraucht',
    detail: '{{used}} von {{of}} verbraucht{{over}}. Erneuerung am {{moment}}.',
    recovered: ' Inzwischen liegt der Verbrauch wieder darunter.',
  },
  runOut: {
    headline: 'Credits könnten vor der Erneuerung ausgehen: zu {{share}} wahrscheinlich',
    detail: '{{credits}} übrig bis {{moment}}.',
    when: ' Voraussichtlich am {{day}}.',
    whenBetween: ' Voraussichtlich am {{day}} (in vier von fünf Fällen zwischen {{from}} und {{to}}).',
  },
  reset: {
    headline: 'Ein neuer Zeitraum hat begonnen: Kontingent {{credits}}',
    detail: 'Im vorherigen verbraucht: {{credits}}{{over}}. Er endete am {{moment}}.',
  },
  expired: {
    headline: 'Eine Reservierung{{whose}} ist abgelaufen: {{credits}} sind wieder frei',
    detail: 'Sie endete am {{moment}} ohne Antwort. Was doch verbraucht wurde, lässt sich noch erfassen.',
  },
  expiring: {
    headline: 'Eine Reservierung{{whose}} läuft bald ab: {{credits}}',
    detail: 'Bis {{moment}} abbuchen oder freigeben; danach sind ihre Credits wieder frei.',
  },
  holdOpen: {
    headline: 'Eine Reservierung{{whose}} ist seit mehr als einem Tag offen: {{credits}}',
    detail: 'Sie begann am {{moment}}. Verbrauchtes abbuchen oder freigeben.',
  },
  order: {
    granted: 'Die Bestellung von {{pack}} wurde gutgeschrieben',
    grantedCredits: 'Die Bestellung von {{pack}} wurde gutgeschrieben: {{credits}}',
    refused: 'Die Bestellung von {{pack}} wurde abgelehnt',
    cancelled: 'Die Bestellung von {{pack}} wurde storniert',
    added: 'Die Credits lassen sich ausgeben.',
    notAdded: 'Keine Credits wurden gutgeschrieben.',
  },
  sync: {
    never: 'Er ist bisher nie gelungen.',
    last: 'Er gelang zuletzt am {{moment}}.',
    stopped: 'Sync ist angehalten: nichts wird gesendet, bis jemand nachsieht',
    stoppedNothing: '{{since}} Auf diesem Computer wartet nichts. Die Ansicht Sync sagt, was zu tun ist.',
    stoppedWaiting_one:
      '{{since}} {{count}} Eintrag ist nur auf diesem Computer und bleibt erhalten. Die Ansicht Sync sagt, was zu tun ist.',
    stoppedWaiting_other:
      '{{since}} {{count}} Einträge sind nur auf diesem Computer und bleiben erhalten. Die Ansicht Sync sagt, was zu tun ist.',
    stuck_one: 'Sync steckt fest: {{count}} Eintrag ist seit mehr als einem Tag nur auf diesem Computer',
    stuck_other: 'Sync steckt fest: {{count}} Einträge sind seit mehr als einem Tag nur auf diesem Computer',
    stuckDetail: '{{since}} Alles bleibt erhalten und wird von selbst erneut versucht. Die Ansicht Sync sagt, warum.',
  },
  digest: {
    headline: 'Die Woche vor dem {{day}}: {{credits}} verbraucht',
    detail: '{{before}} in der Woche davor.{{top}} {{available}} übrig bis {{moment}}.',
    top: ' Am meisten durch {{feature}}: {{credits}}.',
  },
} satisfies TranslationOf<typeof english>;
