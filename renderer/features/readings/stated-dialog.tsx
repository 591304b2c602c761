import { Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { ReadingDetailView } from '../../../shared/bridge/reading-views.ts';
import { formatDecimal, negate, parseCredits, subtract } from '../../../shared/kernel/credits.ts';
import { bridge } from '../../app/bridge.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { DecimalField, decimalText } from '../../ui/fields.tsx';
import { formatCreditsWithUnit } from '../../ui/figures.tsx';
import { FormModal } from '../../ui/form-modal.tsx';
import { strings } from './strings.ts';

const text = strings.features.form;

/** What the platform says by feature: a field for each that the workspace has used or could use. */
export function StatedDialog({ view, onClose }: { readonly view: ReadingDetailView; readonly onClose: () => void }) {
  const { id: workspaceId, features } = useWorkspace();
  const known = new Map(view.byFeature.map((row) => [row.featureId, row]));
  const listed = features.map(({ id, name }) => ({ id, name }));
  const others = view.byFeature.flatMap(({ featureId: id, featureName }) =>
    id === null || listed.some((feature) => feature.id === id) ? [] : [{ id, name: featureName ?? id }],
  );
  const all = [...others, ...listed];
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(
      all.flatMap(({ id }) => {
        const stated = known.get(id)?.stated ?? null;
        return stated === null ? [] : [[id, formatDecimal(stated)]];
      }),
    ),
  );
  const given = all.flatMap(({ id }) => {
    const credits = decimalText(typed[id] ?? '');
    return credits === '' ? [] : [{ feature: id, credits }];
  });
  const left = given.reduce((rest, { credits }) => {
    const parsed = parseCredits(credits);
    return parsed.ok ? subtract(rest, parsed.value.value) : rest;
  }, view.used);
  return (
    <FormModal
      title={text.title}
      description={text.body({ credits: formatCreditsWithUnit(view.used) })}
      submitLabel={text.submit}
      onClose={onClose}
      onDone={() => notifications.show({ message: text.done })}
      onSubmit={() => bridge.readings.setStated({ workspaceId, readingId: view.id, byFeature: given })}
      nameOf={(path) => nameOf(path) ?? path}
    >
      {(issues) => (
        <>
          {all.map(({ id, name }) => (
            <DecimalField
              key={id}
              label={name}
              value={typed[id] ?? ''}
              error={issues[`byFeature.${given.findIndex(({ feature }) => feature === id)}.credits`]}
              onChange={(value) => setTyped((before) => ({ ...before, [id]: value }))}
            />
          ))}
          <Text size="sm" fw={600} aria-live="polite">
            {left < 0
              ? text.over({ credits: formatCreditsWithUnit(negate(left)) })
              : text.left({ credits: formatCreditsWithUnit(left) })}
          </Text>
        </>
      )}
    </FormModal>
  );

  function nameOf(path: string): string | undefined {
    const place = /^byFeature\.(\d+)\./.exec(path)?.[1];
    const id = place === undefined ? undefined : given[Number(place)]?.feature;
    return path === 'byFeature' ? text.title : all.find((feature) => feature.id === id)?.name;
  }
}
