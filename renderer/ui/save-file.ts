/** Hands a file to the person, as the shell saves what is downloaded. */
export function saveFile(blob: Blob, fileName: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser reads the blob after the click; a minute is ample for it to have begun.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** `fuelgauge-acme-ledger-2026-03-18.csv`: names in lower case, with nothing that a file system could stumble over. */
export function fileNameOf(parts: readonly string[], extension: 'csv' | 'json' | 'png'): string {
  const plain = parts.map((part) =>
    part
      .normalize('NFKD')
      .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
      .replaceAll(/^-+|-+$/g, '')
      .toLowerCase()
      .slice(0, 60),
  );
  return `${['fuelgauge', ...plain].filter((part) => part !== '').join('-')}.${extension}`;
}
