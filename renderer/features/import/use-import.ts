import { notifications } from '@mantine/notifications';
import { useEffect, useReducer, useState, type Dispatch } from 'react';
import type { ImportSummary, UploadView } from '../../../shared/bridge/import-views.ts';
import type { WorkspaceView } from '../../../shared/bridge/views.ts';
import { bridge } from '../../app/bridge.ts';
import { readProblem } from '../../ui/problem.ts';
import {
  atFirst,
  choiceFor,
  isKnown,
  nextState,
  type ImportAction,
  type ImportState,
  type MappingChoice,
  type Progress,
} from './import-flow.ts';
import { strings } from './strings.ts';
import { sendFile } from './upload.ts';

export interface Import {
  readonly state: ImportState;
  readonly choose: (file: File) => void;
  readonly check: (choice: MappingChoice) => void;
  readonly book: () => void;
  readonly reopenMapping: () => void;
  readonly restart: () => void;
}

/** What is under way, beside what is drawn. */
interface Underway {
  /** Ends the upload or check that runs. */
  controller: AbortController;
  uploadId: string | null;
  booking: boolean;
  /** The person has gone to another screen. */
  left: boolean;
}

/** One run of an import: what is under way, and what the person decides. Leaving it discards the uploaded file. */
export function useImport(workspace: WorkspaceView): Import {
  const [state, dispatch] = useReducer(nextState, atFirst);
  const [underway] = useState<Underway>(() => ({
    controller: new AbortController(),
    uploadId: null,
    booking: false,
    left: false,
  }));
  useEffect(() => {
    underway.left = false;
    return () => {
      underway.left = true;
      // What is being booked goes on and tells its end by a notice; everything else ends with the screen.
      if (!underway.booking) abandon(underway);
    };
  }, [underway]);
  const onProgress = (progress: Progress) => dispatch({ type: 'progressed', progress });

  const attempt = async (signal: AbortSignal, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      if (!signal.aborted) dispatch({ type: 'failed', error });
    }
  };

  const check = (choice: MappingChoice) => {
    const { uploadId, controller } = underway;
    const { signal } = controller;
    if (uploadId === null) return;
    dispatch({ type: 'check-started', choice });
    void attempt(signal, async () => {
      const summary = await run({ uploadId, workspaceId: workspace.id, choice, dryRun: true, signal, onProgress });
      if (!signal.aborted) dispatch({ type: 'summarised', summary });
    });
  };

  const choose = (file: File) => {
    abandon(underway);
    const { signal } = underway.controller;
    dispatch({ type: 'file-chosen', fileName: file.name, sizeBytes: file.size });
    void attempt(signal, async () => {
      const uploadId = await sendFile(file, {
        signal,
        onOpened: (opened) => {
          underway.uploadId = opened;
        },
        onProgress: (done) => onProgress({ unit: 'bytes', done, total: file.size }),
      });
      const upload = await bridge.imports.inspect({ uploadId }, { signal });
      if (signal.aborted) return;
      if (upload.columns.length === 0) {
        dispatch({ type: 'failed', error: unreadable(upload) });
        return;
      }
      dispatch({ type: 'inspected', upload, zone: workspace.timeZone });
      const choice = choiceFor(upload, workspace.timeZone);
      if (isKnown(choice)) check(choice);
    });
  };

  const book = () => {
    const { uploadId } = underway;
    if (state.step !== 'summary' || uploadId === null) return;
    void bookAll(underway, dispatch, { uploadId, workspaceId: workspace.id, ...state });
  };

  return {
    state,
    choose,
    check,
    book,
    reopenMapping: () => dispatch({ type: 'mapping-reopened' }),
    restart: () => {
      abandon(underway);
      dispatch({ type: 'restarted' });
    },
  };
}

interface Booking {
  readonly uploadId: string;
  readonly workspaceId: string;
  readonly choice: MappingChoice;
  readonly upload: UploadView;
}

/** Booking is not ended by leaving the screen: then a notice tells how it went. */
async function bookAll(underway: Underway, dispatch: Dispatch<ImportAction>, booking: Booking): Promise<void> {
  const { uploadId, workspaceId, choice, upload } = booking;
  const { signal } = new AbortController();
  const onProgress = (progress: Progress) => dispatch({ type: 'progressed', progress });
  underway.booking = true;
  dispatch({ type: 'booking-started' });
  try {
    const summary = await run({ uploadId, workspaceId, choice, dryRun: false, signal, onProgress });
    dispatch({ type: 'summarised', summary });
    if (underway.left) tellBooked(summary, upload.fileName);
  } catch (error) {
    dispatch({ type: 'failed', error });
    if (underway.left) tellFailed(error, upload.fileName);
  }
  underway.booking = false;
  if (underway.left) discard(underway);
}

/** A file without a header that could be read has nothing to map: the next step is another file. */
function unreadable({ fileName, issues }: UploadView): unknown {
  return {
    code: 'PROBLEM',
    data: {
      ...strings.choose.unreadable,
      code: 'wrong-input',
      message: strings.choose.unreadableFile({ file: fileName }),
      issues,
    },
  };
}

/** Ends what runs and makes ready for another file. */
function abandon(underway: Underway): void {
  underway.controller.abort();
  underway.controller = new AbortController();
  discard(underway);
}

function discard(underway: Underway): void {
  const { uploadId } = underway;
  underway.uploadId = null;
  // The replica drops forgotten uploads at its next start as well, so a failure here needs no answer.
  if (uploadId !== null) bridge.imports.discard({ uploadId }).catch(() => undefined);
}

interface RunOptions {
  readonly uploadId: string;
  readonly workspaceId: string;
  readonly choice: MappingChoice;
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

async function run({ uploadId, workspaceId, choice, dryRun, signal, onProgress }: RunOptions): Promise<ImportSummary> {
  const mapping = choice.kind === 'ready' ? choice.id : choice.mapping;
  const events = await bridge.imports.run({ uploadId, workspaceId, mapping, dryRun }, { signal });
  let summary: ImportSummary | null = null;
  for await (const event of events) {
    if (event.kind === 'summary') summary = event.summary;
    else onProgress({ unit: event.phase === 'reading' ? 'bytes' : 'rows', done: event.done, total: event.total });
  }
  if (summary === null) throw new Error('The import ended before it told its result.');
  return summary;
}

function tellBooked(summary: ImportSummary, fileName: string): void {
  const rows = strings.summary.rows({ count: summary.booked });
  notifications.show({ color: 'petrol', message: strings.finishedElsewhere({ rows, file: fileName }) });
}

function tellFailed(error: unknown, fileName: string): void {
  const problem = readProblem(error);
  notifications.show({
    color: 'red',
    autoClose: false,
    title: strings.failedElsewhere({ file: fileName }),
    message: [problem.message, problem.kept, problem.todo].join(' '),
  });
}
