import { words } from '../i18n/words.ts';

/** What the frame of the app says. */
export const english = {
  product: 'Fuelgauge',
  skipToContent: 'Skip to content',
  mainNavigation: 'Main',
  openNavigation: 'Open navigation',
  closeNavigation: 'Close navigation',
  navigation: {
    overview: 'Overview',
    'credits-usage': 'Usage',
    forecast: 'Forecast',
    'what-if': 'What if',
    log: 'Log usage',
    ledger: 'Ledger',
    subscription: 'Subscription',
    import: 'Import',
    members: 'Members',
    settings: 'Settings',
    alerts: 'Alerts',
    sync: 'Sync',
    administration: 'Administration',
  },
  newAlerts: 'Alerts, {{unseen}} new',
  manyAlerts: '99+',
  switcher: {
    label: 'Workspace {{name}}. Switch workspace',
    heading: 'Workspaces',
    home: 'All workspaces',
    create: 'New workspace',
    welcome: 'Start page',
    sample: 'Sample',
    sampleHeading: 'Sample data, not real',
  },
  sample: {
    banner: 'This is a made-up team, so that you can look around. Nothing here is real.',
    filling: '{{done}} of its {{of}} workspaces are ready; the others follow.',
    remove: 'Remove sample data',
  },
  connection: {
    connecting: 'Connecting …',
    connected: 'Data on this computer',
    connectedHint: 'Everything is kept on this computer and works without a network.',
    lost: 'Connection lost',
    lostHint:
      'The part of Fuelgauge that keeps your data does not answer. What was confirmed is kept; it connects again by itself.',
    restarting: 'Your data is being started again',
    restartingHint:
      'The part of Fuelgauge that keeps your data ended unexpectedly. What was confirmed is kept; it starts again by itself, and this page goes on where it is.',
    silent: 'This takes longer than usual',
    silentHint:
      'The part of Fuelgauge that keeps your data is busy, as with a large import or a slow disk. What was confirmed is kept. If it does not answer for three minutes, it is started again.',
    replaced: 'Open Fuelgauge again',
    replacedHint:
      'Fuelgauge was started anew since this page was opened. Start it again the way you did: that opens a new page. Your data is kept.',
  },
  readOnly: {
    reasons: {
      asked: 'Read-only, as it was asked for',
      damaged: 'Read-only: the data is damaged',
      'not-a-database': 'Read-only: the data cannot be read as a whole',
      newer: 'Read-only: the data is from a newer version',
      'read-only': 'Read-only: the data folder cannot be written to',
      'disk-full': 'Read-only: the disk is full',
      'disk-error': 'Read-only: the disk reports errors',
      busy: 'Read-only: another program uses the data',
      other: 'Read-only: the data could not be opened as usual',
    },
    body: 'You can look at everything; nothing can be entered or changed.',
    asked: 'Your data is as it was.',
    inOrder: 'A backup, or what can be salvaged, brings it in order.',
    ways: 'Ways on …',
    openForWriting: 'Open for writing',
    tryAgain: 'Try again',
  },
  sync: {
    label: 'Sync: ',
    look: 'Look at sync',
    firstPullTitle: 'A workspace of your server',
    firstPullGoOn: 'You can go on working: what you log here is sent when it is complete.',
    firstPullWait:
      'It opens by itself as soon as its plan and people are here. Other workspaces can be used meanwhile.',
  },
  scheme: {
    toDark: 'Use dark colours',
    toLight: 'Use light colours',
  },
  error: {
    title: 'This screen could not be shown',
    workspaceTitle: 'This workspace could not be opened',
    otherWorkspaces: 'Go to the start page',
    reload: 'Load again',
  },
  notFound: {
    title: 'Nothing here',
    body: 'This address leads to no screen of Fuelgauge. It may come from a workspace that is on another computer.',
    action: 'Go to the start page',
  },
} as const;

export const strings = words('app', english);
