/** A line's JSON, and whether it is one of ours at all. */
import { flattenNested } from './nested.js'
import type { Line, Names } from './names.js'

/** Integers beyond 2^53 would be rounded by JSON.parse, and a rounded nanosecond can fall into the millisecond before. */
const LONG_INTEGER = /("([^"\\]*)"\s*:\s*)(\d{16,})(?=\s*[,}])/g
const LONG_DIGITS = /\d{16}/

/** The JSON of a text, times to the last digit. Throws a SyntaxError. */
export function parseLine(text: string, names: Names): unknown {
  // an unescaped quote before the colon ends a key, so this never reaches into a string value
  const exact = (all: string, before: string, key: string, digits: string) =>
    names.isTime(key) ? `${before}"${digits}"` : all
  return JSON.parse(LONG_DIGITS.test(text) ? text.replace(LONG_INTEGER, exact) : text)
}

/** The object that the text is; undefined where it is none. */
export function parseText(text: string, names: Names): Line | undefined {
  try {
    const parsed = parseLine(text, names)
    return isObject(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

export function isObject(value: unknown): value is Line {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Cloudflare's test upload at the creation of a Logpush job: not a log line, not an error. */
export function isLogpushTest(line: Line): boolean {
  return line.content === 'tests' && Object.keys(line).length === 1
}

const TELLING = ['EdgeResponseStatus', 'EdgeStartTimestamp', 'EdgeEndTimestamp'] as const

/** Has it what only a record has (perhaps of another dataset), so that nobody looks for one inside it? */
export function isRecordLike(line: Line, names: Names): boolean {
  const named = names.of(line)
  return TELLING.some((name) => name in named) || isLogpushTest(line) || flattenNested(line) !== null
}
