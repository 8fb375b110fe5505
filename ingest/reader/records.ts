/** What a line comes to: usually one record or one rejection; more where tools put several on a line or one inside another. */
import type { RejectionReason } from '../../schema/api/batches.js'
import { namesOf, type Line, type Names } from './names.js'
import { isRecordLike, parseText } from './line.js'
import { normalise, type Normalised } from './normalise.js'
import type { ReaderOptions } from './reader.js'
import { subrequestsOf } from './subrequests.js'
import { firstError } from './unwrap/json-text.js'
import { recordsOn, type Found } from './unwrap/unwrap.js'

export type LineOutcome = (Normalised | { kind: 'nothing' }) & {
  /** where it is not the line itself: the text that became the record, or could not */
  text?: string
  /** the line under Cloudflare's names, of a record */
  names?: Line
  /** of a line that is no JSON: where, from 1, and what stands there */
  at?: number
  found?: string
  via?: readonly string[]
  /** is it the beginning of a value that may go on in the next line? */
  opensMore?: boolean
}

/** `last`: nothing came after the line, not even a line feed. */
export function readLine(text: string, options: ReaderOptions, last: boolean): LineOutcome[] {
  const names = namesOf(options.settings.fields)
  const parsed = parseText(text, names)
  if (parsed !== undefined && isRecordLike(parsed, names)) return recordAndSubrequests(parsed, names, options)
  return recordsOn(text, names).flatMap((found) => outcomesOf(found, text, names, options, last))
}

function outcomesOf(found: Found, line: string, names: Names, options: ReaderOptions, last: boolean): LineOutcome[] {
  if (found.isNothing) return [{ kind: 'nothing', via: found.via }]
  const outcomes = found.parsed
    ? recordAndSubrequests(found.parsed, names, options)
    : [unreadable(found.text, last && line.trimEnd().endsWith(found.text))]
  const { via, text } = found
  return outcomes.map((outcome) => ({
    ...(text === line ? {} : { text }),
    ...outcome,
    ...(via.length > 0 ? { via } : {}),
  }))
}

function recordAndSubrequests(parsed: Line, names: Names, options: ReaderOptions): LineOutcome[] {
  const line = names.of(parsed)
  const outcome: LineOutcome = { ...normalise(line, options.settings), names: line }
  const inside = subrequestsOf(line, names).map(({ line: sub, text }): LineOutcome => ({
    ...normalise(sub, options.settings),
    text,
    via: ['Subrequests'],
  }))
  return inside.length > 0 ? [outcome, ...inside] : [outcome]
}

function unreadable(text: string, last: boolean): LineOutcome {
  const error = firstError(text)
  if (error === null) return { kind: 'rejected', reason: 'not-an-object' }
  const reason: RejectionReason = isStreamError(text)
    ? 'stream-error'
    : last && /^\s*\{/.test(text)
      ? 'truncated'
      : 'not-json'
  if (reason !== 'not-json') return { kind: 'rejected', reason }
  const opensMore = error.at >= text.trimEnd().length && /^[\s\ufeff]*[{[]/.test(text) && !endsInString(text)
  return { kind: 'rejected', reason, at: error.at + 1, found: error.found, ...(opensMore ? { opensMore } : {}) }
}

/** No value goes on behind a line feed in a string. */
function endsInString(text: string): boolean {
  let inString = false
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '"') inString = !inString
  }
  return inString
}

/** Logpull ends a failed answer, sent with 200, with this plain line: the window must be fetched again. */
export function isStreamError(text: string): boolean {
  return /^\s*Error streaming data\.?\s*$/i.test(text)
}
