/** A file with no usable line is refused as a whole, saying what was seen and what is expected. */
import type { RejectedLine } from '../schema/api/batches.js'
import { IngestError } from './errors.js'

/** Without a usable line by then, reading stops: bytes (unpacked) and lines. */
export const UNUSABLE_BYTES = 64 * 1_048_576
export const UNUSABLE_LINES = 100_000

const EXPECTED = 'Expected is NDJSON of the http_requests dataset: one JSON object a line with EdgeStartTimestamp and EdgeResponseStatus, plain, gzip or zstd.'

export function refusalOf(start: Uint8Array, rejections: readonly RejectedLine[], name: string | null): IngestError {
  const what = name === null ? 'The input' : `"${name}"`
  const text = Buffer.from(start).toString('utf8')
  const trimmed = text.trimStart()
  if (start.length === 0 || (trimmed === '' && rejections.length === 0)) {
    return new IngestError('EMPTY_INPUT', `${what} is empty: there is nothing to take in. ${EXPECTED}`)
  }
  const first = rejections[0]
  return new IngestError('NOT_NDJSON', `${what} has no usable line. ${seen(start, trimmed, first)} ${EXPECTED}`)
}

function seen(start: Uint8Array, text: string, first: RejectedLine | undefined): string {
  if (first?.reason === 'other-dataset') return 'Its lines are JSON of another dataset (firewall events, DNS …): they carry no EdgeStartTimestamp or no EdgeResponseStatus.'
  if (first?.reason === 'no-status') return 'Its lines carry no EdgeResponseStatus. Add the field to the Logpush job.'
  if (first?.reason === 'no-time') return 'Its lines carry neither EdgeStartTimestamp nor EdgeEndTimestamp. Add EdgeStartTimestamp to the Logpush job.'
  if (first?.reason === 'bad-time' || first?.reason === 'bad-status') return `Its first line was refused (${first.reason}): ${quoted(first.sample)}.`
  if (first?.reason === 'stream-error') return 'It holds only Logpull\'s "Error streaming data.": fetch the window again.'
  if (first?.reason === 'too-long') return 'Its first line is longer than 1 MiB.'
  if (first?.reason === 'truncated') return 'Its only line ends in the middle: the file was cut off.'
  if (isBinary(start)) return `It looks like a binary file (it begins with ${hex(start)}).`
  if (text.startsWith('[')) return 'It is a JSON array. Turn it into one object a line first: jq -c \'.[]\' FILE'
  if (/^<(!doctype|html|\?xml|\w)/i.test(text)) return 'It is HTML or XML, perhaps an error page saved instead of the log.'
  if (/^\{\s*$/m.test(text.slice(0, 4))) return 'It is JSON over several lines. Put one object a line first: jq -c . FILE'
  if (/^[^{}\n]*[,;\t][^{}\n]*(\n|$)/.test(text)) return 'It looks like CSV. Set the job\'s output_type to ndjson.'
  return `It begins with ${quoted(text)}.`
}

function isBinary(start: Uint8Array): boolean {
  return start.subarray(0, 512).some((byte) => byte === 0 || (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12 && byte !== 27))
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes.subarray(0, 8)).toString('hex').replaceAll(/(..)(?=.)/g, '$1 ')
const quoted = (text: string) => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
