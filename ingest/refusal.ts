/** A file with no usable line is refused as a whole, saying what was seen and what is expected; one that is empty is an empty batch. */
import type { RejectedLine, Seen } from '../schema/api/batches.js'
import { apiAnswerIn, type ApiAnswer } from './api-answer.js'
import { datasetOf } from './datasets.js'
import { IngestError } from './errors.js'
import { isOwnExport, renamedColumns, renamedIn, type RenamedLine } from './renamed.js'
import { isCsvRow } from './shape/csv-header.js'
import { isBinary, kindOf, packerOf } from './shape/packers.js'
import { isChallenge, isUnreadable } from './shape/shape.js'
import { textKindOf } from './shape/text-kinds.js'

/** Without a usable line by then, reading stops: bytes (unpacked) and lines. */
export const UNUSABLE_BYTES = 64 * 1_048_576
export const UNUSABLE_LINES = 100_000

const EXPECTED =
  'Expected are records of the http_requests dataset with EdgeStartTimestamp and EdgeResponseStatus: NDJSON, other JSON, CSV with a header or Parquet, plain, gzip, zstd, tar or zip.'

/** An input in which nothing was usable. */
export interface Useless {
  /** its beginning, unpacked */
  start: Buffer
  rejections: readonly RejectedLine[]
  /** lines, and how many of them were rejected for want of anything in them */
  lines: number
  /** as the sender named it */
  name: string | null
  /** files of an archive that were left out */
  leftOut: readonly { name: string; why: string }[]
}

/** Why it is refused, or what kind of emptiness it is, in words for the report. */
export function refusalOf(input: Useless): IngestError | string | null {
  const { start, rejections, name, leftOut } = input
  const what = name === null ? 'The input' : `"${name}"`
  const text = start.toString('utf8').replace(/^[\ufeff\s]+/, '')
  if (isChallenge(text, name))
    return 'The ownership challenge of Logpush: a word to type in at the dashboard, nothing to store'
  if (rejections.length === 0 && leftOut.length === 0 && start.length > 0 && isUnreadable(start)) {
    const seen = packerOf(start) === undefined ? 'binary' : 'packed'
    const error = new IngestError('NOT_NDJSON', `${what} has no lines. ${unreadable(seen, start)} ${EXPECTED}`)
    error.seen = seen
    return error
  }
  if (rejections.length === 0) {
    const others = leftOut.filter(({ why }) => why !== 'ownership-challenge')
    if (others.length === 0) return emptiness(text, leftOut.length)
    const isOffice = others.some((one) => one.name === '[Content_Types].xml')
    const inside = others.slice(0, 5).map((one) => `"${one.name}"`)
    const error = new IngestError(
      'NOT_NDJSON',
      isOffice
        ? 'The input is an Office document, perhaps a workbook of Excel. Save the sheet as "CSV UTF-8" and send that.'
        : `The input holds no log: ${inside.join(', ')}. ${EXPECTED}`,
    )
    error.seen = 'no-log-inside'
    return error
  }
  const answer = apiAnswerIn(text)
  if (answer?.kind === 'empty') return 'An answer without records: nothing to store'
  if (rejections.every(({ sample }) => /^\s*\{\s*\}\s*$/.test(sample))) return null
  const first = rejections[0]
  const seen = answer ? (answer.kind === 'error' ? 'api-error' : 'graphql') : seenIn(start, text, first)
  const said = sentence(seen, start, text, first, answer)
  const error = new IngestError(
    'NOT_NDJSON',
    `${what} has no usable line. ${said} ${seen === 'api-error' ? '' : EXPECTED}`.trim(),
  )
  error.seen = seen
  return error
}

function emptiness(text: string, leftOut: number): string {
  if (leftOut > 0) return 'The ownership challenge of Logpush and nothing else: nothing to store'
  return text === '' ? 'Empty: nothing to store' : 'No record in it: nothing to store'
}

const OF_REASON: { [reason in RejectedLine['reason']]?: Seen } = {
  'no-status': 'no-status',
  'no-time': 'no-time',
  'bad-time': 'bad-value',
  'bad-status': 'bad-value',
  'stream-error': 'stream-error',
  'too-long': 'too-long',
  'truncated': 'truncated',
  'bad-columns': 'bad-columns',
  'other-zone': 'bad-value',
}

function seenIn(start: Uint8Array, text: string, first: RejectedLine): Seen {
  if (first.reason === 'other-dataset' || first.reason === 'no-time' || first.reason === 'no-status') {
    const renamed = renamedIn(first.sample.length < SAMPLE_IS_WHOLE ? first.sample : text)
    const isOther = renamed !== null && datasetOf(renamed.keys) !== null
    if (isOwnExport(renamed?.keys ?? [])) return 'own-export'
    if (renamed?.isEnough && !isOther) return 'renamed'
    if (first.reason === 'other-dataset') return isOther ? 'other-dataset' : isTable(text) ? 'table' : 'not-requests'
  }
  const reason = OF_REASON[first.reason]
  if (isTable(text)) return 'table'
  const columns = renamedColumns(text)
  if (isOwnExport(columns?.keys ?? [])) return 'own-export'
  if (columns?.isEnough) return 'renamed'
  if (reason) return reason
  if (packerOf(start)) return 'packed'
  if (isBinary(start)) return 'binary'
  if (/^<(!doctype|html|\?xml|\w)/i.test(text)) return 'html'
  if (isCsvRow(text.split('\n', 1)[0])) return text.startsWith('[') ? 'table' : 'csv'
  if (textKindOf(text)) return 'other-format'
  return first.at !== null && /^[{["]/.test(text) ? 'bad-json' : 'other'
}

/** Characters; a sample that is shorter was not cut. */
const SAMPLE_IS_WHOLE = 240

/** Names in one list and rows of values in others, or a list for each name. */
function isTable(text: string): boolean {
  const start = text.slice(0, 4_096)
  if (
    /^\{\s*"[^"]+"\s*:\s*(\[\s*("[^"{]*"|\d+)\s*,|\{\s*"0"\s*:)/.test(start) &&
    /"edge_?response_?status"\s*:\s*[[{]/i.test(text)
  )
    return true
  // a list of names, then a list of values a line
  if (/^\[\s*"[^"{]*"\s*,[^\n]*"edge_?response_?status"[^\n]*\]\s*\n\s*\[/i.test(start)) return true
  const hasNames = /"(columns|schema|meta|fields|header)"\s*:\s*[[{]/i.test(start) || /^\[\s*\[\s*"[A-Za-z]/.test(start)
  return hasNames && /edge_?response_?status/i.test(text) && /\[\s*\[|"f"\s*:\s*\[\s*\{\s*"v"/.test(text)
}

function unreadable(seen: 'packed' | 'binary', start: Uint8Array): string {
  if (seen === 'binary') {
    const kind = kindOf(start)
    const what = kind === undefined ? 'It looks like a binary file' : `It is a binary file, ${kind}`
    return `${what} (it begins with ${hex(start)}).${kind === undefined ? '' : ' Export the records as NDJSON or CSV.'}`
  }
  const packer = packerOf(start)
  return packer === 'base64'
    ? 'It is base64, not the log itself. Decode it first: base64 -d FILE'
    : `It is packed with ${packer}, which is not read here. Unpack it, or pack it with gzip or zstd.`
}

function sentence(seen: Seen, start: Uint8Array, text: string, first: RejectedLine, answer: ApiAnswer | null): string {
  switch (seen) {
    case 'api-error': {
      const { message = '', isCloudflare = false } = answer ?? {}
      return `It is an answer of ${isCloudflare ? "Cloudflare's API" : 'an API'}, saved instead of a log. It answered: "${message}"${retention(message)}`
    }
    case 'graphql':
      return "It is an answer of Cloudflare's GraphQL API: counts, not the requests themselves."
    case 'renamed':
      return renaming(renamedColumns(text) ?? renamedIn(first.sample.length < SAMPLE_IS_WHOLE ? first.sample : text))
    case 'own-export':
      return 'Its lines are records that Faultline exported. What told them apart when they came (the query, the address as received) is not among them: taken in again they would count a second time. Take in the logs themselves, or move records from one store to another: faultline copy --from URL --to URL. If they are from somewhere else, say which fields they are: --field EdgeStartTimestamp=time.'
    case 'other-format': {
      const { name = '', todo = '' } = textKindOf(text) ?? {}
      return `It is ${name}. ${todo}`
    }
    case 'other-dataset':
      return `Its lines are of another dataset (${datasetOf(keysIn(first.sample, text)) ?? 'firewall events, DNS …'}), not of http_requests${keysOf(first.sample, text)}.`
    case 'not-requests':
      return `Its objects have neither EdgeStartTimestamp nor EdgeResponseStatus, nor do objects in them${keysOf(first.sample, text)}.`
    case 'table':
      return 'It is a table as JSON: the names in one place, rows or columns of values in another. Export one object a row, or CSV with a header.'
    case 'no-status':
      return 'Its lines carry no EdgeResponseStatus. Add the field to the Logpush job.'
    case 'no-time':
      return 'Its lines carry neither EdgeStartTimestamp nor EdgeEndTimestamp. Add EdgeStartTimestamp to the Logpush job.'
    case 'bad-value':
      return `Its first line was refused (${first.reason}): ${quoted(first.sample)}.`
    case 'stream-error':
      return 'It holds only Logpull\'s "Error streaming data.": fetch the window again.'
    case 'too-long':
      return 'Its first line is longer than 1 MiB.'
    case 'truncated':
      return 'Its only line ends in the middle: the file was cut off.'
    case 'packed':
    case 'binary':
      return unreadable(seen, start)
    case 'html':
      return 'It is HTML or XML, perhaps an error page saved instead of the log.'
    case 'csv':
      return 'It is CSV without a header, and nobody can tell which column is which. Put the names of the fields in a first line: with Logpush as "batch_prefix" in output_options, with other tools as their option for a header, in a file that is there: sed -i \'1i RayID,EdgeStartTimestamp,…\' FILE'
    case 'bad-columns':
      return 'Its rows have not as many columns as its header.'
    case 'bad-json':
      return `Line ${first.line} stops being JSON at character ${first.at}: ${standing(first.found ?? '')}`
    case 'no-log-inside':
    case 'other':
      return `It begins with ${quoted(text)}.`
  }
}

function retention(answer: string): string {
  if (/retention/i.test(answer))
    return '. Turn on log retention for the zone; only what comes afterwards can be fetched.'
  return /too early|not available/i.test(answer) ? '. Logpull keeps seven days; ask for a later window.' : ''
}

function renaming(renamed: RenamedLine | null): string {
  const { mapping = [], keys = [] } = renamed ?? {}
  const cli = mapping.map(([field, theirs]) => `--field ${field}=${theirs}`).join(' ')
  const query = mapping.map(([field, theirs]) => `field=${field}=${encodeURIComponent(theirs)}`).join('&')
  return `Its lines have names of their own (${keys.slice(0, 12).join(', ')}). Say which fields they are: ${cli} (at the upload: ?${query}).`
}

const keysIn = (sample: string, text: string): readonly string[] =>
  renamedIn(sample.length < SAMPLE_IS_WHOLE ? sample : text)?.keys ?? []

function keysOf(sample: string, text: string): string {
  const keys = keysIn(sample, text).slice(0, 8)
  return keys.length === 0 ? '' : `; they have ${keys.join(', ')}`
}

/** What stands where JSON ends, and who writes that. */
function standing(found: string): string {
  if (found === '') return 'the line ends there, in the middle of a value.'
  const hints: readonly (readonly [RegExp, string])[] = [
    [
      /^-?(NaN|Infinity|inf)/i,
      'JSON has no such number; pandas writes it for what is missing. Write null (to_json does)',
    ],
    [/^(True|False|None)/, "it is Python's, not JSON's. Write the lines with json.dumps"],
    [/^'/, "JSON has double quotes only; it looks like Python's repr. Write the lines with json.dumps"],
    [/^,/, 'a comma with nothing behind it'],
    [/^undefined/, 'JSON has no such value. Write null'],
    [/^\p{Cc}/u, 'a control character, which JSON wants escaped'],
  ]
  const hint = hints.find(([pattern]) => pattern.test(found))?.[1]
  const shown = /^\p{Cc}/u.test(found) ? `U+${found.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}` : found
  return `${shown} stands there${hint === undefined ? '' : ` (${hint})`}.`
}

const hex = (bytes: Uint8Array) =>
  Buffer.from(bytes.subarray(0, 8))
    .toString('hex')
    .replaceAll(/(..)(?=.)/g, '$1 ')
const quoted = (text: string) => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
