import { implement, ORPCError } from '@orpc/server';
import { replicaContract } from '../shared/bridge/contract.ts';
import type { Issue, Problem } from '../shared/bridge/problem.ts';
import { dayOf } from '../shared/kernel/time-zone.ts';
import {
  alertSettingsView,
  alertsView,
  dismissAlerts,
  setAlertSettings,
  takeAlerts,
  type AlertEngine,
} from './services/alerts.ts';
import { backupsView, checkBackup, makeBackup, removeBackup, setBackupSettings } from './services/backups.ts';
import { getBalance } from './services/balance-view.ts';
import { calendarView, removeOwnDays, setOwnDays, setWorkWeek } from './services/calendar.ts';
import { listCatalogues, priceAction, saveCatalogue } from './services/catalogues.ts';
import { endPlan, setAddOn, setAllotment, setCap, setPlan, setSeats } from './services/change-terms.ts';
import { everyWorkspace } from './services/change-signal.ts';
import { previewChange } from './services/change-preview.ts';
import { changeWorkspace } from './services/change-workspace.ts';
import { createWorkspace } from './services/create-workspace.ts';
import { forecastRecord } from './services/forecast-record.ts';
import { getForecast } from './services/forecast-view.ts';
import { addGrant, voidGrant } from './services/grants.ts';
import { holidayCountries } from '../shared/holidays/holidays.ts';
import { HomeFiguresKept } from './services/home.ts';
import { appendChunk, discardUpload, inspectUpload, openUpload, runImport } from './services/import-usage.ts';
import { exportLedger, ledgerPage, rowsOf } from './services/ledger-rows.ts';
import { actorOf, holdUsage, logUsage, previewUsage } from './services/log-usage.ts';
import { addMembers, changeMember, changeTeam, previewMembers } from './services/members.ts';
import { approveOrder, closeOrder, confirmOrder, createOrder } from './services/orders.ts';
import { overview } from './services/overview.ts';
import { poolOutlooks } from './services/pool-forecasts.ts';
import { problemOf } from './services/problems.ts';
import { explainReading, setStated } from './services/explain-reading.ts';
import { readingsView } from './services/readings-view.ts';
import { addReading, confirmDrift } from './services/readings.ts';
import type { Actor, ReplicaState } from './services/replica-state.ts';
import { checkProjections, rebuildProjections } from './services/projections.ts';
import { getHours, getReport } from './services/report.ts';
import type { SampleTeam } from './services/sample-team.ts';
import { search } from './services/search.ts';
import { quarantine } from './services/quarantine.ts';
import { setPrivacy } from './services/set-privacy.ts';
import { setMe, whoAmI } from './services/settings.ts';
import { captureUsage, correctUsage, refundUsage, releaseUsage, voidUsage } from './services/settle-usage.ts';
import { askForMore, askForMoreToCapture } from './services/top-up.ts';
import { subscription } from './services/subscription.ts';
import { teamUsage, usageList } from './services/usage-list.ts';
import { usageMoment, usagePanel } from './services/usage-panel.ts';
import { cheapest, whatIf } from './services/what-if.ts';
import { capPaces } from './services/cap-pace.ts';
import { comparePlans } from './services/compare-plans.ts';
import { setMatch, setPlanPrice } from './services/set-advice.ts';
import { workspaceSummaries, workspaceView } from './services/workspace-view.ts';
import type { BackupKeeper } from './backup/backup-keeper.ts';
import { serverProcedures } from './server-procedures.ts';
import type { UploadStore } from './transfer/upload-store.ts';

export type Router = ReturnType<typeof createRouter>;

/** The contract on top of the use cases. Everything that fails as expected leaves as a PROBLEM. */
export function createRouter(
  state: ReplicaState,
  keepers: {
    readonly uploads: UploadStore;
    readonly backups: BackupKeeper;
    readonly alerts: AlertEngine;
    readonly sample: SampleTeam;
  },
) {
  const wiring = wire(state);
  return wiring.to.router({
    ...workspaceProcedures(wiring, keepers.sample),
    ...usageProcedures(wiring),
    ...termsProcedures(wiring),
    ...viewProcedures(wiring),
    ...calendarProcedures(wiring),
    ...adviceProcedures(wiring),
    ...importProcedures(wiring, keepers.uploads),
    ...backupProcedures(wiring, keepers.backups),
    ...alertProcedures(wiring, keepers.alerts),
    ...serverProcedures(wiring.state, { live: wiring.live, failureOf }),
  });
}

type Wiring = ReturnType<typeof wire>;

/** How a use case answers: in turn where it writes, live where it is watched, with a problem where it fails. */
function wire(state: ReplicaState) {
  const { file } = state.database.connection;
  const to = implement(replicaContract).use(async ({ next }) => {
    try {
      return await next();
    } catch (error) {
      throw failureOf(error, file);
    }
  });
  const failing = <Piece>(pieces: AsyncIterable<Piece>) => problemsOf(pieces, file);
  /** Use cases that write take turns, each as the person at this computer in its workspace. */
  const booking =
    <Given extends { readonly workspaceId: string }, Answer>(useCase: UseCase<Given, Answer>) =>
    ({ input }: { readonly input: Given }): Promise<Answer> =>
      state.inTurn(() => useCase(state, input, actorOf(state, input.workspaceId)));
  const settling =
    <Given extends { readonly id: string }, Answer>(useCase: UseCase<Given, Answer>) =>
    ({ input }: { readonly input: Given }): Promise<Answer> =>
      state.inTurn(() => useCase(state, input, actorOf(state, state.line(input.id)?.workspaceId ?? '')));
  const live = <View>(workspaceId: string, view: () => View | Promise<View>, signal: AbortSignal | undefined) =>
    failing(liveViews(state, { workspaceId, view, signal }));
  return { state, to, failing, booking, settling, live };
}

/** What there is: the app, platforms, workspaces and their people. */
function workspaceProcedures({ to, state, booking, live }: Wiring, sample: SampleTeam) {
  return {
    app: {
      info: to.app.info.handler(() => appInfo(state)),
      quarantine: to.app.quarantine.handler(() => quarantine(state)),
    },
    catalogues: {
      list: to.catalogues.list.handler(() => listCatalogues(state)),
      save: to.catalogues.save.handler(({ input }) => state.inTurn(() => saveCatalogue(state, input.catalogue))),
      price: to.catalogues.price.handler(({ input }) => priceAction(state, input)),
    },
    workspaces: {
      list: to.workspaces.list.handler(() => workspaceSummaries(state)),
      listLive: to.workspaces.listLive.handler(({ signal }) =>
        live(everyWorkspace, () => workspaceSummaries(state), signal),
      ),
      create: to.workspaces.create.handler(({ input }) =>
        state.inTurn(() => createWorkspace(state, input, actorOf(state, ''))),
      ),
      createSample: to.workspaces.createSample.handler(({ input }) => sample.create(input.platforms)),
      sampleLive: to.workspaces.sampleLive.handler(({ signal }) => live(everyWorkspace, () => sample.view(), signal)),
      removeSample: to.workspaces.removeSample.handler(({ input }) => sample.remove(input.workspaceId)),
      get: to.workspaces.get.handler(({ input }) => workspaceView(state, input.workspaceId)),
      live: to.workspaces.live.handler(({ input, signal }) =>
        live(input.workspaceId, () => workspaceView(state, input.workspaceId), signal),
      ),
      // The change takes its turn by itself, once what it needs has been counted.
      change: to.workspaces.change.handler(({ input }) => changeWorkspace(state, input)),
      setPrivacy: to.workspaces.setPrivacy.handler(({ input }) => state.inTurn(() => setPrivacy(state, input))),
      setMe: to.workspaces.setMe.handler(({ input }) =>
        state.inTurn(async () => {
          await setMe(state, input.workspaceId, input.member);
          return workspaceView(state, input.workspaceId);
        }),
      ),
    },
    members: {
      parse: to.members.parse.handler(({ input }) => previewMembers(state, input)),
      add: to.members.add.handler(booking(addMembers)),
      change: to.members.change.handler(booking(changeMember)),
      changeTeam: to.members.changeTeam.handler(booking(changeTeam)),
    },
  };
}

/** Use: before, at and after it is booked. */
function usageProcedures({ to, state, booking, settling }: Wiring) {
  return {
    usage: {
      preview: to.usage.preview.handler(({ input }) => previewUsage(state, input)),
      log: to.usage.log.handler((call) =>
        once(askForMore(state, call.input, call.signal), () => booking(logUsage)(call)),
      ),
      hold: to.usage.hold.handler((call) => {
        const { expires: _, ...usage } = call.input;
        return once(askForMore(state, usage, call.signal), () => booking(holdUsage)(call));
      }),
      capture: to.usage.capture.handler((call) =>
        once(askForMoreToCapture(state, call.input, call.signal), () => settling(captureUsage)(call)),
      ),
      release: to.usage.release.handler(settling(releaseUsage)),
      refund: to.usage.refund.handler(settling(refundUsage)),
      void: to.usage.void.handler(settling(voidUsage)),
      correct: to.usage.correct.handler(settling(correctUsage)),
      last: to.usage.last.handler(({ input }) => lastEntry(state, input.workspaceId)),
    },
  };
}

/** What was agreed and bought, and what the platform says. */
function termsProcedures({ to, state, booking, settling, live }: Wiring) {
  return {
    plans: {
      set: to.plans.set.handler(booking(setPlan)),
      end: to.plans.end.handler(booking(endPlan)),
      setSeats: to.plans.setSeats.handler(booking(setSeats)),
      setAddOn: to.plans.setAddOn.handler(booking(setAddOn)),
      setAllotment: to.plans.setAllotment.handler(booking(setAllotment)),
    },
    changes: {
      preview: to.changes.preview.handler(({ input }) => previewChange(state, input)),
    },
    caps: {
      set: to.caps.set.handler(booking(setCap)),
    },
    grants: {
      add: to.grants.add.handler(booking(addGrant)),
      void: to.grants.void.handler(settling(voidGrant)),
    },
    readings: {
      live: to.readings.live.handler(({ input, signal }) =>
        live(input.workspaceId, () => readingsView(state, input.workspaceId), signal),
      ),
      explain: to.readings.explain.handler(({ input, signal }) =>
        live(input.workspaceId, () => explainReading(state, input), signal),
      ),
      setStated: to.readings.setStated.handler(({ input }) => state.inTurn(() => setStated(state, input))),
      add: to.readings.add.handler(booking(addReading)),
      confirmDrift: to.readings.confirmDrift.handler(booking(confirmDrift)),
    },
    orders: {
      create: to.orders.create.handler(booking(createOrder)),
      approve: to.orders.approve.handler(({ input }) => state.inTurn(() => approveOrder(state, input))),
      confirm: to.orders.confirm.handler(({ input }) => state.inTurn(() => confirmOrder(state, input))),
      close: to.orders.close.handler(({ input }) => state.inTurn(() => closeOrder(state, input))),
    },
  };
}

/** What a person looks at. */
function viewProcedures({ to, state, live, failing }: Wiring) {
  const home = new HomeFiguresKept(state);
  return {
    search: { find: to.search.find.handler(({ input, signal }) => search(state, input, signal)) },
    home: { live: to.home.live.handler(({ signal }) => failing(home.views(signal))) },
    overview: {
      live: to.overview.live.handler(({ input, signal }) =>
        live(input.workspaceId, () => overview(state, input.workspaceId), signal),
      ),
    },
    subscription: {
      live: to.subscription.live.handler(({ input, signal }) =>
        live(input.workspaceId, () => subscription(state, input.workspaceId), signal),
      ),
    },
    ledger: {
      page: to.ledger.page.handler(({ input }) => ledgerPage(state, input)),
      changes: to.ledger.changes.handler(({ input, signal }) =>
        live(input.workspaceId, () => ({ sequence: state.signal.sequence }), signal),
      ),
      export: to.ledger.export.handler(({ input }) => failing(exportLedger(state, input))),
    },
    usagePanel: {
      live: to.usagePanel.live.handler(({ input, signal }) =>
        live(input.workspaceId, () => usagePanel(state, input), signal),
      ),
      list: to.usagePanel.list.handler(({ input }) => usageList(state, input)),
      moment: to.usagePanel.moment.handler(({ input }) => usageMoment(state, input)),
      team: to.usagePanel.team.handler(({ input }) => teamUsage(state, input)),
    },
    balance: { get: to.balance.get.handler(({ input }) => getBalance(state, input)) },
    report: {
      get: to.report.get.handler(({ input }) => getReport(state, input)),
      hours: to.report.hours.handler(({ input }) => getHours(state, input)),
    },
    projections: {
      rebuild: to.projections.rebuild.handler(({ input }) => rebuildProjections(state, input)),
      check: to.projections.check.handler(({ input }) => checkProjections(state, input)),
    },
    forecast: {
      get: to.forecast.get.handler(({ input }) => getForecast(state, input)),
      record: to.forecast.record.handler(({ input }) => forecastRecord(state, input.workspaceId)),
      pools: to.forecast.pools.handler(({ input }) => poolOutlooks(state, input.workspaceId)),
    },
  };
}

/** Working days and holidays. */
function calendarProcedures({ to, state, live, booking }: Wiring) {
  return {
    calendar: {
      live: to.calendar.live.handler(({ input, signal }) =>
        live(input.workspaceId, () => calendarView(state, input.workspaceId), signal),
      ),
      countries: to.calendar.countries.handler(() => holidayCountries()),
      setWeek: to.calendar.setWeek.handler(booking(setWorkWeek)),
      setOwnDays: to.calendar.setOwnDays.handler(booking(setOwnDays)),
      removeOwnDays: to.calendar.removeOwnDays.handler(booking(removeOwnDays)),
    },
  };
}

/** What could be. */
function adviceProcedures({ to, state }: Wiring) {
  return {
    advice: {
      whatIf: to.advice.whatIf.handler(({ input }) => whatIf(state, input)),
      cheapest: to.advice.cheapest.handler(({ input }) => cheapest(state, input)),
      compare: to.advice.compare.handler(({ input }) => comparePlans(state, input.workspaceId)),
      pace: to.advice.pace.handler(({ input }) => capPaces(state, input.workspaceId)),
      setMatch: to.advice.setMatch.handler(({ input }) => state.inTurn(() => setMatch(state, input))),
      setPlanPrice: to.advice.setPlanPrice.handler(({ input }) => state.inTurn(() => setPlanPrice(state, input))),
    },
  };
}

/** Files that are brought in. */
function importProcedures({ to, state, failing }: Wiring, uploads: UploadStore) {
  return {
    imports: {
      open: to.imports.open.handler(({ input }) => openUpload(uploads, input)),
      chunk: to.imports.chunk.handler(({ input }) => appendChunk(uploads, input)),
      inspect: to.imports.inspect.handler(({ input }) => inspectUpload(state, uploads, input)),
      run: to.imports.run.handler(({ input, signal }) => failing(runImport(state, uploads, input, { signal }))),
      discard: to.imports.discard.handler(({ input }) => discardUpload(uploads, input)),
    },
  };
}

/** Copies of everything, for the day on which the file is damaged or gone. */
function backupProcedures({ to, state }: Wiring, backups: BackupKeeper) {
  return {
    backups: {
      list: to.backups.list.handler(() => backupsView(backups)),
      make: to.backups.make.handler(() => makeBackup(backups)),
      check: to.backups.check.handler(({ input }) => checkBackup(state, backups, input)),
      remove: to.backups.remove.handler(({ input }) => removeBackup(backups, input)),
      settings: to.backups.settings.handler(() => backups.settings()),
      setSettings: to.backups.setSettings.handler(({ input }) => setBackupSettings(backups, input)),
    },
  };
}

/** What is told without being asked for. */
function alertProcedures({ to, state, live }: Wiring, engine: AlertEngine) {
  return {
    alerts: {
      live: to.alerts.live.handler(async function* ({ input: { workspaceId }, signal }) {
        // Nobody has looked where no engine runs, as for a single command.
        if (!engine.running) await engine.look(workspaceId);
        yield* live(workspaceId, () => alertsView(state, workspaceId), signal);
      }),
      settings: to.alerts.settings.handler(({ input }) => alertSettingsView(state, input.workspaceId)),
      setSettings: to.alerts.setSettings.handler(({ input }) => state.inTurn(() => setAlertSettings(state, input))),
      dismiss: to.alerts.dismiss.handler(({ input }) => state.inTurn(() => dismissAlerts(state, input))),
      take: to.alerts.take.handler(({ input }) => state.inTurn(() => takeAlerts(state, input))),
    },
  };
}

function appInfo(state: ReplicaState) {
  const { version, shell, dataDirectory, timeZone } = state.options;
  const timeZones = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])];
  return {
    version,
    shell,
    dataDirectory,
    timeZone,
    timeZones,
    today: dayOf(state.clock(), timeZone),
    damagedRows: state.database.damaged.count,
  };
}

/** The last entry that somebody logged: the person at this computer, or anybody when nobody was chosen. */
function lastEntry(state: ReplicaState, workspaceId: string) {
  const workspace = state.workspace(workspaceId);
  const meId = whoAmI(state, workspaceId);
  const mine = meId === null ? '' : ' AND +"memberId"=?';
  // The pluses keep SQLite from an index that it would have to sort: the last entry is looked for from the end.
  const lines = state.linesWhere(
    `+"workspaceId"=? AND +"kind" IN ('usage','hold') AND (+"externalKey"='' OR +"externalKey" LIKE 'log:%')${mine} ORDER BY sequence DESC LIMIT 1`,
    meId === null ? [workspaceId] : [workspaceId, meId],
  );
  return rowsOf(state, workspace, lines)[0] ?? null;
}

/** Answers a use case and what it needs: what was given, and who asks. */
type UseCase<Given, Answer> = (state: ReplicaState, given: Given, actor: Actor) => Promise<Answer>;

async function* liveViews<View>(
  state: ReplicaState,
  options: {
    readonly workspaceId: string;
    readonly view: () => View | Promise<View>;
    readonly signal: AbortSignal | undefined;
  },
): AsyncGenerator<View> {
  const { workspaceId, view, signal } = options;
  for await (const _tick of state.signal.ticks(workspaceId, { signal, everyMs: everyMinuteMs })) {
    yield await view();
  }
}

/** What a stream throws leaves the same way as what an answer throws. */
async function* problemsOf<Piece>(pieces: AsyncIterable<Piece>, file: string): AsyncGenerator<Piece> {
  try {
    yield* pieces;
  } catch (error) {
    throw failureOf(error, file);
  }
}

/** What leaves in the place of anything that was thrown: a PROBLEM, also for a bug, which is printed. */
export function failureOf(error: unknown, file: string): unknown {
  if (error instanceof ORPCError) {
    const issues = error.code === 'BAD_REQUEST' ? inputIssues(error.data) : undefined;
    return issues ? failure(wrongShape(issues)) : error;
  }
  const problem = problemOf(error, file);
  if (problem) return failure(problem);
  console.error(error);
  return failure({
    code: 'internal',
    message: 'Fuelgauge made a mistake of its own.',
    kept: 'Everything that was booked before is kept.',
    todo: 'Try again; if it stays, report it with the text that the program printed.',
    issues: [],
  });
}

export function failure(problem: Problem) {
  return new ORPCError('PROBLEM', { defined: true, status: 422, message: problem.message, data: problem });
}

function wrongShape(issues: readonly Issue[]): Problem {
  const [first] = issues;
  return {
    code: 'wrong-input',
    message: first ? `${first.path}${first.path === '' ? '' : ': '}${first.message}` : 'The input cannot be used.',
    kept: 'Nothing was changed.',
    todo: 'Correct what is marked and try again.',
    issues,
  };
}

/** The issues of a failed input validation, with paths as the forms name their fields. */
function inputIssues(data: unknown): readonly Issue[] | undefined {
  if (typeof data !== 'object' || data === null || !('issues' in data) || !Array.isArray(data.issues)) return undefined;
  return data.issues.map((issue: unknown): Issue => {
    const known = typeof issue === 'object' && issue !== null ? issue : {};
    const path = 'path' in known && Array.isArray(known.path) ? known.path.map(String).join('.') : '';
    const message = 'message' in known ? String(known.message) : 'is wrong';
    return { path, message };
  });
}

const everyMinuteMs = 60_000;

/** `then` after what was waited for, and at once where nothing was. */
function once<Answer>(waited: Promise<void> | null, then: () => Promise<Answer>): Promise<Answer> {
  return waited === null ? then() : waited.then(then);
}
