import { Highlight, Modal, Text, TextInput, VisuallyHidden } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useId, useState } from 'react';
import type { WorkspaceSummary } from '../../shared/bridge/views.ts';
import { shortcutHandler } from '../hooks/shortcuts.ts';
import { useReturnFocus } from '../hooks/use-return-focus.ts';
import { KeyCaps } from './key-caps.tsx';
import { grouped, matching } from './palette-model.ts';
import { strings } from './palette-strings.ts';
import classes from './palette.module.css';
import { useCommands, type Command } from './use-commands.tsx';
import { useSearchHits } from './use-search-hits.ts';

interface PaletteDialogProps {
  readonly workspaceId: string | null;
  readonly workspaces: readonly WorkspaceSummary[];
  readonly onClose: () => void;
}

/** Everything by name: screens, actions, workspaces, and people, features and lines that are found. A list of options. */
export function PaletteDialog({ workspaceId, workspaces, onClose }: PaletteDialogProps) {
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const list = useId();
  useReturnFocus();
  const commands = useCommands({ workspaceId, workspaces });
  const { commands: hits, searching, failed } = useSearchHits(typed, workspaceId);
  const groups = grouped([...matching(commands, typed), ...hits], typed.trim() === '' ? Infinity : ofGroupMax);
  const entries = groups.flatMap(({ entries: some }) => some);
  const place = Math.min(active, entries.length - 1);
  const idOf = (at: number) => `${list}-${at}`;

  const activeId = idOf(place);
  useEffect(() => {
    document.getElementById(activeId)?.scrollIntoView({ block: 'nearest' });
  }, [activeId]);

  const choose = (command: Command | undefined): void => {
    if (command === undefined) return;
    onClose();
    // Once the palette is gone: what is chosen may open a dialog of its own.
    setTimeout(command.run);
  };
  const move = (by: number): void => setActive((place + by + entries.length) % Math.max(entries.length, 1));
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      size={640}
      padding={0}
      yOffset="12vh"
      attributes={{ content: { 'aria-label': strings.open } }}
    >
      <TextInput
        data-autofocus
        size="lg"
        variant="unstyled"
        className={classes['search'] ?? ''}
        leftSection={<IconSearch size={18} aria-hidden />}
        placeholder={strings.placeholder}
        aria-label={strings.open}
        role="combobox"
        aria-expanded
        aria-autocomplete="list"
        aria-controls={list}
        aria-activedescendant={entries.length === 0 ? undefined : activeId}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={(event) => {
          // Enter ends a word that is being put together, as in Japanese.
          if (event.nativeEvent.isComposing) return;
          shortcutHandler({
            'palette-next': () => move(1),
            'palette-previous': () => move(-1),
            'palette-choose': () => choose(entries[place]),
          })(event);
        }}
      />
      <VisuallyHidden role="status">
        {searching ? strings.searching : strings.results({ count: entries.length })}
      </VisuallyHidden>
      <div role="listbox" id={list} aria-label={strings.open} className={classes['list']} data-searching={searching}>
        {groups.map(({ group, entries: of }) => (
          <div key={group} role="group" aria-label={strings.groups[group]}>
            <div className={classes['group']} aria-hidden>
              {strings.groups[group]}
            </div>
            {of.map((command) => {
              const at = entries.indexOf(command);
              return (
                <Option
                  key={command.id}
                  id={idOf(at)}
                  command={command}
                  typed={typed}
                  active={at === place}
                  onChoose={() => choose(command)}
                />
              );
            })}
          </div>
        ))}
      </div>
      {entries.length === 0 && !searching ? (
        <Text size="sm" c="dimmed" ta="center" p="md">
          {strings.nothing}
        </Text>
      ) : null}
      {failed ? (
        <Text size="sm" c="dimmed" p="sm" role="alert">
          {strings.failed}
        </Text>
      ) : null}
    </Modal>
  );
}

interface OptionProps {
  readonly id: string;
  readonly command: Command;
  readonly typed: string;
  readonly active: boolean;
  readonly onChoose: () => void;
}

function Option({ id, command, typed, active, onChoose }: OptionProps) {
  const { icon: OptionIcon, label, hint, keys } = command;
  return (
    // The keyboard stays in the field, which names the active option and takes its keys.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      role="option"
      id={id}
      aria-selected={active}
      className={classes['option']}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onChoose}
    >
      <OptionIcon size={18} stroke={1.6} aria-hidden style={{ flex: 'none' }} />
      <span className={classes['words']}>
        <bdi>
          <Highlight component="span" inherit highlight={typed.trim()}>
            {label}
          </Highlight>
        </bdi>
        {hint === undefined ? null : <span className={classes['hint']}>{hint}</span>}
      </span>
      {keys === undefined ? null : <KeyCaps keys={keys} />}
    </div>
  );
}

const ofGroupMax = 8;
