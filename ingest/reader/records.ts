/** What a line comes to: usually one record or one rejection; more where tools put several on a line or one inside another. */
import type { RejectionReason } from '../../schema/api/batches.js'
import { namesOf, type Line, type Names } from './names.js'
import { isRecordLike, parseText } from './line.js'
import { normalise, type Normalised } from './normalise.js'
import type { ReaderOptions } from './reader.js'
import { subrequestsOf } from './subrequests.js'
import { firstError } from './unwrap/json-text.js'
import { withoutTypes } from './unwrap/typed.js'
import { recordsIn, recordsOn, type Found } from './unwrap/unwrap.js'

export type LineOutcome = (Normalised | { kind: 'nothing' } | { kind: 'taken' }) & {
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

/**
 * Takes a record out of its JSON at once, but for sub-requests in it, if it can: then the outcome is `taken`, and nothing else is
 * asked. Of a record without a RayID it tells the identity by the whole text. The names that a sub-request has are not those of a line.
 */
export type Take = (json: string, isSubrequest: boolean) => boolean

/** `last`: nothing came after the line, not even a line feed. Outcomes are there one by one, each before the next is taken. */
export function* readLine(
  text: string,
  options: ReaderOptions,
  last: boolean,
  take: Take | null = null,
): Generator<LineOutcome> {
  const names = namesOf(options.settings.fields)
  const parsed = parseText(text, names)
  // what one maps the names of oneself is for normalise
  const context: Context = { line: text, names, options, take: names.hasMapping ? null : take }
  if (parsed !== undefined && isRecordLike(parsed, names) && withoutTypes(parsed, names) === null)
    return yield* recordAndSubrequests(text, parsed, context)
  for (const found of parsed === undefined ? recordsOn(text, names) : recordsIn(text.trim(), parsed, names))
    yield* outcomesOf(found, context, last)
}

interface Context {
  line: string
  names: Names
  options: ReaderOptions
  take: Take | null
}

function* outcomesOf(found: Found, context: Context, last: boolean): Generator<LineOutcome> {
  const { via, text } = found
  const { line } = context
  if (found.isNothing) return yield { kind: 'nothing', via }
  const outcomes = found.parsed
    ? recordAndSubrequests(text, found.parsed, context)
    : [unreadable(text, last && line.trimEnd().endsWith(text))]
  for (const outcome of outcomes)
    yield { ...(text === line ? {} : { text }), ...outcome, ...(via.length > 0 ? { via } : {}) }
}

function* recordAndSubrequests(text: string, parsed: Line, context: Context): Generator<LineOutcome> {
  const { names, options, take } = context
  const line = names.of(parsed)
  const inside = subrequestsOf(line, names)
  // the line by itself is here because nobody could take it, unless for what is inside
  if (take !== null && (inside.length > 0 || text !== context.line) && take(text, false)) yield { kind: 'taken' }
  else yield { ...normalise(line, options.settings), names: line }
  for (const { line: sub, own } of inside) {
    const outcome: LineOutcome =
      take !== null && sub.SampleInterval === line.SampleInterval && isToldByRay(sub) && take(JSON.stringify(sub), true)
        ? { kind: 'taken' }
        : { ...normalise(sub, options.settings), text: JSON.stringify(own) }
    yield { ...outcome, via: ['Subrequests'] }
  }
}

/** Is it told apart by its RayID, and not by a text that it shares with nobody? JSON has no zero below zero. */
function isToldByRay(line: Line): boolean {
  return (
    typeof line.RayID === 'string' && line.RayID !== '' && !Object.values(line).some((value) => Object.is(value, -0))
  )
}

function unreadable(text: string, last: boolean): LineOutcome {
  const error = firstError(text)
  if (error === null) return { kind: 'rejected', reason: 'not-an-object' }
  const reason: RejectionReason = isStreamError(text)
    ? 'stream-error'
    : last && /^\s*\{/.test(text) && CUT_OFF.test(text.slice(error.at))
      ? 'truncated'
      : 'not-json'
  if (reason !== 'not-json') return { kind: 'rejected', reason }
  const opensMore = error.at >= text.trimEnd().length && /^[\s\ufeff]*[{[]/.test(text) && !endsInString(text)
  return { kind: 'rejected', reason, at: error.at + 1, found: error.found, ...(opensMore ? { opensMore } : {}) }
}

/** What is left of a value of which the end is missing: nothing, or the beginning of a word, a number or an escape. */
const CUT_OFF = /^(?:t|tr|tru|f|fa|fal|fals|n|nu|nul|-?\d*\.?\d*(?:[eE][+-]?)?|\\(?:u[\da-fA-F]{0,3})?)\s*$/

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
