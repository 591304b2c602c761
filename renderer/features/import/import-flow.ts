// The states of an import and what leads from one to the next: pure.
import type { ImportField, ImportMapping, ImportSummary, UploadView } from '../../../shared/bridge/import-views.ts';

/** How the columns are read: a ready mapping by its id, or one's own. */
export type MappingChoice =
  | { readonly kind: 'ready'; readonly id: string; readonly name: string }
  | { readonly kind: 'own'; readonly mapping: ImportMapping };

export interface Progress {
  /** A file is read by its bytes, and booked by its rows. */
  readonly unit: 'bytes' | 'rows';
  readonly done: number;
  readonly total: number;
}

export type ImportState =
  | { readonly step: 'choose'; readonly error: unknown }
  | { readonly step: 'uploading'; readonly fileName: string; readonly progress: Progress }
  | { readonly step: 'mapping'; readonly upload: UploadView; readonly choice: MappingChoice; readonly error: unknown }
  | {
      readonly step: 'checking';
      readonly upload: UploadView;
      readonly choice: MappingChoice;
      readonly progress: Progress;
    }
  | {
      readonly step: 'summary';
      readonly upload: UploadView;
      readonly choice: MappingChoice;
      readonly summary: ImportSummary;
      /** Why booking failed. */
      readonly error: unknown;
    }
  | {
      readonly step: 'booking';
      readonly upload: UploadView;
      readonly choice: MappingChoice;
      readonly summary: ImportSummary;
      readonly progress: Progress;
    }
  | {
      readonly step: 'done';
      readonly upload: UploadView;
      readonly choice: MappingChoice;
      readonly summary: ImportSummary;
    };

export type ImportAction =
  | { readonly type: 'file-chosen'; readonly fileName: string; readonly sizeBytes: number }
  | { readonly type: 'progressed'; readonly progress: Progress }
  | { readonly type: 'inspected'; readonly upload: UploadView; readonly zone: string }
  | { readonly type: 'check-started'; readonly choice: MappingChoice }
  | { readonly type: 'booking-started' }
  | { readonly type: 'summarised'; readonly summary: ImportSummary }
  | { readonly type: 'failed'; readonly error: unknown }
  | { readonly type: 'mapping-reopened' }
  | { readonly type: 'restarted' };

export const atFirst: ImportState = { step: 'choose', error: null };

/** An action that does not fit the state, such as a late answer after a cancel, changes nothing. */
export function nextState(state: ImportState, action: ImportAction): ImportState {
  switch (action.type) {
    case 'file-chosen':
      return {
        step: 'uploading',
        fileName: action.fileName,
        progress: { unit: 'bytes', done: 0, total: action.sizeBytes },
      };
    case 'progressed':
      return 'progress' in state ? { ...state, progress: action.progress } : state;
    case 'inspected':
      return state.step === 'uploading'
        ? { step: 'mapping', upload: action.upload, choice: choiceFor(action.upload, action.zone), error: null }
        : state;
    case 'check-started':
      return 'upload' in state
        ? {
            step: 'checking',
            upload: state.upload,
            choice: action.choice,
            progress: { unit: 'bytes', done: 0, total: 0 },
          }
        : state;
    case 'booking-started':
      return state.step === 'summary'
        ? {
            ...withoutError(state),
            step: 'booking',
            progress: { unit: 'rows', done: 0, total: state.summary.booked + state.summary.restated },
          }
        : state;
    case 'summarised':
      return summarised(state, action.summary);
    case 'failed':
      return failed(state, action.error);
    case 'mapping-reopened':
      return 'upload' in state && 'summary' in state && state.step !== 'done'
        ? { step: 'mapping', upload: state.upload, choice: state.choice, error: null }
        : state;
    case 'restarted':
      return atFirst;
  }
}

function summarised(state: ImportState, summary: ImportSummary): ImportState {
  if (state.step === 'checking') {
    return { step: 'summary', upload: state.upload, choice: state.choice, summary, error: null };
  }
  if (state.step === 'booking') return { step: 'done', upload: state.upload, choice: state.choice, summary };
  return state;
}

/** A failure leads back to where something can be done about it. */
function failed(state: ImportState, error: unknown): ImportState {
  switch (state.step) {
    case 'checking':
      return { step: 'mapping', upload: state.upload, choice: state.choice, error };
    case 'booking':
      return { step: 'summary', upload: state.upload, choice: state.choice, summary: state.summary, error };
    default:
      return { step: 'choose', error };
  }
}

function withoutError(state: ImportState & { readonly step: 'summary' }) {
  const { error: _error, ...rest } = state;
  return rest;
}

/** The ready mapping that fits, else the guess of the columns, else a mapping with nothing in it. */
export function choiceFor(upload: UploadView, zone: string): MappingChoice {
  const { recognised } = upload;
  if (recognised === null) return { kind: 'own', mapping: ownMapping({}, zone) };
  const ready = upload.mappings.find((mapping) => mapping.id === recognised.id);
  return ready === undefined
    ? { kind: 'own', mapping: ownMapping(recognised.columns, recognised.zone) }
    : { kind: 'ready', id: ready.id, name: ready.name };
}

/** Whether a file can go to its check without asking: it is one that is known by itself. */
export function isKnown(choice: MappingChoice): boolean {
  return choice.kind === 'ready';
}

const ownMappingId = 'own';

export function ownMapping(columns: ImportMapping['columns'], zone: string): ImportMapping {
  return { id: ownMappingId, name: 'own', columns, zone };
}

export const importFields = [
  'occurredAt',
  'feature',
  'variant',
  'quantity',
  'credits',
  'member',
  'team',
  'externalId',
  'note',
] as const satisfies readonly ImportField[];

/** The fields without which no row can be booked. */
export type NeededField = 'occurredAt' | 'feature' | 'quantity';

export function missingFields(columns: ImportMapping['columns']): readonly NeededField[] {
  const missing: NeededField[] = [];
  if (columns.occurredAt === undefined) missing.push('occurredAt');
  if (columns.feature === undefined) missing.push('feature');
  if (columns.quantity === undefined && columns.credits === undefined) missing.push('quantity');
  return missing;
}

/** The mapping's columns with one field set, or taken away by null. */
export function withColumn(
  columns: ImportMapping['columns'],
  field: ImportField,
  column: string | null,
): ImportMapping['columns'] {
  const { [field]: _before, ...others } = columns;
  return column === null ? others : { ...others, [field]: column };
}
