// Which language the page speaks. It is settled before the app's code is loaded, so that what is said at import is right.
import { createInstance } from 'i18next';
import type { Messages } from './messages.ts';

/** The languages that the page speaks. The first one stands in for what another lacks. */
export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];

/** What a person chose on this computer: a language, or that of the system. */
export type LanguageChoice = 'system' | Language;

/** All messages of a language, by the name under which a feature asks for its words. */
export type Translations = Readonly<Record<string, Messages>>;

const [english] = languages;

/** Holds the messages. Every feature adds its English ones when it is loaded. */
export const translator = createInstance();

// With `initAsync: false` it is ready when this returns; nothing is fetched.
void translator.init({
  lng: english,
  fallbackLng: english,
  supportedLngs: languages,
  initAsync: false,
  resources: {},
  ns: [],
  nsSeparator: false,
  // A hint may be nothing in one place of a group.
  returnEmptyString: true,
  // React escapes what it shows.
  interpolation: { escapeValue: false },
});

// A word inside of a sentence, in languages that begin it with a small letter there: `{{role, lowercase}}`.
translator.services.formatter?.add('lowercase', (value: unknown, language) =>
  String(value).toLocaleLowerCase(language),
);

// Beside the colour scheme, which is of this computer too.
const choiceKey = 'fuelgauge-language';

/** What was chosen on this computer; the system's language where nothing was. */
export function languageChoice(): LanguageChoice {
  const kept = localStorage.getItem(choiceKey);
  return languages.find((language) => language === kept) ?? 'system';
}

/** Keeps the choice and loads the page anew, in that language. */
export function chooseLanguage(choice: LanguageChoice): void {
  if (choice === 'system') localStorage.removeItem(choiceKey);
  else localStorage.setItem(choiceKey, choice);
  location.reload();
}

/** `English`, `Deutsch`: a language as whoever speaks it calls it. */
export function nameOfLanguage(language: Language): string {
  return new Intl.DisplayNames(language, { type: 'language' }).of(language) ?? language;
}

/**
 * The language for a choice. That of the system is the first of `wanted` that the page speaks, whatever its region:
 * `de-AT` is German. English where it speaks none of them.
 */
export function languageFor(choice: LanguageChoice, wanted: readonly string[]): Language {
  if (choice !== 'system') return choice;
  return wanted.map(languageOf).find((language) => language !== undefined) ?? english;
}

/** The locale in which figures and dates are written in a language: that of the system where it is of that language. */
export function localeFor(language: Language, wanted: readonly string[]): string {
  return wanted.find((tag) => languageOf(tag) === language) ?? language;
}

/**
 * Settles the language of the page; to be awaited before any feature is loaded. `translations` fetches the messages of
 * each language but English, whose messages come with the features.
 */
export async function startLanguage(
  translations: Readonly<Record<Exclude<Language, 'en'>, () => Promise<Translations>>>,
): Promise<void> {
  const language = languageFor(languageChoice(), wantedByTheSystem());
  if (language !== english) await speak(language, await translations[language]());
  document.documentElement.lang = language;
  document.documentElement.dir = translator.dir(language);
}

/** Speaks a language from here on, with these messages. What was said before stays as it is. */
export async function speak(language: Language, translations: Translations): Promise<void> {
  for (const [namespace, messages] of Object.entries(translations)) {
    translator.addResourceBundle(language, namespace, messages);
  }
  await translator.changeLanguage(language);
}

/** The locale of figures, dates and sorting: the language of the page, with the region of the system. */
export function personLocale(): string {
  const { language } = translator;
  if (language !== settled.language) {
    settled = { language, locale: localeFor(languageOf(language) ?? english, wantedByTheSystem()) };
  }
  return settled.locale;
}

// Every figure of a list asks for it.
let settled = { language: '', locale: '' };

/** The tags that the system prefers. Chromium calls one without a language `en-US@posix`, which is no tag to Intl. */
function wantedByTheSystem(): readonly string[] {
  return (globalThis.navigator?.languages ?? []).map((tag) => tag.split('@')[0] ?? tag);
}

function languageOf(tag: string): Language | undefined {
  return languages.find((language) => tag === language || tag.startsWith(`${language}-`));
}
