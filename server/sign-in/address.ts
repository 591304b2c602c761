// Addresses of e-mail as they are compared.

/** One form for all ways of writing an address; null where it is none. */
export function addressIn(text: string): string | null {
  const address = text.trim().normalize('NFC').toLowerCase();
  return address.length <= 320 && /^[^\s@]+@[^\s@]+$/.test(address) ? address : null;
}
