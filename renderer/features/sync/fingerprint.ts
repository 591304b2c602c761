/** A fingerprint in fours, to be compared by eye and ear. */
export function grouped(fingerprint: string): string {
  return fingerprint.match(/.{1,4}/g)?.join(' ') ?? '';
}

/** Whether what was typed is the address of a server and nothing else: an invite has a code too. */
export function isAddressOnly(typed: string): boolean {
  const word = typed.trim();
  return !/\s/.test(word) && !/^fuelgauge:/i.test(word) && /^https?:\/\/|^localhost\b|[.:]/i.test(word);
}
