import type { TranslationOf } from '../../i18n/messages.ts';
import type { english } from './strings.ts';

export const german = {
  title: 'Verbrauch erfassen',
  description: 'Vor dem Erfassen sehen, was eine Aktion kostet und welche Gutschriften zahlen. Funktioniert ohne Netz.',

  form: {
    title: 'Was verbraucht wurde',
    feature: 'Funktion',
    featurePlaceholder: 'Zum Suchen tippen',
    featureNothing: 'Keine Funktion mit diesem Namen.',
    featureMissing: 'Wählen, was verbraucht wurde.',
    groups: {
      priced: 'Mit Preis',
      free: 'Kostenlos',
      unpriced: 'Noch ohne Preis',
      imported: 'Aus Importen bekannt',
    },
    rate: '{{credits}} je {{unit}}',
    rateFree: 'kostenlos',
    rateUnknown: 'kein Preis',
    rateMetered: 'von der Plattform gemessen',
    variant: 'Variante',
    variantOrdinary: 'Normal',
    variantRate: '{{name}} · {{rate}}',
    quantity: 'Menge',
    quantityIn: 'Menge ({{unit}})',
    quantityMissing: 'Eine Menge eingeben.',
    member: 'Mitglied',
    memberNothing: 'Niemand mit diesem Namen.',
    me: '{{name}} (ich)',
    left: '{{name}} (nicht mehr aktiv)',
    unattributed: 'Nicht zugeordnet',
    when: 'Wann',
    now: 'Jetzt',
    pick: 'Zu anderer Zeit',
    time: 'Datum und Uhrzeit in {{zone}}',
    timeMissing: 'Datum und Uhrzeit eingeben.',
    note: 'Notiz',
    notePlaceholder: 'Wofür es war',
    holdEnds: 'Reservierung freigeben',
    holdNever: 'Nie',
    holdHours: 'Nach {{hours}}',
    hours_one: '{{count}} Stunde',
    hours_other: '{{count}} Stunden',
  },

  preview: {
    title: 'Was es kostet',
    empty: 'Eine Funktion wählen, um ihren Preis zu sehen, die zahlenden Gutschriften und ob sie erlaubt ist.',
    working: 'Preis wird ermittelt …',
    credits: 'Credits',
    credit: 'Credit',
    unpriced: 'Kein Preis',
    sum: '{{quantity}} × {{rate}}',
    pricing: {
      listed: 'Preis laut Katalog vom {{version}}',
      assumed: 'Angenommen: der früheste bekannte Preis, vom {{version}}',
      estimate: 'Eine Schätzung: der Katalog führt diese Funktion nicht',
      metered: 'Von der Plattform gemessen',
    },
    outcome: { allowed: 'Erlaubt', 'allowed-overage': 'Erlaubt, als Mehrverbrauch', refused: 'Abgelehnt' },
    paidBy: 'Bezahlt aus',
    paidByNothing: 'Nichts zu zahlen.',
    leftAfter: 'Danach übrig',
    rules: 'Was jede Regel noch zulässt',
    rule: {
      'known-feature': 'Bekannte Funktion',
      priced: 'Preis',
      'platform-role': 'Plattformrolle',
      'feature-in-plan': 'Funktion im Tarif',
      'personal-cap': 'Persönliche Obergrenze',
      'team-budget': 'Teambudget',
      lease: 'Offline',
      pool: 'Pool',
    },
    frees: 'mehr am {{at}}',
    spoken: '{{credits}}. {{outcome}}.',
  },

  actions: {
    log: 'Erfassen',
    hold: 'Reservieren',
    happened: 'Ist schon geschehen',
    happenedHint:
      'Erfasst, was die Plattform schon berechnet hat. Wird nie abgelehnt; was über die Gutschriften hinausgeht, gilt als Mehrverbrauch.',
    happenedNamed:
      '„{{action}}“ erfasst, was die Plattform schon berechnet hat. Wird nie abgelehnt; was über die Gutschriften hinausgeht, gilt als Mehrverbrauch.',
    keys: { hold: 'Strg Eingabe', happened: 'Strg Umschalt Eingabe' },
    shortcuts: 'Eingabe erfasst, {{hold}} reserviert, {{happened}} erfasst schon Geschehenes.',
  },

  refusal: {
    title: 'Nicht erfasst: abgelehnt',
    titleHold: 'Nicht reserviert: abgelehnt',
    headroom: '{{rule}}: {{credits}} übrig',
    frees: 'wieder frei am {{at}}',
    neverFrees: 'durch Warten allein wird nicht mehr frei',
    lease:
      'Der Pool selbst hat vielleicht mehr: mit dem Netz verbinden und erneut erfassen, dann wird der Server gefragt.',
    happened:
      'Hat die Plattform es schon berechnet? Dann als geschehen erfassen: das wird nie abgelehnt und gilt als Mehrverbrauch.',
    record: 'Als geschehen erfassen',
    more: 'Mehr Credits besorgen',
  },

  asking: {
    text: 'Der Server wird um mehr Credits gebeten …',
    cancel: 'Abbrechen',
    cancelled: 'Abgebrochen. Falls kurz davor doch erfasst, steht es unter „Letzter Eintrag“.',
  },
  offline: {
    none: 'Ohne den Server darf dieser Computer zurzeit nichts aus diesem Pool ausgeben. Schon Geschehenes lässt sich erfassen.',
  },

  toast: {
    logged: '{{what}} erfasst: {{credits}}.',
    held: '{{credits}} für {{what}} reserviert.',
    recorded: '{{what}} als geschehen erfasst: {{credits}}.',
    overage: '{{credits}} davon sind Mehrverbrauch.',
    duplicate: 'Dieser Eintrag war schon da. Nichts wurde gebucht.',
    undo: 'Rückgängig',
    repeat: 'Letzten wiederholen',
    undone: 'Rückgängig gemacht. Die Credits sind zurück.',
    undoFailed: 'Es ließ sich nicht rückgängig machen',
    undoReason: 'Gleich nach dem Erfassen rückgängig gemacht',
  },

  last: {
    title: 'Letzter Eintrag',
    none: 'Auf diesem Computer wurde noch nichts erfasst.',
    repeat: 'Letzten wiederholen',
    repeatHint: 'Erfasst dasselbe noch einmal, jetzt.',
    line: '{{what}} · {{credits}} · {{when}}',
  },

  noFeatures: {
    title: 'Noch keine Funktionen',
    body: 'Diese Plattform misst jede Funktion selbst. Sie erscheinen mit dem ersten importierten Bericht.',
    action: 'Bericht importieren',
  },
} satisfies TranslationOf<typeof english>;
