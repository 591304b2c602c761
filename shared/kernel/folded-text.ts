/** Text as people compare it while they look for something: without capitals, accents and space around it. */
export function foldedText(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().trim();
}
