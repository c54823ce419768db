/** The language of the console, decided once, when a page is loaded: what was chosen here, else what the browser prefers. */
export const languages = { en: 'English', de: 'Deutsch' } as const;

export type Language = keyof typeof languages;
export type LanguageChoice = Language | 'system';

/** The texts of one file in another language; each has its own chunk, which only its readers load. */
type Translations<Texts> = Readonly<Record<Exclude<Language, 'en'>, () => Promise<{ readonly translation: Texts }>>>;

const KEY = 'continuo-language';

/** The tests read texts without a browser. */
const inBrowser = typeof document !== 'undefined';

export const languageChoice: LanguageChoice = toChoice(inBrowser ? localStorage.getItem(KEY) : null);

/** Those that are well formed: a browser in the POSIX locale calls its own `en-US@posix`. */
const preferred = (inBrowser ? navigator.languages : ['en']).filter(isWellFormed);

export const language: Language =
  languageChoice === 'system' ? (preferred.map(baseOf).find(isLanguage) ?? 'en') : languageChoice;

/**
 * How numbers and dates are written: with the region that the browser names for the language (`de-AT`). Who reads English
 * because there is no text in their own language keeps the browser's way: undefined.
 */
export const locale: string | undefined =
  preferred.find((tag) => baseOf(tag) === language) ?? (languageChoice === 'system' ? undefined : language);

/** Kept in this browser; the page is loaded again, in that language. */
export function chooseLanguage(choice: LanguageChoice): void {
  if (choice === 'system') localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, choice);
  location.reload();
}

/**
 * The texts in the language of the page, to be awaited where the file exports them: whatever imports that file runs when
 * they are there, so nothing is ever drawn in English first. English where the other language can't be loaded.
 */
export async function inLanguage<Texts>(english: Texts, translations: Translations<Texts>): Promise<Texts> {
  if (language === 'en') return english;
  return translations[language]().then(
    ({ translation }) => translation,
    () => {
      spoken = 'en';
      return english;
    },
  );
}

let spoken: Language = language;

/** The language of the texts that are there: English where those of another one could not be loaded. */
export function spokenLanguage(): Language {
  return spoken;
}

/** What names no language is the system's choice. */
export function toChoice(stored: string | null): LanguageChoice {
  return stored !== null && isLanguage(stored) ? stored : 'system';
}

function isLanguage(name: string): name is Language {
  return Object.hasOwn(languages, name);
}

/** `de` of `de-AT`. */
function baseOf(tag: string): string {
  return tag.split('-', 1)[0]?.toLowerCase() ?? '';
}

function isWellFormed(tag: string): boolean {
  try {
    Intl.getCanonicalLocales(tag);
    return true;
  } catch {
    return false;
  }
}
