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

/** The namespace of this product's natural keys, for UUIDv5. [K7] */
export const naturalKeyNamespace = '6f6f2c52-3d0c-5d0c-9a53-0f7b5b6d2a11';
