import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  atFirst,
  choiceFor,
  isKnown,
  missingFields,
  nextState,
  ownMapping,
  withColumn,
  type ImportAction,
  type ImportState,
} from '../../../../../renderer/features/import/import-flow.ts';
import { pieceBytesMax, piecesOf } from '../../../../../renderer/features/import/pieces.ts';
import { importMapping } from '../../../../../shared/bridge/inputs.ts';
import type { ImportSummary, UploadView } from '../../../../../shared/bridge/import-views.ts';
import { wholeCredits } from '../../../../../shared/kernel/credits.ts';

const upload: UploadView = {
  uploadId: 'u',
  fileName: 'report.csv',
  sizeBytes: 100,
  columns: ['date', 'model', 'aic_quantity'],
  sample: [],
  recognised: {
    id: 'copilot',
    name: 'Copilot report',
    columns: { occurredAt: 'date', feature: 'model', credits: 'aic_quantity' },
    zone: 'UTC',
  },
  mappings: [{ id: 'copilot', name: 'Copilot report' }],
  issues: [],
};

const summary: ImportSummary = {
  rows: 10,
  booked: 8,
  duplicates: 1,
  restated: 1,
  rejected: [],
  rejectedTotal: 0,
  credits: wholeCredits(5),
  from: null,
  to: null,
  members: 2,
  features: 1,
  days: 1,
  unattributedRows: 0,
  roundedRows: 0,
  newMembers: [],
  newFeatures: [],
  newTeams: [],
  priceGaps: [],
};

const ready = { kind: 'ready', id: 'copilot', name: 'Copilot report' } as const;

function after(...actions: readonly ImportAction[]): ImportState {
  return actions.reduce(nextState, atFirst);
}

const chosen: ImportAction = { type: 'file-chosen', fileName: 'report.csv', sizeBytes: 100 };
const inspected: ImportAction = { type: 'inspected', upload, zone: 'UTC' };
const checkStarted: ImportAction = { type: 'check-started', choice: ready };
const summarised: ImportAction = { type: 'summarised', summary };
const bookingStarted: ImportAction = { type: 'booking-started' };

describe('nextState', () => {
  it('leads from the file to the result', () => {
    expect(after(chosen)).toEqual({
      step: 'uploading',
      fileName: 'report.csv',
      progress: { unit: 'bytes', done: 0, total: 100 },
    });
    expect(after(chosen, { type: 'progressed', progress: { unit: 'bytes', done: 40, total: 100 } })).toMatchObject({
      progress: { done: 40 },
    });
    expect(after(chosen, inspected)).toEqual({ step: 'mapping', upload, choice: ready, error: null });
    expect(after(chosen, inspected, checkStarted, summarised)).toEqual({
      step: 'summary',
      upload,
      choice: ready,
      summary,
      error: null,
    });
    expect(after(chosen, inspected, checkStarted, summarised, bookingStarted)).toMatchObject({
      step: 'booking',
      progress: { unit: 'rows', done: 0, total: 9 },
    });
    expect(after(chosen, inspected, checkStarted, summarised, bookingStarted, summarised)).toEqual({
      step: 'done',
      upload,
      choice: ready,
      summary,
    });
  });

  it('leads a failure back to where something can be done about it', () => {
    const failed: ImportAction = { type: 'failed', error: 'no' };
    expect(after(chosen, failed)).toEqual({ step: 'choose', error: 'no' });
    expect(after(chosen, inspected, checkStarted, failed)).toMatchObject({ step: 'mapping', error: 'no' });
    expect(after(chosen, inspected, checkStarted, summarised, bookingStarted, failed)).toMatchObject({
      step: 'summary',
      summary,
      error: 'no',
    });
  });

  it('books nothing that was not checked, whatever the order of late answers', () => {
    const action = fc.constantFrom<ImportAction>(
      chosen,
      inspected,
      checkStarted,
      summarised,
      bookingStarted,
      { type: 'progressed', progress: { unit: 'bytes', done: 1, total: 2 } },
      { type: 'failed', error: 'no' },
      { type: 'mapping-reopened' },
      { type: 'restarted' },
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
        let state: ImportState = atFirst;
        for (const next of actions) {
          const before: ImportState = state;
          state = nextState(before, next);
          if (state.step === 'booking' && before.step !== 'booking') expect(before.step).toBe('summary');
          if (state.step === 'done' && before.step !== 'done') expect(before.step).toBe('booking');
        }
      }),
    );
  });
});

describe('choiceFor', () => {
  it('takes a ready mapping that fits, a guess as one’s own, and nothing otherwise', () => {
    expect(choiceFor(upload, 'Asia/Tokyo')).toEqual(ready);
    expect(isKnown(choiceFor(upload, 'UTC'))).toBe(true);
    const guess = choiceFor({ ...upload, mappings: [] }, 'Asia/Tokyo');
    expect(guess).toMatchObject({ kind: 'own', mapping: { columns: { occurredAt: 'date' }, zone: 'UTC' } });
    expect(isKnown(guess)).toBe(false);
    expect(choiceFor({ ...upload, recognised: null }, 'Asia/Tokyo')).toEqual({
      kind: 'own',
      mapping: ownMapping({}, 'Asia/Tokyo'),
    });
  });
});

describe('a mapping of one’s own', () => {
  it('needs a date, a feature, and a quantity or credits', () => {
    expect(missingFields({})).toEqual(['occurredAt', 'feature', 'quantity']);
    expect(missingFields({ occurredAt: 'a', feature: 'b', credits: 'c' })).toEqual([]);
    expect(missingFields({ occurredAt: 'a', feature: 'b', quantity: 'c' })).toEqual([]);
  });

  it('is what the bridge takes', () => {
    const columns = withColumn(withColumn({}, 'occurredAt', 'date'), 'member', 'who');
    expect(withColumn(columns, 'member', null)).toEqual({ occurredAt: 'date' });
    const mapping = ownMapping(columns, 'UTC');
    expect(importMapping.parse(mapping)).toEqual(mapping);
  });
});

describe('piecesOf', () => {
  it('covers a file of any length once, in pieces that the bridge takes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300_000_000 }), (sizeBytes) => {
        const pieces = piecesOf(sizeBytes);
        expect(pieces[0]?.start ?? 0).toBe(0);
        expect(pieces.at(-1)?.end ?? 0).toBe(sizeBytes);
        pieces.forEach(({ start, end }, index) => {
          expect(end - start).toBeGreaterThan(0);
          expect(end - start).toBeLessThanOrEqual(pieceBytesMax);
          expect(pieces[index + 1]?.start ?? end).toBe(end);
        });
      }),
    );
  });
});
