/**
 * The procedures of the contract that change nothing, by their path. All others are refused where the data is only
 * read; a new one counts as writing until it is named here.
 */
export const proceduresThatChangeNothing: readonly string[] = [
  'app.info',
  'app.quarantine',
  'catalogues.list',
  'catalogues.price',
  'workspaces.list',
  'workspaces.listLive',
  'workspaces.sampleLive',
  'workspaces.get',
  'workspaces.live',
  'members.parse',
  'usage.preview',
  'usage.last',
  'home.live',
  'search.find',
  'overview.live',
  'subscription.live',
  'changes.preview',
  'readings.live',
  'readings.explain',
  'ledger.page',
  'ledger.changes',
  'ledger.export',
  'usagePanel.live',
  'usagePanel.list',
  'usagePanel.moment',
  'usagePanel.team',
  'balance.get',
  'report.get',
  'report.hours',
  'calendar.live',
  'calendar.countries',
  'forecast.get',
  'forecast.record',
  'forecast.pools',
  'advice.whatIf',
  'advice.cheapest',
  'advice.compare',
  'advice.pace',
  'alerts.live',
  'alerts.settings',
  'desktop.live',
  'backups.list',
  'backups.check',
  'backups.settings',
  'sync.live',
  'sync.status',
  'sync.lookAtInvite',
  'sync.lookAtServer',
  'sync.outbox',
  'recovery.status',
  'recovery.live',
];

const known: ReadonlySet<string> = new Set(proceduresThatChangeNothing);

export function changesNothing(path: readonly string[]): boolean {
  return known.has(path.join('.'));
}
