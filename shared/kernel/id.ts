/**
 * Ids are made by the device before anything is sent. [K7]
 * `fresh` is a UUIDv7; `ofName` is the UUIDv5 of a natural key, so that the same thing gets the same id everywhere.
 */
export interface Ids {
  readonly fresh: () => string;
  readonly ofName: (name: string) => string;
}

/** Orders ids by code unit, the same on every device and in every locale. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
