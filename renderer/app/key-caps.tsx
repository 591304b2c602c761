import { Kbd } from '@mantine/core';
import { useOs } from '@mantine/hooks';
import { Fragment } from 'react';
import { keyCaps } from '../hooks/shortcuts.ts';
import { strings } from './shortcut-strings.ts';

/** A key combination as the keyboard of this computer is labelled. */
export function KeyCaps({ keys }: { readonly keys: string }) {
  const isMac = useOs() === 'macos';
  return (
    <span style={{ whiteSpace: 'nowrap' }}>
      {keyCaps(keys, isMac).map((cap, place) => (
        <Fragment key={place}>
          {place === 0 ? null : ' '}
          <Kbd size="xs">{labelOf(cap)}</Kbd>
        </Fragment>
      ))}
    </span>
  );
}

/** A word on a key, as keyboards of the language have it; signs are the same on all. */
function labelOf(cap: string): string {
  const labels: Readonly<Record<string, string>> = strings.keys;
  return labels[cap] ?? cap;
}
