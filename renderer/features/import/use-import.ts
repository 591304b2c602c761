import { notifications } from '@mantine/notifications';
import { useEffect, useReducer, useRef } from 'react';
import type { ImportSummary, WorkspaceView } from '../../../shared/bridge/views.ts';
import { bridge } from '../../app/bridge.ts';
import { formatThings } from '../../ui/figures.tsx';
import { readProblem } from '../../ui/problem.ts';
import { atFirst, choiceFor, isKnown, nextState, type ImportState, type MappingChoice, type Progress } from './import-flow.ts';
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

/** One run of an import: what is under way, and what the person decides. Leaving it discards the uploaded file. */
export function useImport(workspace: WorkspaceView): Import {
  const [state, dispatch] = useReducer(nextState, atFirst);
  const running = useRef(new AbortController());
  const uploadId = useRef<string | null>(null);
  const booking = useRef(false);
  const left = useRef(false);

  const discard = () => {
    const id = uploadId.current;
    uploadId.current = null;
    // The replica drops forgotten uploads at its next start as well, so a failure here needs no answer.
    if (id !== null) bridge.imports.discard({ uploadId: id }).catch(() => undefined);
  };
  const abandon = () => {
    running.current.abort();
    running.current = new AbortController();
    discard();
  };
  useEffect(() => {
    left.current = false;
    return () => {
      left.current = true;
      // What is being booked goes on and tells its end by a notice; everything else ends with the screen.
      if (!booking.current) abandon();
    };
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- refs only
  }, []);

  const attempt = async (signal: AbortSignal, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      if (!signal.aborted) dispatch({ type: 'failed', error });
    }
  };

  const check = (choice: MappingChoice) => {
    const { signal } = running.current;
    const id = uploadId.current;
    if (id === null) return;
    dispatch({ type: 'check-started', choice });
    void attempt(signal, async () => {
      const onProgress = (progress: Progress) => dispatch({ type: 'progressed', progress });
      const summary = await run({ uploadId: id, workspaceId: workspace.id, choice, dryRun: true, signal, onProgress });
      if (!signal.aborted) dispatch({ type: 'summarised', summary });
    });
  };

  const choose = (file: File) => {
    abandon();
    const { signal } = running.current;
    dispatch({ type: 'file-chosen', fileName: file.name, sizeBytes: file.size });
    void attempt(signal, async () => {
      const id = await sendFile(file, {
        signal,
        onOpened: (opened) => {
          uploadId.current = opened;
        },
        onProgress: (done) => dispatch({ type: 'progressed', progress: { done, total: file.size } }),
      });
      const upload = await bridge.imports.inspect({ uploadId: id }, { signal });
      if (signal.aborted) return;
      dispatch({ type: 'inspected', upload, zone: workspace.timeZone });
      const choice = choiceFor(upload, workspace.timeZone);
      if (isKnown(choice)) check(choice);
    });
  };

  const book = () => {
    if (state.step !== 'summary' || uploadId.current === null) return;
    const { choice, upload } = state;
    const id = uploadId.current;
    // Booking is not ended by leaving the screen.
    const { signal } = new AbortController();
    booking.current = true;
    dispatch({ type: 'booking-started' });
    const onProgress = (progress: Progress) => dispatch({ type: 'progressed', progress });
    run({ uploadId: id, workspaceId: workspace.id, choice, dryRun: false, signal, onProgress })
      .then((summary) => {
        dispatch({ type: 'summarised', summary });
        if (left.current) tellBooked(summary, upload.fileName);
      })
      .catch((error: unknown) => {
        dispatch({ type: 'failed', error });
        if (left.current) tellFailed(error, upload.fileName);
      })
      .finally(() => {
        booking.current = false;
        if (left.current) discard();
      });
  };

  return {
    state,
    choose,
    check,
    book,
    reopenMapping: () => dispatch({ type: 'mapping-reopened' }),
    restart: () => {
      abandon();
      dispatch({ type: 'restarted' });
    },
  };
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
    if (event.kind === 'progress') onProgress({ done: event.done, total: event.total });
    else summary = event.summary;
  }
  if (summary === null) throw new Error('The import ended before it told its result.');
  return summary;
}

function tellBooked(summary: ImportSummary, fileName: string): void {
  const rows = formatThings(summary.booked, strings.summary.row, strings.summary.rows);
  notifications.show({ color: 'petrol', message: strings.finishedElsewhere(rows, fileName) });
}

function tellFailed(error: unknown, fileName: string): void {
  const problem = readProblem(error);
  notifications.show({
    color: 'red',
    autoClose: false,
    title: strings.failedElsewhere(fileName),
    message: [problem.message, problem.kept, problem.todo].join(' '),
  });
}
