/** The texts of the page. A new language is a file of the shape of en.ts, and its line here. */
import { DEFAULT_LANGUAGE, LANGUAGES, type Language } from '../../schema/words/languages.js'
import type { Words } from './en.js'

export type { Words } from './en.js'

export const LANGS = LANGUAGES
export type Lang = Language

/** Each language travels alone: a reader loads one. */
const loaders: { [L in Lang]: () => Promise<Words> } = {
  en: async () => (await import('./en.js')).en,
  fr: async () => (await import('./fr.js')).fr,
  zh: async () => (await import('./zh.js')).zh,
}

export const loadWords = (lang: Lang): Promise<Words> => loaders[lang]()

/** `zh-Hant-TW` is met by zh. */
const metBy = (wish: string | null | undefined): Lang | undefined => {
  const base = wish?.trim().toLowerCase().split(/[-_;]/)[0]
  return LANGS.find((l) => l === base)
}

export const isLang = (wish: string): boolean => metBy(wish) !== undefined

/** The first wish that can be met (`zh-Hant-TW` is met by zh), else English. */
export function pickLang(wishes: readonly (string | null | undefined)[]): Lang {
  for (const wish of wishes) {
    const lang = metBy(wish)
    if (lang) return lang
  }
  return DEFAULT_LANGUAGE
}
