// Which language the app speaks. It is settled before the app's code is loaded, so that what is said at import is right.
import { createInstance } from 'i18next';

/** The languages that the app speaks; the first one stands in for what another lacks. */
const languages = ['en'] as const;

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

/** The person's locale. Chromium calls a system without one `en-US@posix`, which is no language tag to Intl. */
export function personLocale(): string {
  const [language = 'en'] = (globalThis.navigator?.language ?? 'en').split('@');
  return language;
}
