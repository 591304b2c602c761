/**
 * The procedures of the contract that change nothing, by their path. All others are refused where the data is only
 * read; a new one counts as writing until it is named here.
 */
const procedures: ReadonlySet<string> = new Set([
  'app.info',
  'app.quarantine',
  'catalogues.list',
  'catalogues.price',
  'workspaces.list',
  'workspaces.listLive',
  'workspaces.get',
  'workspaces.live',
  'members.parse',
  'usage.preview',
  'usage.last',
  'overview.live',
  'subscription.live',
  'ledger.page',
  'ledger.changes',
  'ledger.export',
  'balance.get',
  'report.get',
  'report.hours',
  'calendar.live',
  'calendar.countries',
  'forecast.get',
  'alerts.live',
  'alerts.settings',
  'backups.list',
  'backups.check',
  'backups.settings',
  'recovery.status',
  'recovery.live',
]);

export function changesNothing(path: readonly string[]): boolean {
  return procedures.has(path.join('.'));
}
