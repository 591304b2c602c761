import { useState } from 'react';
import type { LedgerRow, WorkspaceView } from '../../../shared/bridge/views.ts';
import { titleOfLine } from '../../ui/ledger-words.ts';
import { issuesByPath } from '../../ui/problem-alert.tsx';
import { strings } from './strings.ts';
import { draftAfter, draftFromLine, emptyDraft, usageInputOf, type UsageDraft } from './usage-draft.ts';
import type { FieldErrors } from './usage-fields.tsx';
import { useEntry, type Entry, type EntryAction, type EntryResult } from './use-entry.tsx';
import { usePreview } from './use-preview.ts';

/** What is entered, what it would cost, and what became of it. */
export function useUsageForm(workspace: WorkspaceView) {
  const [draft, setDraft] = useState<UsageDraft>(() => emptyDraft(workspace));
  const [missing, setMissing] = useState<FieldErrors>({});
  const [refusal, setRefusal] = useState<EntryResult | null>(null);
  const input = usageInputOf(draft, workspace.id);
  const preview = usePreview(input, workspace);

  const change = (changed: Partial<UsageDraft>) => {
    setDraft((current) => ({ ...current, ...changed }));
    setMissing({});
    setRefusal(null);
    if (entry.error !== null) entry.reset();
  };
  const { entry, cancel, wasCancelled } = useEntry({
    onBooked: () => {
      setRefusal(null);
      setDraft(draftAfter);
    },
    onRefused: setRefusal,
    onRepeat: (repeated) => entry.mutate({ ...repeated, input: withoutMoment(repeated.input) }),
  });

  const submit = (action: EntryAction) => {
    if (entry.isPending) return;
    if (input === null) {
      setMissing(missingIn(draft));
      return;
    }
    entry.mutate({ action, input, holdHours: draft.holdHours, what: whatOf(workspace, draft) });
  };
  const repeat = (row: LedgerRow) => {
    const repeated = draftFromLine(row);
    const again = usageInputOf(repeated, workspace.id);
    if (again === null) return;
    setDraft(repeated);
    entry.mutate({
      action: row.kind === 'hold' ? 'hold' : row.happened ? 'happened' : 'log',
      input: again,
      holdHours: null,
      what: titleOfLine(row),
    });
  };
  const errors: FieldErrors = { ...issuesByPath(preview.error), ...issuesByPath(entry.error), ...missing };
  return {
    draft,
    change,
    errors,
    missing: Object.keys(missing).length === 0 ? null : missing,
    preview,
    entry,
    cancel,
    /** Of the last entry; what was broken off by the person themselves is no error to them. */
    entryError: wasCancelled ? null : entry.error,
    refusal,
    submit,
    repeat,
  };
}

function missingIn(draft: UsageDraft): FieldErrors {
  return {
    ...(draft.featureId === null ? { feature: strings.form.featureMissing } : {}),
    ...(draft.quantity.trim() === '' ? { quantity: strings.form.quantityMissing } : {}),
    ...(draft.at === '' ? { at: strings.form.timeMissing } : {}),
  };
}

function whatOf(workspace: WorkspaceView, draft: UsageDraft): string {
  const feature = workspace.features.find((candidate) => candidate.id === draft.featureId);
  return titleOfLine({ kind: 'usage', featureName: feature?.name ?? draft.featureId, variant: draft.variant });
}

/** Repeated now, and not at the time of the entry before. */
function withoutMoment({ at: _at, note: _note, ...input }: Entry['input']): Entry['input'] {
  return input;
}
