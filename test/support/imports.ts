// Files imported through the contract of a test replica.
import { ORPCError } from '@orpc/server';
import type { ImportEvent, ImportMapping, ImportSummary } from '../../shared/bridge/import-views.ts';
import type { Client } from './replica.ts';

export interface ImportOptions {
  readonly mapping?: string | ImportMapping;
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: ImportEvent) => void;
}

const pieceBytes = 512 * 1024;

/** Copies a file into the replica; answers its upload id. */
export async function upload(client: Client, content: string | Buffer, fileName = 'usage.csv'): Promise<string> {
  const bytes = Buffer.from(content);
  const { uploadId } = await client.imports.open({ fileName, sizeBytes: bytes.length });
  for (let sent = 0; sent < bytes.length; sent += pieceBytes) {
    await client.imports.chunk({ uploadId, base64: bytes.subarray(sent, sent + pieceBytes).toString('base64') });
  }
  return uploadId;
}

/** Imports what was uploaded and answers the summary. */
export async function runUpload(
  client: Client,
  target: { readonly uploadId: string; readonly workspaceId: string },
  options: ImportOptions = {},
): Promise<ImportSummary> {
  const { mapping, dryRun = false, signal, onEvent } = options;
  const input = { ...target, dryRun, ...(mapping === undefined ? {} : { mapping }) };
  let summary: ImportSummary | undefined;
  for await (const event of await client.imports.run(input, signal === undefined ? {} : { signal })) {
    onEvent?.(event);
    if (event.kind === 'summary') summary = event.summary;
  }
  if (!summary) throw new ORPCError('ENDED_WITHOUT_SUMMARY');
  return summary;
}

export async function importFile(
  client: Client,
  workspaceId: string,
  content: string | Buffer,
  options: ImportOptions = {},
): Promise<ImportSummary> {
  return runUpload(client, { uploadId: await upload(client, content), workspaceId }, options);
}

/** A file of comma-separated cells; a cell that needs quotes brings them. */
export function csv(header: string, ...rows: readonly string[]): string {
  return `${[header, ...rows].join('\n')}\n`;
}

/** As GitHub writes it, with the columns that matter. */
export function copilotFile(rows: number): string {
  const lines = ['date,username,model,quantity,cost_center_name,aic_quantity'];
  for (let row = 0; row < rows; row += 1) {
    const day = String(1 + (row % 28)).padStart(2, '0');
    lines.push(`2026-10-${day},user-${row % 50},Model ${row % 5},${1 + (row % 3)},cc-${row % 4},${(row % 7) + 0.25}`);
  }
  return `${lines.join('\n')}\n`;
}
