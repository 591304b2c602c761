/**
 * Text as it is held in columns, so that SQLite sorts strings exactly as JavaScript does.
 *
 * JavaScript compares UTF-16 code units, SQLite compares UTF-8 bytes, and the two disagree from U+D800 on: surrogates
 * (emoji and all else beyond U+FFFF) come before U+E000 in JavaScript and after U+FFFF in SQLite. A lone surrogate has
 * no UTF-8 form at all. So every code unit from U+D800 on is held as a character of its own, in the same order:
 * U+D800–U+DFFF as U+E000–U+E7FF, U+E000–U+FFFF as U+10000–U+11FFF. All text below U+D800 is held as it is.
 */

const UNIT_THAT_NEEDS_A_FORM = /[\uD800-\uFFFF]/;
const FORM = /[\uE000-\uE7FF]|[\uD800-\uDBFF][\uDC00-\uDFFF]/g;

/** What to bind when comparing a text column with `value`. */
export function toColumnText(value: string): string {
  if (!UNIT_THAT_NEEDS_A_FORM.test(value)) {
    return value;
  }
  let text = '';
  for (let index = 0; index < value.length; index += 1) {
    const unit = value.charCodeAt(index);
    if (unit < 0xd800) {
      text += String.fromCharCode(unit);
    } else if (unit < 0xe000) {
      text += String.fromCharCode(unit + 0x800);
    } else {
      text += String.fromCodePoint(unit - 0xe000 + 0x10000);
    }
  }
  return text;
}

/** The string that a text column stands for. Inverse of `toColumnText`. */
export function fromColumnText(text: string): string {
  return text.replace(FORM, (form) =>
    form.length === 1
      ? String.fromCharCode(form.charCodeAt(0) - 0x800)
      : String.fromCharCode((form.codePointAt(0) ?? 0) - 0x10000 + 0xe000),
  );
}
