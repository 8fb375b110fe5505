/** What a text is, by its first line: NDJSON, JSON in another arrangement, CSV, no log at all. */
import type { LeftOut } from '../../schema/api/batches.js'
import type { Names } from '../reader/names.js'
import { csvHeaderOf, isCsvRow, type CsvHeader } from './csv-header.js'
import { listBeginning } from './lists.js'
import type { Shape } from './lines.js'
import { isBinary, kindOf, packerOf } from './packers.js'

/** Bytes of a text that are looked at. */
export const START_BYTES = 65_536

/** Logpush's ownership challenge: one long word, which somebody types in at the dashboard. */
const CHALLENGE = /^[\w+/=.-]{16,1024}$/
const CHALLENGE_NAME = /ownership-challenge[^/]*$/i

/** Marks and white space, and what Excel wants to be told of a CSV. */
const BEFORE_TEXT = /^[\ufeff\s]*(?:sep=.\r?\n)?[\ufeff\s]*/i

/** `plain`: is its first line an object by itself? */
export function shapeOf(start: Buffer, names: Names, plain = beginsWithObject(start)): Shape {
  if (plain) return { kind: 'lines' }
  const text = start.toString('utf8').replace(BEFORE_TEXT, '')
  const feed = text.indexOf('\n')
  const line = (feed < 0 ? text : text.slice(0, feed)).trimEnd()
  if (!/^[{[]/.test(line)) {
    const header = headerIn(text, names)
    if (header) return { kind: 'csv', header }
  }
  return { kind: 'json' }
}

/** A header may stand behind a title, or behind comments. */
const LINES_BEFORE_HEADER = 8

function headerIn(text: string, names: Names): CsvHeader | null {
  for (let from = 0, line = 0; line <= LINES_BEFORE_HEADER; line++) {
    const header = csvHeaderOf(text.slice(from), names)
    const feed = text.indexOf('\n', from)
    if (header || feed < 0 || /^[{[]/.test(text.slice(feed + 1))) return header
    from = feed + 1
  }
  return null
}

/** Why a text is not read at all; null: it may be a log. */
export function noLog(
  start: Buffer,
  name: string | null,
  names: Names,
  plain = beginsWithObject(start),
): LeftOut['why'] | null {
  if (plain) return isChallengeName(name) ? 'ownership-challenge' : null
  const text = start.toString('utf8').replace(BEFORE_TEXT, '')
  if (packerOf(start) !== undefined) return 'packed'
  if (isUnreadable(start)) return 'no-log'
  if (isChallenge(text, name)) return 'ownership-challenge'
  const line = text.split(/[\r\n]/, 1)[0]
  if (/^[{"]/.test(line) && !isCsvRow(line)) return null
  if (line.startsWith('[') && listBeginning(line) !== 'no-list' && !isCsvRow(line)) return null
  if (headerIn(text, names) !== null || text.includes('{"')) return null
  return isCsvRow(line) ? 'csv-without-header' : 'no-log'
}

/** Is it no text at all? */
export function isUnreadable(start: Buffer): boolean {
  return packerOf(start) !== undefined || kindOf(start) !== undefined || (isBinary(start) && !beginsAsJson(start))
}

const beginsAsJson = (start: Buffer) => /^[\ufeff\s\p{Cc}]*[{[]/u.test(start.toString('utf8', 0, 64))

const isChallengeName = (name: string | null) => name !== null && CHALLENGE_NAME.test(name)

export function isChallenge(text: string, name: string | null): boolean {
  return (
    isChallengeName(name) ||
    (text.length >= 40 && CHALLENGE.test(text.trim()) && packerOf(Buffer.from(text)) === undefined)
  )
}

/** Is its first line an object by itself? Of a post of some lines that says all, and costs little. */
export function beginsWithObject(start: Buffer): boolean {
  const feed = start[0] === 0x7b ? start.indexOf(10) : -1
  if (feed < 0) return false
  try {
    JSON.parse(start.toString('utf8', 0, feed))
    return true
  } catch {
    return false
  }
}
