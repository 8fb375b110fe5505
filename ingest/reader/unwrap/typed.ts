/**
 * Records whose every value stands in what says its type (MongoDB's and DynamoDB's exports, Avro's JSON), or in a list of its
 * own (the `fields` of Elastic's search).
 */
import { isObject } from '../line.js'
import type { Line, Names } from '../names.js'

/** Who writes a value under such a key. */
const TYPES: readonly (readonly [name: string, keys: RegExp])[] = [
  ['MongoDB (values with types)', /^\$(date|numberInt|numberLong|numberDouble|numberDecimal|oid)$/],
  ['DynamoDB (values with types)', /^(S|N|B|BOOL|NULL|L|M|SS|NS|BS)$/],
  ['Avro (values with types)', /^(string|int|long|float|double|boolean|bytes|array|map)$/],
]
const LISTS = 'Elastic (fields)'

const TELLING = ['EdgeResponseStatus', 'EdgeStartTimestamp', 'EdgeEndTimestamp'] as const

/** The record with its values as they are everywhere else, and who wrote it so; null: its values are plain. */
export function withoutTypes(parsed: Line, names: Names): { line: Line; name: string } | null {
  const named = names.of(parsed)
  const telling = TELLING.map((name) => named[name]).find((value) => typeof value === 'object' && value !== null)
  const name = telling === undefined ? null : writerOf(telling)
  if (name === null) return null
  const plain = Object.entries(parsed).map(([key, value]) => [key, name === LISTS ? only(value) : plainOf(value)])
  return { line: Object.fromEntries(plain) as Line, name }
}

function writerOf(value: unknown): string | null {
  if (Array.isArray(value)) return value.length === 1 && !isObject(value[0]) ? LISTS : null
  const keys = Object.keys(value as object)
  return keys.length === 1 ? (TYPES.find(([, types]) => types.test(keys[0]))?.[0] ?? null) : null
}

const only = (value: unknown): unknown => (Array.isArray(value) && value.length === 1 ? value[0] : value)

/** To any depth: dates are numbers with a type in a type, lists hold typed values. */
function plainOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainOf)
  if (!isObject(value)) return value
  const entries = Object.entries(value)
  if (entries.length !== 1 || writerOf(value) === null)
    return Object.fromEntries(entries.map(([key, inside]) => [key, plainOf(inside)]))
  const [[type, inside]] = entries
  if (type === 'NULL') return null
  if (type === '$date') return timeOf(plainOf(inside))
  return /^(N|\$number)/.test(type) ? numberOf(inside) : plainOf(inside)
}

const numberOf = (value: unknown): unknown =>
  typeof value === 'string' && Number.isSafeInteger(Number(value)) ? Number(value) : value

/** Milliseconds, where it is no text. */
const timeOf = (value: unknown): unknown => (typeof value === 'number' ? new Date(value).toISOString() : value)
