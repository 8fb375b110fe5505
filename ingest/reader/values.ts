/**
 * One value of a log line to one value of a record. Each function takes whatever JSON had in the place
 * (exports that passed through other tools carry numbers as strings and arrays as strings) and returns null
 * where there is nothing to keep.
 */
import { REQUEST_SOURCES, plain } from '../../schema/words/source.js'

/** Characters kept of a text; what is longer comes from an attack or a mistake and would only fill the store. */
export const MAX_TEXT = 8_192

export function text(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value.length > MAX_TEXT ? value.slice(0, MAX_TEXT) : value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return null
}

export const lower = (value: unknown): string | null => text(value)?.toLowerCase() ?? null
export const upper = (value: unknown): string | null => text(value)?.toUpperCase() ?? null

/** A finite number that is not negative, also out of a string. */
export function amount(value: unknown): number | null {
  if (typeof value === 'string') {
    const trimmed = value.trim()
    if (!/^\d+(\.\d+)?([eE][+-]?\d+)?$/.test(trimmed)) return null
    value = Number(trimmed)
  }
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null
}

export function wholeAmount(value: unknown): number | null {
  const n = amount(value)
  return n !== null && Number.isSafeInteger(n) ? n : null
}

/** A status from 0 to 999; anything else is none. */
export function status(value: unknown): number | null {
  const n = wholeAmount(value)
  return n !== null && n <= 999 ? n : null
}

export function asn(value: unknown): number | null {
  const n = wholeAmount(typeof value === 'string' ? value.replace(/^AS/i, '') : value)
  return n !== null && n > 0 && n <= 0xffff_ffff ? n : null
}

export function flag(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value
  if (value === 'true' || value === 1 || value === '1') return true
  if (value === 'false' || value === 0 || value === '0') return false
  return null
}

/** A list of texts: an array, a JSON array in a string, or words with commas between. */
export function list(value: unknown): string[] {
  if (Array.isArray(value)) return value.map((v) => text(v) ?? '')
  if (typeof value !== 'string') return []
  const trimmed = value.trim()
  if (trimmed === '' || trimmed === '[]') return []
  if (trimmed.startsWith('[')) {
    try {
      const parsed: unknown = JSON.parse(trimmed)
      if (Array.isArray(parsed)) return list(parsed)
    } catch {
      return list(trimmed.replace(/^\[|\]$/g, '').replaceAll(/['"]/g, ''))
    }
  }
  return trimmed.split(',').map((part) => part.trim())
}

const requestSourceByPlainName = new Map<string, string>(REQUEST_SOURCES.map((name) => [plain(name), name]))

/** ClientRequestSource by number or name, in Cloudflare's spelling. */
export function requestSource(value: unknown): string | null {
  const word = text(value)
  if (word === null) return null
  if (/^\d{1,2}$/.test(word)) return REQUEST_SOURCES[Number(word)] ?? word
  return requestSourceByPlainName.get(plain(word)) ?? word
}

/** "00" and "0" stand for "no parent" in real exports, an empty string in the docs' examples. */
export function parentRay(value: unknown): string | null {
  const id = text(value)
  return id === null || /^0*$/.test(id) ? null : id
}

/** `unknown` is Cloudflare's word for "no value" in the older security fields. */
export function meaningful(value: unknown): string | null {
  const word = text(value)
  return word === null || plain(word) === 'unknown' ? null : word
}

/** The media type alone, lower case: `text/html` of `text/html; charset=UTF-8`. */
export function mediaType(value: unknown): string | null {
  return lower(lower(value)?.split(';', 1)[0].trim())
}

/**
 * What Cloudflare takes the client for: the category of a verified bot as it is, a bot score by its grouping. Score 0 is none.
 * https://developers.cloudflare.com/bots/concepts/bot-score/
 */
export function botDecision(value: unknown): string | null {
  const score = wholeAmount(value)
  if (score === null) return typeof value === 'string' ? meaningful(value.trim()) : null
  if (score < 1 || score > 99) return null
  return score === 1 ? 'automated' : score < 30 ? 'likely-automated' : 'likely-human'
}
