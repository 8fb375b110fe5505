/** Query parameters to questions. What can't be understood is a value with a reason, told to the one who asked. */
import { iso } from '../../schema/words/iso.js'
import { DateTime } from 'luxon'
import { Type, type TSchema } from 'typebox'
import { DEFAULT_LANGUAGE, isLanguage, LANGUAGES, type Language } from '../../schema/words/languages.js'
import { DIMENSIONS, isDimension, type Dimension, type Filter, type Selection } from '../../schema/store/query.js'
import { COUNTED_STEP } from '../../schema/store/counts-only.js'
import type { RecordsExtent } from '../../schema/store/records.js'
import { nearest } from '../../schema/words/nearest.js'
import { badRequest } from '../../schema/api/errors.js'
import { timeZoneOf } from '../../schema/words/time-zone.js'
import { amountProblem, filterProblemInWords, valueProblem } from './filter-values.js'

export type RawQuery = { readonly [name: string]: unknown }

/** Parameters of the range and of every filter, for validation and for /docs. */
export const selectionParameters: { [name: string]: TSchema } = {
  from: Type.Optional(
    Type.String({ description: 'Start, included: ISO 8601 or epoch ms. Default: the first record stored' }),
  ),
  to: Type.Optional(
    Type.String({ description: 'End, excluded: ISO 8601 or epoch ms. Default: the last record stored' }),
  ),
  ...Object.fromEntries(
    DIMENSIONS.flatMap((d) => [
      [
        d,
        Type.Optional(
          Type.Array(Type.String(), {
            description: d === 'visitor' ? 'true (default), false or all' : `Only these values of ${d}; repeat for OR`,
          }),
        ),
      ],
      [`not.${d}`, Type.Optional(Type.Array(Type.String(), { description: `None of these values of ${d}` }))],
    ]),
  ),
}

export const langParameter = Type.Optional(
  Type.String({ description: `${LANGUAGES.join(', ')}. Default: ${DEFAULT_LANGUAGE}` }),
)

function many(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : value === undefined ? [] : [String(value)]
}

function one(query: RawQuery, name: string): string | undefined {
  const values = many(query[name])
  if (values.length > 1)
    throw badRequest('REPEATED_PARAMETER', `"${name}" was given ${values.length} times. Give it once.`)
  return values[0]
}

/** The end of the year 9999, epoch ms: what lies beyond has no ISO 8601 form of four digits, and is a slip. */
const LAST_INSTANT = 253_402_300_799_999

/** Epoch ms of an ISO 8601 text or a number of ms; an ISO time without zone is UTC. */
/** A number above 0 of a parameter, null if it is left out or empty. */
export function numberOf(given: string | undefined, name: string, { whole }: { whole: boolean }): number | null {
  if (given === undefined || given === '') return null
  const number = Number(given)
  if (!(number > 0) || !Number.isFinite(number) || (whole && !Number.isInteger(number)))
    throw badRequest('BAD_NUMBER', `"${name}=${given}" is no ${whole ? 'whole number from 1' : 'number above 0'}.`)
  return number
}

/** ISO 8601 or epoch ms → epoch ms. */
export function instant(text: string, name: string): number {
  // an unescaped + of an offset arrives as a space
  const trimmed = text.trim().replace(/(:\d\d(?:\.\d+)?) (\d\d:?\d\d)$/, '$1+$2')
  const ms = /^-?\d+$/.test(trimmed) ? Number(trimmed) : isoInstant(trimmed.replace(/^(\S+) (?=\d)/, '$1T'))
  if (!(ms >= 0 && ms <= LAST_INSTANT))
    throw badRequest(
      'BAD_TIME',
      `"${name}=${text}" is no time from 1970 to 9999. Write ISO 8601 (2026-05-20T14:05:00Z) or epoch milliseconds.`,
    )
  return ms
}

/** NaN: it is none. A zone behind the time (`[Europe/Paris]`) is not left to the calendar, which keeps each spelling for good. */
function isoInstant(text: string): number {
  const [, time, named = 'UTC'] = /^([^[]*)(?:\[([^\]]*)\])?$/.exec(text) ?? []
  const zone = timeZoneOf(named)
  return time === undefined || zone === null ? NaN : DateTime.fromISO(time, { zone }).toMillis()
}

export function rangeOf(query: RawQuery, extent: RecordsExtent): { from: number; to: number } {
  const fromText = one(query, 'from')
  const toText = one(query, 'to')
  const from = fromText === undefined ? (extent.from ?? 0) : instant(fromText, 'from')
  const to = toText === undefined ? Math.max(from, (extent.to ?? -1) + 1) : instant(toText, 'to')
  if (to < from)
    throw badRequest(
      'EMPTY_RANGE',
      `The range ends (${iso(to)}) before it begins (${iso(from)}). Swap "from" and "to".`,
    )
  return { from, to }
}

/** Of a time of which only counts remain there are whole quarters of an hour: a range that begins or ends there has whole ones. */
function knownRange({ from, to }: { from: number; to: number }, { counted }: RecordsExtent) {
  if (!counted || from >= counted.to) return { from, to }
  const end = Math.ceil(to / COUNTED_STEP) * COUNTED_STEP
  return { from: Math.floor(from / COUNTED_STEP) * COUNTED_STEP, to: to < counted.to ? end : to }
}

function audienceOf(query: RawQuery): Selection['audience'] {
  const words = new Set(many(query.visitor).map((w) => w.toLowerCase()))
  if (words.size === 0) return 'visitors'
  if (words.has('all') || (words.has('true') && words.has('false'))) return 'all'
  if (words.has('true')) return 'visitors'
  if (words.has('false')) return 'internal'
  throw badRequest('BAD_FILTER', `"visitor=${many(query.visitor).join()}" is not known. Give true, false or all.`)
}

export function selectionOf(query: RawQuery, extent: RecordsExtent): Selection {
  const filters: Filter[] = []
  for (const [name, value] of Object.entries(query)) {
    const not = name.startsWith('not.')
    const dimension = not ? name.slice(4) : name
    if (!isDimension(dimension) || value === undefined || name === 'visitor') continue
    const values = many(value)
    for (const value of values) {
      const problem = valueProblem(dimension, value)
      if (problem)
        throw badRequest(
          'BAD_FILTER',
          `"${name}=${value}" can meet no record: ${filterProblemInWords(problem, DEFAULT_LANGUAGE)}.`,
        )
    }
    if (values.length > 0) filters.push(not ? { dimension, values, not } : { dimension, values })
  }
  const tooMuch = amountProblem(filters)
  if (tooMuch) throw badRequest('TOO_MANY_VALUES', `${filterProblemInWords(tooMuch, DEFAULT_LANGUAGE)}.`)
  return { ...knownRange(rangeOf(query, extent), extent), filters, audience: audienceOf(query) }
}

export function dimensionOf(query: RawQuery, name: string, fallback?: Dimension): Dimension {
  const text = one(query, name) ?? fallback
  if (text === undefined)
    throw badRequest('MISSING_PARAMETER', `"${name}" is missing. Give one of: ${DIMENSIONS.join(', ')}.`)
  if (!isDimension(text))
    throw badRequest('UNKNOWN_DIMENSION', `"${name}=${text}" is no dimension. Give one of: ${DIMENSIONS.join(', ')}.`)
  return text
}

export function wholeNumberOf(
  query: RawQuery,
  name: string,
  limits: { fallback: number; min: number; max: number },
): number {
  const text = one(query, name)
  if (text === undefined) return limits.fallback
  const n = Number(text)
  if (!Number.isInteger(n) || n < limits.min || n > limits.max) {
    throw badRequest('BAD_NUMBER', `"${name}=${text}" must be a whole number from ${limits.min} to ${limits.max}.`)
  }
  return n
}

export function languageOf(query: RawQuery): Language {
  const text = one(query, 'lang')
  if (text === undefined) return DEFAULT_LANGUAGE
  const lang = text.toLowerCase().split('-')[0]
  if (!isLanguage(lang))
    throw badRequest('UNKNOWN_LANGUAGE', `"lang=${text}" is not spoken here. Give one of: ${LANGUAGES.join(', ')}.`)
  return lang
}

/** A misspelt filter must not silently count everything. */
export function refuseUnknown(query: RawQuery, known: readonly string[]): void {
  for (const name of Object.keys(query)) {
    if (known.includes(name)) continue
    const begun = known.find((k) => k.toLowerCase().startsWith(name.toLowerCase()))
    const near = begun ?? nearest(name.replace(/^not\./, ''), known)
    const listed = known.filter((k) => !k.startsWith('not.')).join(', ')
    throw badRequest(
      'UNKNOWN_PARAMETER',
      `"${name}" is not a parameter here.${near ? ` Did you mean "${near}"?` : ` Known are: ${listed}.`}`,
    )
  }
}

export { one as oneOf }
