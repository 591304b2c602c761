import { eventIterator, type } from '@orpc/contract';
import type { Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Pricing } from '../ledger/transaction.ts';
import * as advice from './advice-inputs.ts';
import * as panel from './usage-panel-inputs.ts';
import type { TeamUsageView, UsageListView, UsageMomentView, UsagePanelView } from './usage-panel-views.ts';
import type { CheapestView, CompareView, PaceView, WhatIfView } from './advice-views.ts';
import type { AlertSettingsView, AlertsView, AlertView } from './alert-views.ts';
import type { BackupSettingsView, BackupsView, BackupView, FileCheckView } from './backup-views.ts';
import { changePreviewInput, type ChangePreview } from './change-preview.ts';
import type { CalendarView, HolidayCountryView } from './calendar-views.ts';
import type { DesktopView } from './desktop.ts';
import type { HomeView } from './home-views.ts';
import * as input from './inputs.ts';
import type { ForecastRecordView, PoolOutlookView } from './forecast-views.ts';
import { base } from './contract-base.ts';
import type { ReadingDetailView, ReadingsView } from './reading-views.ts';
import type { RecoveryView, RestoredView, SalvagedView } from './recovery.ts';
import type { ImportEvent, UploadView } from './import-views.ts';
import type { SearchView } from './search-views.ts';
import { administrationContract, syncContract } from './sync-contract.ts';
import type {
  AppView,
  BalanceView,
  CatalogueView,
  ForecastView,
  HoursView,
  LedgerPage,
  LedgerRow,
  LogAnswer,
  MembersPreview,
  OverviewView,
  PreviewView,
  ProjectionsCheck,
  ProjectionsRebuilt,
  QuarantinedRow,
  SampleView,
  ReportView,
  SettleAnswer,
  SubscriptionView,
  WorkspaceSummary,
  WorkspaceView,
} from './views.ts';

/**
 * The contract between the replica and whoever shows or asks: the renderer over a MessagePort or a WebSocket, the
 * command line over the same. Inputs are parsed by the replica; outputs are its own values and are declared as types.
 * Everything that fails as expected fails with PROBLEM and a `Problem`; a wrongly shaped input with BAD_REQUEST.
 *
 * `live` procedures answer at once with the present view and again whenever what it shows has changed. This part is what
 * a replica answers that has opened its data.
 */
export const replicaContract = {
  app: {
    info: base.output(type<AppView>()),
    /** Rows of the file that were set aside, with the reason; all of them are looked at for it. */
    quarantine: base.output(type<readonly QuarantinedRow[]>()),
  },
  catalogues: {
    list: base.output(type<readonly CatalogueView[]>()),
    /** Adds or replaces a platform that the user describes, or fills in a shipped one. */
    save: base.input(input.catalogueSaveInput).output(type<{ readonly platform: string }>()),
    price: base.input(input.priceInput).output(
      type<{
        readonly credits: Credits;
        readonly unitRate: Credits;
        readonly catalogueVersion: string;
        readonly pricing: Pricing;
      }>(),
    ),
  },
  workspaces: {
    list: base.output(type<readonly WorkspaceSummary[]>()),
    listLive: base.output(eventIterator(type<readonly WorkspaceSummary[]>())),
    create: base.input(input.workspaceCreateInput).output(type<{ readonly workspaceId: string }>()),
    /**
     * A made-up company with a year of use at four platforms, marked as sample data. Answers the workspace to look at
     * first, or that of the sample that is there; the others follow.
     */
    createSample: base.input(input.sampleInput).output(type<{ readonly workspaceId: string }>()),
    sampleLive: base.output(eventIterator(type<SampleView>())),
    /** Removes all workspaces of the sample; only a sample can be removed. */
    removeSample: base.input(input.workspaceInput).output(type<{ readonly removed: boolean }>()),
    get: base.input(input.workspaceInput).output(type<WorkspaceView>()),
    live: base.input(input.workspaceInput).output(eventIterator(type<WorkspaceView>())),
    /** Another name, time zone or first day of the week; answers when everything is counted in it. */
    change: base.input(input.workspaceChangeInput).output(type<{ readonly changed: boolean }>()),
    /** Leaves the activity of people out, or shows it again. [V1] */
    setPrivacy: base.input(input.privacySetInput).output(type<{ readonly changed: boolean }>()),
    setMe: base.input(input.meInput).output(type<WorkspaceView>()),
  },
  members: {
    /** Reads pasted text or the text of a CSV file; books nothing. */
    parse: base.input(input.membersParseInput).output(type<MembersPreview>()),
    add: base.input(input.membersAddInput).output(type<{ readonly added: number }>()),
    change: base.input(input.memberChangeInput).output(type<{ readonly changed: boolean }>()),
    changeTeam: base.input(input.teamChangeInput).output(type<{ readonly changed: boolean }>()),
  },
  usage: {
    preview: base.input(input.usageInput).output(type<PreviewView>()),
    log: base.input(input.usageInput).output(type<LogAnswer>()),
    hold: base.input(input.holdInput).output(type<LogAnswer>()),
    capture: base.input(input.settleInput).output(type<SettleAnswer>()),
    release: base.input(input.settleInput.omit({ credits: true })).output(type<SettleAnswer>()),
    refund: base.input(input.refundInput).output(type<SettleAnswer>()),
    void: base.input(input.voidInput).output(type<SettleAnswer>()),
    correct: base.input(input.correctInput).output(type<SettleAnswer>()),
    /** The last entry of the person at this computer, to repeat it. */
    last: base.input(input.workspaceInput).output(type<LedgerRow | null>()),
  },
  plans: {
    set: base.input(input.planSetInput).output(type<{ readonly effectiveFrom: Instant }>()),
    end: base.input(input.planEndInput).output(type<{ readonly effectiveFrom: Instant }>()),
    setSeats: base.input(input.seatsSetInput).output(type<{ readonly effectiveFrom: Instant }>()),
    setAddOn: base.input(input.addOnSetInput).output(type<{ readonly effectiveFrom: Instant }>()),
    setAllotment: base.input(input.allotmentSetInput).output(type<{ readonly effectiveFrom: Instant }>()),
  },
  changes: {
    /** What a change of terms, people or alerts would do; nothing is changed. */
    preview: base.input(changePreviewInput).output(type<ChangePreview>()),
  },
  caps: {
    set: base.input(input.capSetInput).output(type<{ readonly effectiveFrom: Instant }>()),
  },
  grants: {
    add: base.input(input.grantAddInput).output(type<{ readonly grantId: string }>()),
    void: base.input(input.grantVoidInput).output(type<{ readonly transactionId: string }>()),
  },
  readings: {
    live: base.input(input.workspaceInput).output(eventIterator(type<ReadingsView>())),
    /** One reading with its gap explained by feature and day; nobody is named. [G13] [V1] */
    explain: base.input(input.readingInput).output(eventIterator(type<ReadingDetailView>())),
    /** What the platform says by feature; kept on this computer. */
    setStated: base.input(input.readingStateInput).output(type<{ readonly features: number }>()),
    add: base
      .input(input.readingAddInput)
      .output(type<{ readonly readingId: string; readonly drift: Credits; readonly booked: boolean }>()),
    confirmDrift: base.input(input.driftConfirmInput).output(type<SettleAnswer>()),
  },
  orders: {
    create: base.input(input.orderCreateInput).output(type<{ readonly orderId: string }>()),
    confirm: base
      .input(input.orderConfirmInput)
      .output(type<{ readonly orderId: string; readonly grantId: string; readonly credits: Credits }>()),
    /** An admin says yes to a request; the credits appear when the purchase is confirmed. [P1] [P3] */
    approve: base.input(input.orderApproveInput).output(type<{ readonly orderId: string }>()),
    close: base.input(input.orderCloseInput).output(type<{ readonly orderId: string }>()),
  },
  /** All workspaces side by side. */
  home: {
    live: base.output(eventIterator(type<HomeView>())),
  },
  /** Members, teams, features, packs, grants and lines, as far as whoever asks may see them. Bounded, whatever there is. */
  search: {
    find: base.input(input.searchInput).output(type<SearchView>()),
  },
  overview: {
    live: base.input(input.workspaceInput).output(eventIterator(type<OverviewView>())),
  },
  subscription: {
    live: base.input(input.workspaceInput).output(eventIterator(type<SubscriptionView>())),
  },
  ledger: {
    page: base.input(input.ledgerPageInput).output(type<LedgerPage>()),
    /** Tells that lines were added; the page shown may then be asked for again. */
    changes: base.input(input.workspaceInput).output(eventIterator(type<{ readonly sequence: number }>())),
    /** The file in pieces, in order. */
    export: base.input(input.exportInput).output(eventIterator(type<{ readonly text: string }>())),
  },
  /** Who and what used credits. */
  usagePanel: {
    live: base.input(panel.usagePanelInput).output(eventIterator(type<UsagePanelView>())),
    list: base.input(panel.usageListInput).output(type<UsageListView>()),
    moment: base.input(panel.usageMomentInput).output(type<UsageMomentView>()),
    team: base.input(panel.teamUsageInput).output(type<TeamUsageView>()),
  },
  balance: {
    get: base.input(input.balanceInput).output(type<BalanceView>()),
  },
  report: {
    get: base.input(input.reportInput).output(type<ReportView>()),
    /** Use in each hour of a day, as the clock on the wall shows them. */
    hours: base.input(input.hoursInput).output(type<HoursView>()),
  },
  /** What is worked out from the ledger and kept beside it. */
  projections: {
    rebuild: base.input(input.projectionsInput).output(type<ProjectionsRebuilt>()),
    /** Compares what is kept with a rebuild; changes nothing. */
    check: base.input(input.projectionsInput).output(type<ProjectionsCheck>()),
  },
  /** Working days, holidays and days of one's own, as forecasts count them. */
  calendar: {
    live: base.input(input.workspaceInput).output(eventIterator(type<CalendarView>())),
    countries: base.output(type<readonly HolidayCountryView[]>()),
    setWeek: base.input(input.workWeekSetInput).output(type<{ readonly changed: boolean }>()),
    setOwnDays: base.input(input.ownDaysSetInput).output(type<{ readonly id: string }>()),
    removeOwnDays: base.input(input.ownDaysRemoveInput).output(type<{ readonly id: string }>()),
  },
  forecast: {
    get: base.input(input.forecastInput).output(type<ForecastView>()),
    /** Past forecasts beside what came, as they would have been made. */
    record: base.input(input.workspaceInput).output(type<ForecastRecordView>()),
    /** The outlook of each pool. */
    pools: base.input(input.workspaceInput).output(type<readonly PoolOutlookView[]>()),
  },
  /** What could be done, and what it would make of run-out and cost; nothing here books anything. */
  advice: {
    /** Today beside a scenario: each of its changes alone, and all of them together. */
    whatIf: base.input(advice.whatIfInput).output(type<WhatIfView>()),
    /** The cheapest packs, and their days, with which the credits last. */
    cheapest: base.input(advice.cheapestInput).output(type<CheapestView>()),
    /** The last 90 days on every plan of this platform, and on others as far as features are matched. */
    compare: base.input(advice.adviceWorkspaceInput).output(type<CompareView>()),
    /** Teams and people against their caps, as far as whoever asks may see them. */
    pace: base.input(advice.adviceWorkspaceInput).output(type<PaceView>()),
    /** Which feature of another platform stands for one of this one; kept on this computer. */
    setMatch: base.input(advice.featureMatchInput).output(type<{ readonly matches: number }>()),
    /** What a plan costs in a period, from a bill or an offer; kept on this computer. */
    setPlanPrice: base.input(advice.planPriceInput).output(type<{ readonly plan: string }>()),
  },
  imports: {
    open: base.input(input.uploadOpenInput).output(type<{ readonly uploadId: string }>()),
    chunk: base.input(input.uploadChunkInput).output(type<{ readonly receivedBytes: number }>()),
    inspect: base.input(input.uploadInput).output(type<UploadView>()),
    run: base.input(input.importInput).output(eventIterator(type<ImportEvent>())),
    discard: base.input(input.uploadInput).output(type<{ readonly discarded: boolean }>()),
  },
  /** What is told without being asked for. */
  alerts: {
    live: base.input(input.workspaceInput).output(eventIterator(type<AlertsView>())),
    settings: base.input(input.workspaceInput).output(type<AlertSettingsView>()),
    setSettings: base.input(input.alertSettingsInput).output(type<AlertSettingsView>()),
    /** Marks alerts as seen; they stay in the history. */
    dismiss: base.input(input.alertDismissInput).output(type<{ readonly dismissed: number }>()),
    /** What is to be shown on the desktop: told, not seen, and not taken before. Each alert is taken once. */
    take: base.input(input.workspaceInput).output(type<readonly AlertView[]>()),
  },
  backups: {
    list: base.output(type<BackupsView>()),
    /** Makes one now. */
    make: base.output(type<BackupView>()),
    /** Looks at every part of a listed backup, or of any file; changes nothing. */
    check: base.input(input.backupCheckInput).output(type<FileCheckView>()),
    remove: base.input(input.backupRemoveInput).output(type<{ readonly removed: boolean }>()),
    settings: base.output(type<BackupSettingsView>()),
    setSettings: base.input(input.backupSettingsInput).output(type<BackupSettingsView>()),
  },
  sync: syncContract,
  administration: administrationContract,
};

/** The ways on when the data cannot be opened; they answer whether or not there is a replica. */
export const recoveryContract = {
  status: base.output(type<RecoveryView>()),
  live: base.output(eventIterator(type<RecoveryView>())),
  /** Opens the data as usual, after what was in the way was cleared. */
  tryAgain: base.output(type<RecoveryView>()),
  openReadOnly: base.output(type<RecoveryView>()),
  /**
   * Puts a backup in the place of the data, after a look at every part of it, and opens it. What was there before is
   * kept. Works on open data too. Asked for again while it is under way, both are answered by the one.
   */
  restore: base.input(input.backupCheckInput).output(type<RestoredView>()),
  /**
   * Saves what can be read of the data, or of another file, into a new database in its place, and opens it. The damaged
   * files are kept.
   */
  salvage: base.input(input.salvageInput).output(type<SalvagedView>()),
};

/** What only the desktop app can do, whether or not the data is open. */
export const desktopContract = {
  /** null in a browser. */
  live: base.output(eventIterator(type<DesktopView | null>())),
  setSettings: base.input(input.desktopSettingsInput).output(type<DesktopView>()),
  update: base.input(input.updateInput).output(type<DesktopView>()),
};

export const contract = { ...replicaContract, recovery: recoveryContract, desktop: desktopContract };

export type Contract = typeof contract;
