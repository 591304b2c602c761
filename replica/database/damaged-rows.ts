/** A row that was set aside, and why. */
export interface DamagedRow {
  readonly collection: string;
  readonly id: string;
  /** What is wrong, as far as it can be told: the field and what was expected of it. */
  readonly reason: string;
}

/** Rows that are set aside because they cannot be read or break a rule, each counted once however often it is met. */
export class DamagedRows {
  readonly #rows = new Map<string, DamagedRow>();

  get count(): number {
    return this.#rows.size;
  }

  has(collection: string, id: string): boolean {
    return this.#rows.has(`${collection}/${id}`);
  }

  note(collection: string, id: string, reason = 'It cannot be read.'): void {
    const key = `${collection}/${id}`;
    if (!this.#rows.has(key)) this.#rows.set(key, { collection, id, reason });
  }

  list(): readonly DamagedRow[] {
    return [...this.#rows.values()];
  }
}
