/**
 * Cloudflare's timestamps to epoch milliseconds: unixnano, unix or rfc3339 as the job asks for, and what other
 * tools make of them on the way (digits in a string, a space instead of the T, no zone).
 * https://developers.cloudflare.com/logs/logpush/logpush-job/log-output-options/
 */
import { MINUTE } from '../../schema/words/duration.js'

/** Outside of these a time is a mistake, not an event: 2005-01-01 to 2100-01-01, ms. */
const EARLIEST = Date.UTC(2005, 0, 1)
const LATEST = Date.UTC(2100, 0, 1)

const ISO = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?\s?(Z|z|UTC|[+-]\d\d:?\d\d)?$/
const DECIMAL = /^\d{1,20}(\.\d+)?$/

/** Milliseconds by magnitude: below 1e11 seconds, below 1e14 ms, below 1e17 µs, else ns. Digits are cut, never rounded. */
function fromDigits(text: string): number {
  const point = text.indexOf('.')
  const whole = point < 0 ? text : text.slice(0, point)
  const digits = whole.replace(/^0+(?=\d)/, '')
  const value = Number(digits)
  if (value < 1e11) {
    const fraction = point < 0 ? '' : text.slice(point + 1, point + 4).padEnd(3, '0')
    return value * 1000 + Number(fraction || 0)
  }
  if (value < 1e14) return value
  // a number of 19 digits is beyond 2^53: cut the text, since rounding could change the millisecond
  return Number(digits.slice(0, value < 1e17 ? -3 : -6))
}

function fromIso(text: string): number | null {
  const m = ISO.exec(text)
  if (!m) return null
  const [year, month, day, hour, minute, second] = [m[1], m[2], m[3], m[4], m[5], m[6]].map(Number)
  const ms = Number((m[7] ?? '').slice(0, 3).padEnd(3, '0'))
  const utc = Date.UTC(year, month - 1, day, hour, minute, second, ms)
  const back = new Date(utc)
  // Date.UTC carries 31 February into March; second 60 (a leap second) is let through
  if (back.getUTCMonth() !== month - 1 && second < 60) return null
  if (month > 12 || day > 31 || hour > 23 || minute > 59 || second > 60) return null
  const zone = m[8]
  if (zone === undefined || zone.length < 4) return utc
  const sign = zone[0] === '-' ? 1 : -1
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  return utc + sign * minutes * MINUTE
}

/** Epoch milliseconds, or null for what is no believable time. Numbers must come as their text where they exceed 2^53. */
export function parseTimestamp(value: unknown): number | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null
  const text = typeof value === 'number' ? numberText(value) : value.trim()
  const ms = DECIMAL.test(text) ? fromDigits(text) : fromIso(text)
  return ms !== null && ms >= EARLIEST && ms < LATEST ? ms : null
}

function numberText(value: number): string {
  return Number.isInteger(value) ? BigInt(value).toString() : String(value)
}
