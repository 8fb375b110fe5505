/**
 * The records of a line that is no record itself: several on one line, in a list, in a text, behind a time, in the
 * wrapper of a collector, of a kind that is known or of any other.
 */
import { isRecordLike, parseText } from '../line.js'
import type { Line, Names } from '../names.js'
import { KEYS_AND_VALUES, listBeginning, TELLING_BYTES } from '../../shape/lists.js'
import { decodedBase64 } from './base64.js'
import { elementsAt, isSpace, membersAt, skipSpace, stringAt, valueEnd } from './json-text.js'
import { attributesOf, withoutPrefix } from './flat.js'
import { withoutTypes } from './typed.js'
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

/** What the export format of systemd's journal tells beside a message, a field a line. */
const JOURNAL_FIELD = /^(?:_[A-Z_][A-Z0-9_]*|PRIORITY|SYSLOG_[A-Z]+|CODE_[A-Z]+|TID)=[^{]*$/

/** Everything on the line that should be a record. Nothing for an empty list, or for what only says what comes next. */
export function recordsOn(text: string, names: Names): Found[] {
  if (JOURNAL_FIELD.test(text)) return [{ text, parsed: undefined, via: ['journald (export)'], isNothing: true }]
  return valuesIn(text, names, [], 0)
}

/** The same of a text that is one object. */
export function recordsIn(text: string, parsed: Line, names: Names): Found[] {
  return insideOf(text, parsed, names, [], 0)
}

function valuesIn(text: string, names: Names, via: readonly string[], depth: number): Found[] {
  const found: Found[] = []
  let count = 0
  let isBehindText = false
  for (let at = nextValue(text, 0); at < text.length; at = nextValue(text, at)) {
    const end = beginsValue(text, at) ? valueEnd(text, at) : -1
    const value = end < 0 ? text.slice(at).trimEnd() : text.slice(at, end)
    if (end < 0) {
      const behind = behindText(value, names, via, depth)
      if (behind === null) {
        // behind records that stand in a text comes the rest of that text
        if (!isBehindText || value.includes('{')) found.push(broken(value, via))
        break
      }
      found.push(...behind.found)
      isBehindText = true
      count++
      at += behind.length
      continue
    }
    found.push(...valueOf(value, names, via, depth))
    count++
    at = end
  }
  return count > 1 ? found.map((one) => ({ ...one, via: ['objects without line feeds', ...one.via] })) : found
}

const broken = (text: string, via: readonly string[]): Found => ({ text, parsed: undefined, via })

/** Past what stands between values. */
function nextValue(text: string, at: number): number {
  while (at < text.length && (text[at] === ',' || text[at] === ';' || isSpace(text.charCodeAt(at)))) at++
  return at
}

/** Does a value of JSON begin here, or a text like `[INFO] …`, `{job="cloudflare"} …`, `"{""doubled"": …`? */
function beginsValue(text: string, at: number): boolean {
  const c = text[at]
  if (c === '[') return listBeginning(text.slice(at, at + TELLING_BYTES)) !== 'no-list'
  if (c === '"') return !text.startsWith('"{""', at)
  if (c !== '{') return false
  const next = text[skipSpace(text, at + 1)] as string | undefined
  return next === undefined || next === '"' || next === '}'
}

function valueOf(value: string, names: Names, via: readonly string[], depth: number): Found[] {
  if (value[0] === '{') return objectOf(value, names, via, depth)
  if (depth >= MAX_WRAPPERS) return [broken(value, via)]
  if (value[0] === '[') return listOf(value, names, via, depth + 1)
  const inside = inText(stringAt(value, 0, value.length), names, [...via, 'JSON in a string'], depth + 1)
  return inside.some(({ parsed }) => parsed) ? inside : [broken(value, via)]
}

/** What a text holds that is no JSON itself. */
function inText(text: string, names: Names, via: readonly string[], depth: number): Found[] {
  const decoded = decodedBase64(text)
  if (decoded !== null) return valuesIn(decoded.text, names, [...via, ...decoded.via], depth)
  return text.includes('{') ? valuesIn(text, names, via, depth) : []
}

function listOf(value: string, names: Names, via: readonly string[], depth: number): Found[] {
  if (KEYS_AND_VALUES.test(value)) {
    const line = attributesOf(parseValue(value))
    if (line) return objectOf(JSON.stringify(line), names, [...via, 'fields and values'], depth)
  }
  const elements = elementsAt(value, 0).map(({ from, to }) => value.slice(from, to))
  const isTuple = elements.some((element) => /^(?:-?\d|true|false)/.test(element) || isWord(element))
  const inside = isTuple ? via : [...via, 'JSON array']
  const found = elements.flatMap((element) =>
    /^[{["]/.test(element) && !(isTuple && isWord(element))
      ? valueOf(element, names, inside, depth)
      : [broken(element, inside)],
  )
  if (!isTuple) return found
  const records = found.filter(({ parsed, isNothing }) => isNothing || (parsed && isRecordLike(parsed, names)))
  if (records.length > 0) return records.map((one) => ({ ...one, via: nameOfTuple(elements, one.via, via.length) }))
  // Fluent Bit's time and metadata, before the record
  if (/^\[\s*-?[\d.]+,\s*\{\s*\}\s*\]$/.test(value)) return [{ text: value, parsed: undefined, via, isNothing: true }]
  return [broken(value, via)]
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isWord = (element: string) =>
  element.startsWith('"') && !element.includes('{') && decodedBase64(element.slice(1, -1)) === null

/** A time before a line is Loki's or Splunk's and said by what is around; a tag and a time are Fluentd's. */
function nameOfTuple(elements: readonly string[], via: readonly string[], at: number): readonly string[] {
  const isFluentd = elements.length === 3 && /^"\D/.test(elements[0]) && /^[\d.]+$/.test(elements[1])
  return isFluentd ? [...via.slice(0, at), 'Fluentd (tag, time, record)', ...via.slice(at)] : via
}

function objectOf(text: string, names: Names, via: readonly string[], depth: number): Found[] {
  const parsed = parseText(text, names)
  return parsed === undefined ? [broken(text, via)] : insideOf(text, parsed, names, via, depth)
}

function insideOf(text: string, parsed: Line, names: Names, via: readonly string[], depth: number): Found[] {
  if (isRecordLike(parsed, names)) {
    const plain = withoutTypes(parsed, names)
    return plain
      ? [{ text: JSON.stringify(plain.line), parsed: plain.line, via: [...via, plain.name] }]
      : [{ text, parsed, via }]
  }
  if (isBulkAction(parsed)) return [{ text, parsed, via: [...via, 'Elastic bulk'], isNothing: true }]
  const inside = depth < MAX_WRAPPERS ? inWrapper(text, parsed, names, via, depth) : null
  return inside ?? [{ text, parsed, via }]
}

/** What a wrapper around holds, where that leads to a record. */
function inWrapper(text: string, parsed: Line, names: Names, via: readonly string[], depth: number): Found[] | null {
  if (!mayHoldRecord(text, names)) return null
  const keys = new Map(Object.keys(parsed).map((key) => [key.toLowerCase(), key]))
  const members = membersAt(text, 0)
  const tried = new Set<string>()
  for (const { key: known, name, beside } of WRAPPERS) {
    const key = keys.get(known.toLowerCase())
    if (key === undefined || (beside !== undefined && !(beside in parsed))) continue
    tried.add(key)
    const found = memberOf(key, parsed, text, members, names, [...via, name], depth)
    if (found) return found
  }
  const plain = withoutPrefix(parsed, names)
  if (plain) return [{ text: JSON.stringify(plain.line), parsed: plain.line, via: [...via, plain.prefix] }]
  const others = Object.keys(parsed)
    .filter((key) => !tried.has(key))
    .flatMap((key) => {
      const found = memberOf(key, parsed, text, members, names, via, depth)
      return found ? [{ key, found }] : []
    })
  if (others.length === 0) return null
  const name = others.length === 1 ? others[0].key : 'object of records'
  return others
    .flatMap(({ found }) => found)
    .map((one) => ({ ...one, via: [...via, name, ...one.via.slice(via.length)] }))
}

/** What stands under the key, where that leads to a record. */
function memberOf(
  key: string,
  parsed: Line,
  text: string,
  members: ReturnType<typeof membersAt>,
  names: Names,
  via: readonly string[],
  depth: number,
): Found[] | null {
  const span = members.get(key)
  const value = parsed[key]
  if (!span || !(typeof value === 'string' || (typeof value === 'object' && value !== null))) return null
  const attributes = attributesOf(value)
  if (attributes && isRecordLike(attributes, names))
    return [{ text: JSON.stringify(attributes), parsed: attributes, via }]
  const found = wrapped(text.slice(span.from, span.to), names, via, depth + 1)
  return found.some((one) => one.parsed && isRecordLike(one.parsed, names)) ? found : null
}

/** Is there a word that every record has, or what may be one in base64? Nobody looks into anything else. */
const mayHoldRecord = (text: string, names: Names) =>
  names.hasMapping || /edge/i.test(text) || /"(?:eyJ|H4sI|W3si|ewo|Wwo)/.test(text)

function wrapped(value: string, names: Names, via: readonly string[], depth: number): Found[] {
  if (value[0] === '{') return objectOf(value, names, via, depth)
  if (value[0] === '"') return inText(stringAt(value, 0, value.length), names, via, depth)
  // a list under a key is said by the key
  const hidden = via.length
  return listOf(value, names, via, depth).map((one) => ({
    ...one,
    via: one.via[hidden] === 'JSON array' ? [...via, ...one.via.slice(hidden + 1)] : one.via,
  }))
}

/** Beginnings of lines that tools show a log with: times, syslog's priority, Loki's labels, the streams of containers. */
const TIME_BEFORE = /^\s*(?:<\d{1,3}>|\[?\d{4}[-/]\d\d[-/]\d\d|\d{10,19}\b|[A-Z][a-z]{2} [ \d]\d )/
/** Characters before a record that a tool may have written. */
const MAX_BEFORE = 2_048

/** The first record in a text, and how much of the text that took. */
function behindText(
  text: string,
  names: Names,
  via: readonly string[],
  depth: number,
): { found: Found[]; length: number } | null {
  if (depth >= MAX_WRAPPERS || text.startsWith('{"') || !mayHoldRecord(text, names)) return null
  const doubled = /"(\{"".*\})"/.exec(text)
  if (doubled && doubled.index < MAX_BEFORE) {
    const found = recordIn(doubled[1].replaceAll('""', '"'), names, [...via, 'JSON in a cell of CSV'], depth)
    if (found) return { found, length: text.length }
  }
  const opening = /\{\s*"/g
  for (let match = opening.exec(text); match && match.index < MAX_BEFORE; match = opening.exec(text)) {
    const end = valueEnd(text, match.index)
    if (end < 0) continue
    const name = nameOfPrefix(text.slice(0, match.index))
    const found = recordIn(text.slice(match.index, end), names, [...via, name], depth)
    if (found) return { found, length: end }
  }
  return null
}

function recordIn(text: string, names: Names, via: readonly string[], depth: number): Found[] | null {
  const found = objectOf(text, names, via, depth + 1)
  return found.some((one) => one.parsed && isRecordLike(one.parsed, names)) ? found : null
}

function nameOfPrefix(prefix: string): string {
  if (/\{[\w.]+\s*=.*\}/.test(prefix)) return 'logcli (time and labels before the line)'
  if (/^\d{10,19}\t/.test(prefix)) return 'Grafana (time before the line)'
  if (/^\s*<\d/.test(prefix)) return 'syslog (priority before the line)'
  return TIME_BEFORE.test(prefix) ? 'time before the line' : 'text before the record'
}
