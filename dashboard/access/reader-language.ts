/** The language of whoever looked last: for texts that are written once, when nobody asks in particular. */
import type { FastifyRequest } from 'fastify'
import { DEFAULT_LANGUAGE, isLanguage, type Language } from '../../schema/words/languages.js'

export interface ReaderLanguage {
  /**
   * Reads the request for a language: the one that the page asks in, else that of the browser. Programs have none, and
   * strangers no say.
   */
  note(request: FastifyRequest): void
  current(): Language
}

export function createReaderLanguage(): ReaderLanguage {
  let asked: Language | null = null
  let browser: Language | null = null
  return {
    note(request) {
      if (!request.known || request.headers['sec-fetch-site'] !== 'same-origin') return
      const { query } = request
      if (typeof query === 'object' && query !== null && 'lang' in query && isLanguage(query.lang)) asked = query.lang
      browser = browserLanguage(request) ?? browser
    },
    current: () => asked ?? browser ?? DEFAULT_LANGUAGE,
  }
}

/** The first wish of Accept-Language that can be met; null: none. */
export function browserLanguage(request: FastifyRequest): Language | null {
  for (const part of (request.headers['accept-language'] ?? '').split(',')) {
    const lang = part.trim().slice(0, 2).toLowerCase()
    if (isLanguage(lang)) return lang
  }
  return null
}
