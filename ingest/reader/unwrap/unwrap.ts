/**
 * The records of a line that is no record itself: several on one line, in a list, in a text, behind a time, in the
 * wrapper of a collector.
 */
import { isRecordLike, parseText } from '../line.js'
import type { Line, Names } from '../names.js'
import { elementsAt, isSpace, membersAt, skipSpace, stringAt, valueEnd } from './json-text.js'
import { isBulkAction, MAX_WRAPPERS, WRAPPERS } from './wrappers.js'

/** A text that should be a record, and what it was found in. */
export interface Found {
  text: string
  /** the text's JSON, where it is an object; undefined: it is none */
  parsed: Line | undefined
  /** from the outside to the inside */
  via: readonly string[]
  /** says only what comes next */
  isNothing?: boolean
}

/** Everything on the line that should be a record. Nothing for an empty list, or for what only says what comes next. */
export function recordsOn(text: string, names: Names): Found[] {
  return valuesIn(text, names, [], 0)
}

/** The same of a text that is one object. */
export function recordsIn(text: string, parsed: Line, names: Names): Found[] {
  return insideOf(text, parsed, names, [], 0)
}

function valuesIn(text: string, names: Names, via: readonly string[], depth: number): Found[] {
  const found: Found[] = []
  let count = 0
  for (let at = afterCommas(text, 0); at < text.length; at = afterCommas(text, at)) {
    const c = text[at]
    const end = c === '{' || c === '[' || c === '"' ? valueEnd(text, at) : -1
    const value = end < 0 ? text.slice(at).trimEnd() : text.slice(at, end)
    if (end < 0) {
      found.push(...(behindTime(value, names, via, depth) ?? [broken(value, via)]))
      break
    }
    found.push(...valueOf(value, names, via, depth))
    count++
    at = end
  }
  return count > 1 ? found.map((one) => ({ ...one, via: ['objects without line feeds', ...one.via] })) : found
}

const broken = (text: string, via: readonly string[]): Found => ({ text, parsed: undefined, via })

function afterCommas(text: string, at: number): number {
  while (at < text.length && (text[at] === ',' || isSpace(text.charCodeAt(at)))) at++
  return at
}

function valueOf(value: string, names: Names, via: readonly string[], depth: number): Found[] {
  if (value[0] === '{') return objectOf(value, names, via, depth)
  if (depth >= MAX_WRAPPERS) return [broken(value, via)]
  if (value[0] === '[') return listOf(value, names, [...via, 'JSON array'], depth + 1)
  const inner = stringAt(value, 0, value.length)
  const inside = mayHoldRecord(inner) ? valuesIn(inner, names, [...via, 'JSON in a string'], depth + 1) : []
  return inside.some(({ parsed }) => parsed) ? inside : [broken(value, via)]
}

function listOf(value: string, names: Names, via: readonly string[], depth: number): Found[] {
  return elementsAt(value, 0).flatMap(({ from, to }) => {
    const element = value.slice(from, to)
    return /^[{["]/.test(element) ? valueOf(element, names, via, depth) : [broken(element, via)]
  })
}

function objectOf(text: string, names: Names, via: readonly string[], depth: number): Found[] {
  const parsed = parseText(text, names)
  return parsed === undefined ? [broken(text, via)] : insideOf(text, parsed, names, via, depth)
}

function insideOf(text: string, parsed: Line, names: Names, via: readonly string[], depth: number): Found[] {
  if (isRecordLike(parsed, names)) return [{ text, parsed, via }]
  if (isBulkAction(parsed)) return [{ text, parsed, via: [...via, 'Elastic bulk'], isNothing: true }]
  return (depth < MAX_WRAPPERS && inWrapper(text, parsed, names, via, depth)) || [{ text, parsed, via }]
}

/** What a wrapper around holds, where that leads to a record. */
function inWrapper(text: string, parsed: Line, names: Names, via: readonly string[], depth: number): Found[] | null {
  const possible = WRAPPERS.filter(
    ({ key, beside }) => holds(parsed[key]) && (beside === undefined || beside in parsed),
  )
  if (possible.length === 0) return null
  const members = membersAt(text, 0)
  for (const { key, name } of possible) {
    const span = members.get(key)
    const found = span ? wrapped(text.slice(span.from, span.to), names, [...via, name], depth + 1) : []
    if (found.some((one) => one.parsed && isRecordLike(one.parsed, names))) return found
    const list = attributesOf((parsed[key] as Line).kvlistValue)
    if (list && isRecordLike(list, names)) return [{ text: JSON.stringify(list), parsed: list, via: [...via, name] }]
  }
  return null
}

const holds = (value: unknown) =>
  (typeof value === 'object' && value !== null) || (typeof value === 'string' && mayHoldRecord(value))

const mayHoldRecord = (text: string) => text.includes('{')

function wrapped(value: string, names: Names, via: readonly string[], depth: number): Found[] {
  if (value[0] === '{') return objectOf(value, names, via, depth)
  if (value[0] === '"') return valuesIn(stringAt(value, 0, value.length), names, via, depth)
  // Loki's values are pairs of a time and a line
  return elementsAt(value, 0).flatMap(({ from, to }) => {
    const element = value.slice(from, to)
    const pair = element[0] === '[' ? elementsAt(element, 0) : []
    const of =
      pair.length >= 2 && /^"\d+"$/.test(element.slice(pair[0].from, pair[0].to))
        ? element.slice(pair[1].from, pair[1].to)
        : element
    return /^[{"]/.test(of) ? wrapped(of, names, via, depth) : [broken(of, via)]
  })
}

/** OpenTelemetry's list of keys and typed values as an object. */
function attributesOf(kvlist: unknown): Line | null {
  const values = (kvlist as { values?: unknown } | undefined)?.values
  if (!Array.isArray(values)) return null
  const entries = values.flatMap((one: { key?: unknown; value?: { [type: string]: unknown } } | null) =>
    typeof one?.key === 'string' ? [[one.key, Object.values(one.value ?? {})[0]] as const] : [],
  )
  return Object.fromEntries(entries)
}

/** Beginnings of lines that tools show a log with: times, syslog's priority, Loki's labels, the streams of containers. */
const BEFORE = /^\s*(?:<\d{1,3}>|\[?\d{4}[-/]\d\d[-/]\d\d|\d{10,19}\b|[A-Z][a-z]{2} [ \d]\d |\{[\w.]+\s*=~?\s*")/
/** Characters before a record that a tool may have written. */
const MAX_BEFORE = 2_048

function behindTime(text: string, names: Names, via: readonly string[], depth: number): Found[] | null {
  if (depth >= MAX_WRAPPERS || !BEFORE.test(text)) return null
  const opening = /\{\s*"/g
  for (let match = opening.exec(text); match && match.index < MAX_BEFORE; match = opening.exec(text)) {
    const end = valueEnd(text, match.index)
    if (end < 0 || skipSpace(text, end) < text.length) continue
    const found = objectOf(
      text.slice(match.index, end),
      names,
      [...via, nameOfPrefix(text.slice(0, match.index))],
      depth + 1,
    )
    if (found.some((one) => one.parsed && isRecordLike(one.parsed, names))) return found
  }
  return null
}

function nameOfPrefix(prefix: string): string {
  if (/\{.*\}/.test(prefix)) return 'logcli (time and labels before the line)'
  if (/^\d{10,19}\t/.test(prefix)) return 'Grafana (time before the line)'
  return /^\s*<\d/.test(prefix) ? 'syslog (priority before the line)' : 'time before the line'
}
