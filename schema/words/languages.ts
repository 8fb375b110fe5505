/**
 * The languages the product speaks: one list. A line here is a language; the compiler then names each text that it
 * lacks, and `test/growing` holds that nothing else has to be told.
 */
interface Speech {
  /** what its speakers call it */
  own: string
  /** how it writes numbers and times, for Intl; en-GB for its 24 hours and its order of day and month */
  locale: string
  /** `lang` of a page, so that the right shapes of characters are chosen */
  page: string
  /** what stands between two sentences, and between a number's units */
  gap: ' ' | ''
  /** between a name and what is said of it */
  colon: string
  /** around what stands beside */
  aside: readonly [before: string, after: string]
  /** where the first sentence of a text ends */
  sentenceEnd: RegExp
}

/** « 28 nov. 2026 » ends no sentence. */
const FRENCH_END = /(?<!\b(?:janv|févr|avr|juil|sept|oct|nov|déc))\.\s/

export const SPEECH = {
  en: { own: 'English', locale: 'en-GB', page: 'en', gap: ' ', colon: ': ', aside: [' (', ')'], sentenceEnd: /\.\s/ },
  fr: {
    own: 'Français',
    locale: 'fr-FR',
    page: 'fr',
    gap: ' ',
    colon: '\u202f: ',
    aside: [' (', ')'],
    sentenceEnd: FRENCH_END,
  },
  zh: { own: '中文', locale: 'zh-CN', page: 'zh-Hans', gap: '', colon: '：', aside: ['（', '）'], sentenceEnd: /。/ },
} as const satisfies { readonly [language: string]: Speech }

export type Language = keyof typeof SPEECH

/** Their codes, in the order in which they are offered. */
export const LANGUAGES = Object.keys(SPEECH) as Language[]

/** What is spoken where nobody asked for another language. */
export const DEFAULT_LANGUAGE: Language = 'en'

export function isLanguage(value: unknown): value is Language {
  return typeof value === 'string' && Object.hasOwn(SPEECH, value)
}

/** A text, or the like, in every language. */
export type Translated<T> = { readonly [language in Language]: T }

export function eachLanguage<T>(make: (language: Language) => T): { [language in Language]: T } {
  return Object.fromEntries(LANGUAGES.map((l) => [l, make(l)])) as { [language in Language]: T }
}

/** " (28 min)", "（28 分钟）" */
export const inAside = (text: string, language: Language): string => SPEECH[language].aside.join(text)
