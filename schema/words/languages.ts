/** The languages the product speaks. Texts of the catalogue are complete in each of them. */
export const LANGUAGES = ['en', 'fr', 'zh'] as const
export type Language = (typeof LANGUAGES)[number]

/** What is spoken where nobody asked for another language. */
export const DEFAULT_LANGUAGE: Language = 'en'

export function isLanguage(value: unknown): value is Language {
  return (LANGUAGES as readonly unknown[]).includes(value)
}

/** A text, or the like, in every language. */
export type Translated<T> = { readonly [language in Language]: T }
