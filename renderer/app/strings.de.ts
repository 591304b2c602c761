import type { TranslationOf } from '../i18n/messages.ts';
import type { english } from './strings.ts';

export const german = {
  product: 'Fuelgauge',
  skipToContent: 'Zum Inhalt springen',
  mainNavigation: 'Hauptnavigation',
  openNavigation: 'Navigation öffnen',
  closeNavigation: 'Navigation schließen',
  navigation: {
    overview: 'Übersicht',
    'credits-usage': 'Verbrauch',
    forecast: 'Prognose',
    'what-if': 'Was wäre wenn',
    log: 'Verbrauch erfassen',
    ledger: 'Journal',
    subscription: 'Abo',
    import: 'Import',
    members: 'Mitglieder',
    settings: 'Einstellungen',
    alerts: 'Meldungen',
    sync: 'Sync',
    administration: 'Verwaltung',
  },
  newAlerts: 'Meldungen, {{unseen}} neu',
  manyAlerts: '99+',
  switcher: {
    label: 'Workspace {{name}}. Workspace wechseln',
    heading: 'Workspaces',
    home: 'Alle Workspaces',
    create: 'Neuer Workspace',
    welcome: 'Startseite',
    sample: 'Beispiel',
    sampleHeading: 'Beispieldaten, nicht echt',
  },
  sample: {
    banner: 'Dieses Team ist erfunden, zum Umsehen. Nichts hier ist echt.',
    filling: '{{done}} seiner {{of}} Workspaces sind bereit; die anderen folgen.',
    remove: 'Beispieldaten entfernen',
  },
  connection: {
    connecting: 'Verbindung wird hergestellt …',
    connected: 'Auf diesem Computer',
    connectedHint: 'Alles liegt auf diesem Computer und funktioniert ohne Netz.',
    lost: 'Verbindung verloren',
    lostHint:
      'Der Teil von Fuelgauge, der die Daten verwahrt, antwortet nicht. Bestätigtes ist gespeichert; die Verbindung kommt von selbst wieder.',
    restarting: 'Die Daten werden neu gestartet',
    restartingHint:
      'Der Teil von Fuelgauge, der die Daten verwahrt, endete unerwartet. Bestätigtes ist gespeichert; er startet von selbst wieder, und diese Seite macht dort weiter, wo sie ist.',
    silent: 'Das dauert länger als sonst',
    silentHint:
      'Der Teil von Fuelgauge, der die Daten verwahrt, ist beschäftigt, etwa mit einem großen Import oder einer langsamen Festplatte. Bestätigtes ist gespeichert. Antwortet er drei Minuten lang nicht, wird er neu gestartet.',
    replaced: 'Fuelgauge neu öffnen',
    replacedHint:
      'Fuelgauge wurde neu gestartet, seit diese Seite geöffnet wurde. Auf dem gewohnten Weg starten: das öffnet eine neue Seite. Die Daten sind gespeichert.',
  },
  readOnly: {
    reasons: {
      asked: 'Nur lesen, wie gewünscht',
      damaged: 'Nur lesen: die Daten sind beschädigt',
      'not-a-database': 'Nur lesen: die Daten sind nicht vollständig lesbar',
      newer: 'Nur lesen: die Daten stammen von einer neueren Version',
      'read-only': 'Nur lesen: der Datenordner ist schreibgeschützt',
      'disk-full': 'Nur lesen: die Festplatte ist voll',
      'disk-error': 'Nur lesen: die Festplatte meldet Fehler',
      busy: 'Nur lesen: ein anderes Programm verwendet die Daten',
      other: 'Nur lesen: die Daten ließen sich nicht wie sonst öffnen',
    },
    body: 'Alles lässt sich ansehen; nichts lässt sich eintragen oder ändern.',
    asked: 'Die Daten sind, wie sie waren.',
    inOrder: 'Eine Sicherung oder das, was sich retten lässt, bringt sie in Ordnung.',
    ways: 'Wege weiter …',
    openForWriting: 'Zum Schreiben öffnen',
    tryAgain: 'Erneut versuchen',
  },
  sync: {
    label: 'Sync: ',
    look: 'Sync ansehen',
    firstPullTitle: 'Ein Workspace vom Server',
    firstPullGoOn: 'Die Arbeit kann weitergehen: was hier erfasst wird, wird gesendet, sobald er vollständig ist.',
    firstPullWait:
      'Er öffnet sich von selbst, sobald Tarif und Personen hier sind. Andere Workspaces sind inzwischen nutzbar.',
  },
  scheme: {
    toDark: 'Dunkle Farben verwenden',
    toLight: 'Helle Farben verwenden',
  },
  error: {
    title: 'Diese Ansicht konnte nicht gezeigt werden',
    workspaceTitle: 'Dieser Workspace konnte nicht geöffnet werden',
    otherWorkspaces: 'Zur Startseite',
    reload: 'Neu laden',
  },
  notFound: {
    title: 'Hier ist nichts',
    body: 'Diese Adresse führt zu keiner Ansicht von Fuelgauge. Vielleicht stammt sie aus einem Workspace auf einem anderen Computer.',
    action: 'Zur Startseite',
  },
} satisfies TranslationOf<typeof english>;
