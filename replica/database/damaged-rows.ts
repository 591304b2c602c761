/** Rows that could not be read, each counted once however often it is met. */
export class DamagedRows {
  readonly #rows = new Set<string>();

  get count(): number {
    return this.#rows.size;
  }

  has(collection: string, id: string): boolean {
    return this.#rows.has(`${collection}/${id}`);
  }

  note(collection: string, id: string): void {
    this.#rows.add(`${collection}/${id}`);
  }
}
