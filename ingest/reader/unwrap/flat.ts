/** Objects that are a record in other words: lists of keys and typed values, names with a common beginning. */
import { isObject, isRecordLike } from '../line.js'
import type { Line, Names } from '../names.js'

/** A list of keys and values (OpenTelemetry's `attributes` and `kvlistValue`, CloudWatch Insights) as an object. */
export function attributesOf(value: unknown): Line | null {
  const list = isObject(value) ? (isObject(value.kvlistValue) ? value.kvlistValue.values : undefined) : value
  if (!Array.isArray(list)) return null
  const entries = list.flatMap((one: unknown) => (isObject(one) ? pairOf(one) : []))
  return entries.length === 0 ? null : Object.fromEntries(entries)
}

function pairOf(one: Line): [key: string, value: unknown][] {
  const key = [one.key, one.field, one.Key, one.Field, one.Name].find((name) => typeof name === 'string')
  const value = one.value ?? one.Value
  return typeof key === 'string' && value !== undefined ? [[key, isObject(value) ? plainOf(value) : value]] : []
}

/** A typed value: `{"intValue":"5"}`, `{"arrayValue":{"values":[…]}}`. */
function plainOf(value: Line): unknown {
  const inside = Object.values(value)[0]
  if (!isObject(inside)) return inside
  if (Array.isArray(inside.values)) {
    return attributesOf(inside.values) ?? inside.values.map((one: unknown) => (isObject(one) ? plainOf(one) : one))
  }
  return inside
}

const TELLING = /^(.+[.:/])edge_?response_?status$/i

/** The names without what all of them begin with (`jsonPayload.EdgeResponseStatus`), where that makes a record of them. */
export function withoutPrefix(parsed: Line, names: Names): { line: Line; prefix: string } | null {
  const prefix = Object.keys(parsed)
    .map((key) => TELLING.exec(key)?.[1])
    .find((found) => found !== undefined)
  if (prefix === undefined) return null
  const line = Object.fromEntries(
    Object.entries(parsed).map(([key, value]) => [key.startsWith(prefix) ? key.slice(prefix.length) : key, value]),
  )
  return isRecordLike(line, names) ? { line, prefix } : null
}
