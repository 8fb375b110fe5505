/** A file with no usable line is refused as a whole, saying what was seen and what is expected. */
import type { RejectedLine, Seen } from '../schema/api/batches.js'
import { IngestError } from './errors.js'

/** Without a usable line by then, reading stops: bytes (unpacked) and lines. */
export const UNUSABLE_BYTES = 64 * 1_048_576
export const UNUSABLE_LINES = 100_000

const EXPECTED =
  'Expected is NDJSON of the http_requests dataset: one JSON object a line with EdgeStartTimestamp and EdgeResponseStatus, plain, gzip or zstd.'

export function refusalOf(start: Uint8Array, rejections: readonly RejectedLine[], name: string | null): IngestError {
  const what = name === null ? 'The input' : `"${name}"`
  const text = Buffer.from(start).toString('utf8')
  const trimmed = text.trimStart()
  if (start.length === 0 || (trimmed === '' && rejections.length === 0)) {
    return new IngestError('EMPTY_INPUT', `${what} is empty: there is nothing to take in. ${EXPECTED}`)
  }
  const first = rejections[0]
  const seen = seenIn(start, trimmed, first)
  const error = new IngestError(
    'NOT_NDJSON',
    `${what} has no usable line. ${sentence(seen, start, trimmed, first)} ${EXPECTED}`,
  )
  error.seen = seen
  return error
}

const OF_REASON: { [reason in RejectedLine['reason']]?: Seen } = {
  'other-dataset': 'other-dataset',
  'no-status': 'no-status',
  'no-time': 'no-time',
  'bad-time': 'bad-value',
  'bad-status': 'bad-value',
  'stream-error': 'stream-error',
  'too-long': 'too-long',
  'truncated': 'truncated',
}

function seenIn(start: Uint8Array, text: string, first: RejectedLine | undefined): Seen {
  const reason = first && OF_REASON[first.reason]
  if (reason) return reason
  if (packerOf(start)) return 'packed'
  if (isBinary(start)) return 'binary'
  if (text.startsWith('[')) return 'json-array'
  if (/^<(!doctype|html|\?xml|\w)/i.test(text)) return 'html'
  if (/^\{\s*$/m.test(text.slice(0, 4))) return 'json-over-lines'
  if (/^[^{}\n]*[,;\t][^{}\n]*(\n|$)/.test(text)) return 'csv'
  return 'other'
}

function sentence(seen: Seen, start: Uint8Array, text: string, first: RejectedLine | undefined): string {
  switch (seen) {
    case 'other-dataset':
      return 'Its lines are JSON of another dataset (firewall events, DNS …): they carry no EdgeStartTimestamp or no EdgeResponseStatus.'
    case 'no-status':
      return 'Its lines carry no EdgeResponseStatus. Add the field to the Logpush job.'
    case 'no-time':
      return 'Its lines carry neither EdgeStartTimestamp nor EdgeEndTimestamp. Add EdgeStartTimestamp to the Logpush job.'
    case 'bad-value':
      return `Its first line was refused (${first?.reason}): ${quoted(first?.sample ?? '')}.`
    case 'stream-error':
      return 'It holds only Logpull\'s "Error streaming data.": fetch the window again.'
    case 'too-long':
      return 'Its first line is longer than 1 MiB.'
    case 'truncated':
      return 'Its only line ends in the middle: the file was cut off.'
    case 'packed':
      return `It is packed with ${packerOf(start)}, which is not read here. Unpack it, or pack it with gzip or zstd.`
    case 'binary':
      return `It looks like a binary file (it begins with ${hex(start)}).`
    case 'json-array':
      return "It is a JSON array. With jq -c '.[]' FILE it becomes one object a line."
    case 'html':
      return 'It is HTML or XML, perhaps an error page saved instead of the log.'
    case 'json-over-lines':
      return 'It is JSON over several lines. With jq -c . FILE it becomes one object a line.'
    case 'csv':
      return "It looks like CSV. Set the job's output_type to ndjson."
    case 'other':
      return `It begins with ${quoted(text)}.`
  }
}

/** Other ways to pack, by the bytes they begin with; a gzip in a gzip is one too. */
const PACKERS: readonly (readonly [name: string, start: string])[] = [
  ['zip', '504b0304'],
  ['bzip2', '425a68'],
  ['xz', 'fd377a585a00'],
  ['7-Zip', '377abcaf271c'],
  ['gzip once more', '1f8b08'],
  ['zstd once more', '28b52ffd'],
]

function packerOf(start: Uint8Array): string | undefined {
  const begins = Buffer.from(start.subarray(0, 8)).toString('hex')
  return PACKERS.find(([, mark]) => begins.startsWith(mark))?.[0]
}

function isBinary(start: Uint8Array): boolean {
  return start
    .subarray(0, 512)
    .some((byte) => byte === 0 || (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12 && byte !== 27))
}

const hex = (bytes: Uint8Array) =>
  Buffer.from(bytes.subarray(0, 8))
    .toString('hex')
    .replaceAll(/(..)(?=.)/g, '$1 ')
const quoted = (text: string) => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
