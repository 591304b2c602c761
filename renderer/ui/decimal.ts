// Figures that people type, in the way their locale writes them, as the plain decimals that the replica reads.

/**
 * Turns `1.500,5` (de), `1,500.5` (en) or `1 500,5` (fr) into `1500.5`. Grouping is taken away only where it stands
 * between groups of three digits, so that a plain `1.5` keeps its meaning everywhere. What is no figure stays as typed,
 * and the replica says what is wrong with it.
 */
export function plainDecimal(typed: string, locale: string): string {
  // Keyboards give plain spaces and apostrophes where locales write typographic ones.
  const text = typed
    .trim()
    .replace(/[\u00a0\u202f\u2009]/g, ' ')
    .replaceAll('’', "'");
  const { group, decimal } = separatorsOf(locale);
  const grouping = group === '' ? ' ' : group;
  const grouped = new RegExp(
    `^([+-]?\\d{1,3}(?:[${escapeForClass(grouping)} ]\\d{2,3})*[${escapeForClass(grouping)} ]\\d{3})(${escapeForClass(decimal)}\\d*)?$`,
  );
  const match = grouped.exec(text);
  if (match) {
    const whole = (match[1] ?? '').replace(/[^\d+-]/g, '');
    const fraction = (match[2] ?? '').slice(1);
    return fraction === '' ? whole : `${whole}.${fraction}`;
  }
  return decimal === '.' ? text : text.replace(new RegExp(`^([+-]?\\d*)${escapeForClass(decimal)}(\\d+)$`), '$1.$2');
}

function separatorsOf(locale: string): { readonly group: string; readonly decimal: string } {
  const parts = new Intl.NumberFormat(locale).formatToParts(-1_234_567.5);
  const find = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  return {
    group: find('group')
      .replace(/[\u00a0\u202f]/g, ' ')
      .replace('’', "'"),
    decimal: find('decimal') || '.',
  };
}

function escapeForClass(text: string): string {
  return text.replace(/[\\\]^.-]/g, '\\$&');
}
