// What was crossed and happened, and what is told.
import { z } from 'zod';
import { alertKey } from '../../shared/alerts/key.ts';
import { alertKinds, type AlertKind } from '../../shared/alerts/alert.ts';
import type { AlertSettingsView, AlertView } from '../../shared/bridge/alert-views.ts';
import type { Client } from './client.ts';
import { command, neededText, oneOf, optionalCount, optionalText, toggle, type Command } from './command.ts';
import { iso, readableTime } from './output.ts';
import { wrongFlag } from './problem-of.ts';

const kind = oneOf(alertKinds).optional();

export const alertCommands: readonly Command[] = [
  listing('alerts'),
  listing('alerts list'),
  command({
    words: 'alerts seen',
    help: 'Mark all alerts of a workspace as seen',
    flags: [['--workspace <id>', 'the workspace, by id or by name']],
    input: z.object({ workspace: neededText }),
    async answer({ workspace }, context) {
      const { dismissed } = await (await context.client()).alerts.dismiss({ workspaceId: workspace });
      return { json: { dismissed }, text: `Marked as seen: ${dismissed}.` };
    },
  }),
  command({
    words: 'alerts settings',
    help: 'What is told, and when',
    flags: [
      ['--workspace <id>', 'the workspace, by id or by name'],
      ['--thresholds <percents>', 'such as 50,80,100'],
      ['--run-out <percent>', 'tell of a run-out that is more probable than this'],
      ['--hold-minutes <count>', 'tell of a hold so long before it times out'],
      ['--quiet <hours>', 'tell nothing then, such as 22:00-07:00'],
      ['--no-quiet', 'tell at any time'],
      ['--on <kind>', `one of ${alertKinds.join(', ')}`],
      ['--off <kind>', 'the same'],
    ],
    input: z.object({
      workspace: neededText,
      thresholds: optionalText,
      runOut: optionalCount,
      holdMinutes: optionalCount,
      quiet: z.union([z.boolean(), z.string()]).optional(),
      on: kind,
      off: kind,
    }),
    async answer({ workspace: workspaceId, thresholds, runOut, holdMinutes, quiet, on, off }, context) {
      const { alerts } = await context.client();
      const hours = typeof quiet === 'string' ? /^(\d\d:\d\d)-(\d\d:\d\d)$/.exec(quiet) : null;
      if (typeof quiet === 'string' && hours === null) throw wrongFlag('--quiet', 'write it as 22:00-07:00');
      const before = await alerts.settings({ workspaceId });
      const [, from = '', until = ''] = hours ?? [];
      const given = {
        ...(thresholds === undefined ? {} : { thresholds: percentsIn(thresholds) }),
        ...(runOut === undefined ? {} : { runOutPercent: runOut }),
        ...(holdMinutes === undefined ? {} : { holdMinutes }),
        ...(hours === null ? {} : { quietHours: { on: true, from, until } }),
        ...(quiet === false ? { quietHours: { ...before.preferences.quietHours, on: false } } : {}),
        ...(on === undefined && off === undefined ? {} : { kinds: switchesOf(on, off) }),
      };
      const settings = Object.keys(given).length === 0 ? before : await alerts.setSettings({ workspaceId, ...given });
      return { json: { ...settings }, text: settingsText(settings) };
    },
  }),
];

/** The same command under two names. */
function listing(words: string): Command {
  return command({
    words,
    help: 'What was crossed and happened, newest first',
    flags: [
      ['--workspace <id>', 'the workspace, by id or by name (default: all)'],
      ['--all', 'what was seen already and what is switched off, too'],
    ],
    input: z.object({ workspace: optionalText, all: toggle }),
    async answer({ workspace, all }, context) {
      const client = await context.client();
      const known = await client.workspaces.list();
      const chosen =
        workspace === undefined ? known.map(({ id, name }) => ({ id, name })) : [{ id: workspace, name: '' }];
      const found: { readonly workspace: string; readonly name: string; readonly alert: AlertView }[] = [];
      for (const { id, name } of chosen) {
        const alerts = await alertsOf(client, id);
        const shown = alerts.filter((alert) => all === true || (!alert.seen && alert.told === 'told'));
        found.push(...shown.map((alert) => ({ workspace: id, name, alert })));
      }
      const sorted = found.toSorted((left, right) => right.alert.at - left.alert.at);
      return {
        json: { alerts: sorted.map(({ workspace: id, alert }) => alertJson(id, alert)) },
        text:
          sorted.length === 0
            ? 'There are no new alerts.'
            : sorted.map(({ name, alert }) => alertText(name, alert)).join('\n'),
      };
    },
  });
}

/** The present view, which a live one begins with. */
async function alertsOf(client: Client, workspaceId: string): Promise<readonly AlertView[]> {
  const views = await client.alerts.live({ workspaceId });
  for await (const { alerts } of views) return alerts;
  return [];
}

export function percentsIn(text: string): number[] {
  return text.split(',').map((part) => {
    if (!/^\s*\d{1,4}\s*$/.test(part)) throw wrongFlag('--thresholds', `“${part}” is no whole percent`);
    return Number(part);
  });
}

function switchesOf(on: AlertKind | undefined, off: AlertKind | undefined): Partial<Record<AlertKind, boolean>> {
  const switches: Partial<Record<AlertKind, boolean>> = {};
  if (off !== undefined) switches[off] = false;
  if (on !== undefined) switches[on] = true;
  return switches;
}

function alertJson(workspace: string, { id, at, fact, headline, detail, seen, told }: AlertView) {
  const key = alertKey(fact);
  return { workspace, id, key, at: iso(at), kind: fact.kind, rule: fact.rule, headline, detail, seen, told };
}

function alertText(name: string, { at, headline, detail }: AlertView): string {
  return `${readableTime(at)}  ${name === '' ? '' : `${name}: `}${headline}.\n  ${detail}`;
}

function settingsText({ rules, preferences }: AlertSettingsView): string {
  const { on, from, until } = preferences.quietHours;
  const off = alertKinds.filter((each) => !preferences.kinds[each]);
  return [
    `Thresholds: ${rules.thresholds.map((percent) => `${percent} %`).join(', ') || 'none'}.`,
    `A run-out is told when it is more than ${rules.runOutPercent} % likely, a hold ${rules.holdMinutes} minutes before it times out.`,
    on ? `Quiet hours: ${from} to ${until}.` : 'There are no quiet hours.',
    off.length === 0 ? 'Every kind is told.' : `Not told: ${off.join(', ')}.`,
  ].join('\n');
}
