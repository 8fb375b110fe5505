/** Which lists inside an object are lists of records: `{"result":[…]}`, told by their key or by their first value. */
import { valueEnd } from '../reader/unwrap/json-text.js'
import { WRAPPERS } from '../reader/unwrap/wrappers.js'
import { BACKSLASH, CLOSE_LIST, COLON, isSpace, MATTERS, OPEN, OPEN_LIST, QUOTE } from './json-bytes.js'
import { listBeginning, TELLING_BYTES } from './lists.js'

/** Lists under these keys are lists of records, or of what wraps them. */
const LISTS = new Map(WRAPPERS.map(({ key, name }) => [key.toLowerCase(), name]))
const LONGEST_LIST_KEY = 40
/** Under any other key a list is one of records if its first value, as far as it is looked at, has such a name in it. */
const MAX_FIRST_VALUE = 16_384
const RECORD_NAME = /edge[_ -]?(?:response[_ -]?status|(?:start|end)[_ -]?timestamp)/i
/** Keys and typed values of OpenTelemetry are one object, not a list of them. */
const KEY_AND_VALUE = /^\{\s*"(?:key|Key)"\s*:/

/** What was read so far, and where in it. */
export interface Reading {
  readonly buffer: Buffer
  readonly filled: number
  /** brackets that are open before the list */
  readonly depth: number
  /** is everything there? */
  readonly isLast: boolean
  /** may bytes be looked at that are looked at once more? */
  readonly mayLook: boolean
  looked(bytes: number): void
}

/** Is there a name in the text that only a record has? */
export const namesRecord = (text: string): boolean => RECORD_NAME.test(text)

/** As what the list of records at `at` is known, by its key or by its first value; null: it is none. */
export function recordsIn(reading: Reading, at: number): { name: string } | 'wait' | null {
  const { buffer, filled, depth, isLast } = reading
  let from = at + 1
  while (from < filled && isSpace(buffer[from])) from++
  const first = buffer[from]
  // most lists hold words or nothing, and their keys need not become texts
  const isText = first === QUOTE && from + 1 < filled && ![OPEN, OPEN_LIST, BACKSLASH].includes(buffer[from + 1])
  if (isText || (from < filled && MATTERS[first] === 0)) return null
  const key = keyBefore(buffer, at)
  if (key === null || key.toLowerCase() === 'subrequests') return null
  const known = LISTS.get(key.toLowerCase())
  if (known !== undefined && first === CLOSE_LIST && depth <= 1) return { name: known }
  const mayCome = !isLast && filled - at < MAX_FIRST_VALUE
  if (from >= filled) return mayCome ? 'wait' : null
  if (first !== OPEN && first !== OPEN_LIST && first !== QUOTE) return null
  const start = buffer.toString('latin1', from, Math.min(filled, from + TELLING_BYTES))
  reading.looked(TELLING_BYTES)
  const beginning = listBeginning(`[${start}`)
  if (start.length < TELLING_BYTES && mayCome) return 'wait'
  if (beginning !== 'list' || KEY_AND_VALUE.test(start)) return null
  if (known !== undefined) return { name: known }
  if (!reading.mayLook) return null
  const text = buffer.toString('latin1', from, Math.min(filled, from + MAX_FIRST_VALUE))
  const end = valueEnd(text, 0)
  reading.looked(end < 0 ? text.length : end)
  if (end < 0 && mayCome) return 'wait'
  return namesRecord(end < 0 ? text : text.slice(0, end)) ? { name: key } : null
}

/** The key of the value that begins at `at`. */
function keyBefore(buffer: Buffer, at: number): string | null {
  let end = at - 1
  while (end > 0 && isSpace(buffer[end])) end--
  if (buffer[end] !== COLON) return null
  for (end--; end > 0 && isSpace(buffer[end]);) end--
  if (buffer[end] !== QUOTE) return null
  let from = end - 1
  // longer keys need not become a text
  while (from > 0 && end - from <= LONGEST_LIST_KEY && buffer[from] !== QUOTE) from--
  return buffer[from] === QUOTE ? buffer.toString('latin1', from + 1, end) : null
}
