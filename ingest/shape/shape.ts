/** What a text is, by its first line: NDJSON, JSON in another arrangement, CSV, no log at all. */
import type { LeftOut } from '../../schema/api/batches.js'
import type { Names } from '../reader/names.js'
import { csvHeaderOf, isCsvRow } from './csv-header.js'
import type { Shape } from './lines.js'

/** Bytes of a text that are looked at. */
export const START_BYTES = 65_536

/** Logpush's ownership challenge: one long word, which somebody types in at the dashboard. */
const CHALLENGE = /^[\w+/=.-]{16,1024}$/
const CHALLENGE_NAME = /ownership-challenge[^/]*$/i

export function shapeOf(start: Buffer, names: Names): Shape {
  const text = start.toString('utf8').replace(/^[\ufeff\s]+/, '')
  const feed = text.indexOf('\n')
  const line = (feed < 0 ? text : text.slice(0, feed)).trimEnd()
  if (!/^[{[]/.test(line)) {
    const header = csvHeaderOf(line, names)
    if (header) return { kind: 'csv', header }
  }
  return start[0] === 0x7b && feed >= 0 && isObject(line) ? { kind: 'lines' } : { kind: 'json' }
}

/** Why a text is not read at all; null: it may be a log. */
export function noLog(start: Buffer, name: string | null, names: Names): LeftOut['why'] | null {
  const text = start.toString('utf8').replace(/^[\ufeff\s]+/, '')
  if (isChallenge(text, name)) return 'ownership-challenge'
  const line = text.split('\n', 1)[0]
  if (/^[{["]/.test(line) && !isCsvRow(line)) return null
  if (csvHeaderOf(line, names) !== null || line.includes('{"')) return null
  return isCsvRow(line) ? 'csv-without-header' : 'no-log'
}

export function isChallenge(text: string, name: string | null): boolean {
  return (name !== null && CHALLENGE_NAME.test(name)) || (text.length >= 40 && CHALLENGE.test(text.trim()))
}

function isObject(line: string): boolean {
  try {
    return typeof JSON.parse(line) === 'object'
  } catch {
    return false
  }
}
