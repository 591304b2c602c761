// The ledger from and to files.
import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import type { ImportSummary } from '../../shared/bridge/import-views.ts';
import { assert } from '../../shared/kernel/assert.ts';
import { formatDecimal } from '../../shared/kernel/credits.ts';
import { fileProblem } from '../transfer/file-text.ts';
import type { Client } from './client.ts';
import { command, neededText, oneOf, optionalText, toggle, type Command, type CommandContext } from './command.ts';
import { iso, oneLine, readableCount, readableCredits, readableNumberOf, readablePercent } from './output.ts';
import { wrongFlag } from './problem-of.ts';

const pieceBytes = 1024 * 1024;
const rejectedLinesShown = 20;

export const fileCommands: readonly Command[] = [
  command({
    words: 'import',
    help: 'Book the uses of a CSV file; the same file again books nothing',
    argument: { name: 'file', help: 'the file' },
    flags: [
      ['--workspace <id>', 'the workspace, by id or by name'],
      ['--mapping <id>', 'how its columns are read, e.g. github-copilot or cursor (default: recognised)'],
      ['--dry-run', 'say what would be booked and book nothing'],
    ],
    input: z.object({ file: neededText, workspace: neededText, mapping: optionalText, dryRun: toggle }),
    async answer({ file, workspace, mapping, dryRun = false }, context) {
      const source = await openSource(file);
      try {
        const client = await context.client();
        const uploadId = await upload(client, source, context);
        try {
          const chosen = mapping === undefined ? {} : { mapping };
          const summary = await run(client, { uploadId, workspaceId: workspace, dryRun, ...chosen }, context);
          const nothingUsable = summary.rows > 0 && summary.rejectedTotal === summary.rows;
          return { json: summaryJson(summary), text: summaryText(summary, dryRun), unusable: nothingUsable };
        } finally {
          context.showProgress('');
          await client.imports.discard({ uploadId });
        }
      } finally {
        await source.handle.close();
      }
    },
  }),
  command({
    words: 'export',
    help: 'Write the whole ledger to the standard output',
    flags: [
      ['--workspace <id>', 'the workspace, by id or by name'],
      ['--format <format>', 'csv or json'],
    ],
    input: z.object({ workspace: neededText, format: oneOf(['csv', 'json']) }),
    async answer({ workspace, format }, context) {
      const client = await context.client();
      for await (const { text } of await client.ledger.export({ workspaceId: workspace, format })) {
        await context.write(text);
      }
      return { json: undefined, text: '' };
    },
  }),
];

interface Source {
  readonly handle: FileHandle;
  readonly path: string;
  readonly sizeBytes: number;
}

async function openSource(path: string): Promise<Source> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const stat = await handle.stat();
    if (stat.isDirectory()) throw wrongFlag('FILE', `${path}: This is a folder and not a file.`);
    return { handle, path, sizeBytes: stat.size };
  } catch (error) {
    await handle?.close();
    if (handle !== undefined) throw error;
    throw wrongFlag('FILE', `${path}: ${fileProblem(error)}`);
  }
}

async function upload(client: Client, { handle, path, sizeBytes }: Source, context: CommandContext): Promise<string> {
  const { uploadId } = await client.imports.open({ fileName: basename(path), sizeBytes });
  const piece = Buffer.alloc(pieceBytes);
  for (let sent = 0; sent < sizeBytes;) {
    const { bytesRead } = await handle.read(piece, 0, pieceBytes, sent);
    if (bytesRead === 0) throw wrongFlag('FILE', `${path} became shorter while it was read`);
    await client.imports.chunk({ uploadId, base64: piece.subarray(0, bytesRead).toString('base64') });
    sent += bytesRead;
    context.showProgress(`Copying: ${readablePercent(sent / sizeBytes)}`);
  }
  return uploadId;
}

async function run(
  client: Client,
  input: Parameters<Client['imports']['run']>[0],
  context: CommandContext,
): Promise<ImportSummary> {
  let summary: ImportSummary | undefined;
  for await (const event of await client.imports.run(input)) {
    if (event.kind === 'summary') summary = event.summary;
    else {
      const share = event.total > 0 ? readablePercent(event.done / event.total) : readableCount(event.done);
      context.showProgress(`${event.phase === 'reading' ? 'Reading' : 'Booking'}: ${share}`);
    }
  }
  assert(summary !== undefined, 'An import ends with its summary.');
  return summary;
}

function summaryJson(summary: ImportSummary) {
  return {
    rows: summary.rows,
    booked: summary.booked,
    duplicates: summary.duplicates,
    restated: summary.restated,
    rejected: summary.rejected.map(({ line, column, message }) => ({ line, column, message })),
    credits: formatDecimal(summary.credits),
    from: iso(summary.from),
    to: iso(summary.to),
    members: summary.members,
    features: summary.features,
  };
}

function summaryText(summary: ImportSummary, dryRun: boolean): string {
  const { rows, booked, duplicates, restated, rejected, rejectedTotal } = summary;
  const counts = [
    `${readableCount(booked)} ${dryRun ? 'would be booked' : 'booked'}`,
    `${readableCount(duplicates)} there already`,
    ...(restated > 0 ? [`${readableCount(restated)} restated`] : []),
    ...(rejectedTotal > 0 ? [`${readableCount(rejectedTotal)} rejected`] : []),
  ];
  const lines = [
    `${readableNumberOf(rows, 'row')}: ${counts.join(', ')}.`,
    `${readableCredits(summary.credits)} of ${readableNumberOf(summary.members, 'member')} and ${readableNumberOf(summary.features, 'feature')} on ${readableNumberOf(summary.days, 'day')}.`,
  ];
  if (summary.roundedRows > 0) {
    lines.push(`Figures with more than six places were rounded in ${readableNumberOf(summary.roundedRows, 'row')}.`);
  }
  for (const { line, column, message } of rejected.slice(0, rejectedLinesShown)) {
    lines.push(`Line ${line}${column === '' ? '' : `, ${oneLine(column)}`}: ${oneLine(message)}`);
  }
  if (rejectedTotal > rejectedLinesShown)
    lines.push(`… and ${readableCount(rejectedTotal - rejectedLinesShown)} more.`);
  return lines.join('\n');
}
