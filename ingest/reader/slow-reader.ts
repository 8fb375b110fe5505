/**
 * The plain reader: JSON.parse on every line. It says what is right; the fast reader says the same sooner and
 * hands it the odd line.
 */
import { MOST_REJECTED_LINES, type RejectionReason } from '../../schema/api/batches.js'
import { BlockBuilder, rayWords } from '../../schema/store/block.js'
import { FIELDS } from '../../schema/words/fields.js'
import { identityBytes, siphash13, type IdentityKey } from '../../schema/store/identity.js'
import { packBlock } from '../../schema/store/moving-block.js'
import { normalise, type IdentityFacts, type Line, type Normalised } from './normalise.js'
import { MAX_LINE_BYTES, SAMPLE_CHARACTERS, type LineReader, type ReadChunk, type ReaderOptions } from './reader.js'
import { SECURITY_FIELDS } from './security.js'
import { reading } from './source.js'

/** Every name of Cloudflare's that the catalogue reads. */
export const KNOWN_NAMES: readonly string[] = [
  ...new Set([...FIELDS.flatMap((f) => f.from), ...SECURITY_FIELDS, 'WorkerSubrequest']),
]

/** Integers beyond 2^53 would be rounded by JSON.parse, and a rounded nanosecond can fall into the millisecond before. */
const LONG_TIMESTAMP = /("(?:Edge(?:Start|End)T|startT|endT|t)imestamp"\s*:\s*)(\d{16,})(?=\s*[,}])/g
const LONG_DIGITS = /\d{16}/

export function parseLine(text: string): unknown {
  // An unescaped quote before the colon ends a key, so this never reaches into a string value.
  return JSON.parse(LONG_DIGITS.test(text) ? text.replace(LONG_TIMESTAMP, '$1"$2"') : text)
}

export type LineOutcome = Normalised & { sample?: string; parsed?: Line }

/** One line of text to a record, a rejection or a test line. `last`: nothing came after it, not even a line feed. */
export function readLine(text: string, options: ReaderOptions, last: boolean): LineOutcome {
  let parsed: unknown
  try {
    parsed = parseLine(text)
  } catch {
    const reason: RejectionReason = isStreamError(text)
      ? 'stream-error'
      : last && /^\s*\{/.test(text)
        ? 'truncated'
        : 'not-json'
    return { kind: 'rejected', reason }
  }
  const outcome = normalise(parsed, options.settings)
  return outcome.kind === 'rejected' ? outcome : { ...outcome, parsed: parsed as Line }
}

/** Logpull ends a failed answer, sent with 200, with this plain line: the window must be fetched again. */
export function isStreamError(text: string): boolean {
  return /^\s*Error streaming data\.?\s*$/i.test(text)
}

/** What the identity hash of a record is taken over; a line without a regular RayID is told apart by more than its request. */
export function hashedBytes(rayId: string | null, facts: IdentityFacts, line: Uint8Array): Uint8Array {
  if (rayId === null) return line
  const request = identityBytes(facts.host, facts.uri, facts.clientIp)
  return rayWords(rayId) !== null ? request : Buffer.concat([request, Uint8Array.of(0xff), Buffer.from(rayId)])
}

/** The identity words of a record. `line`: without the white space around it. */
export function identityWords(
  key: IdentityKey,
  rayId: string | null,
  facts: IdentityFacts,
  line: Uint8Array,
): [number, number] {
  return siphash13(key, hashedBytes(rayId, facts, line))
}

export function sampleOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, SAMPLE_CHARACTERS * 4))
    .toString('utf8')
    .slice(0, SAMPLE_CHARACTERS)
}

export function createSlowReader(options: ReaderOptions): LineReader {
  return { read: (from) => reading(from, (source) => readChunk(source.bytes(), options)) }
}

function readChunk(bytes: Buffer, options: ReaderOptions): ReadChunk {
  const spans = lineSpans(bytes)
  const builder = new BlockBuilder(spans.length)
  const seen = new Set<string>()
  const out: ReadChunk = {
    block: undefined as unknown as ReadChunk['block'],
    newlines: 0,
    lines: 0,
    testLines: 0,
    rejections: [],
    rejectedByReason: {},
    seen: [],
  }
  for (const [number, [from, to]] of spans.entries()) {
    if (isBlank(bytes, from, to)) continue
    const line = bytes.subarray(from, to)
    const outcome: LineOutcome =
      to - from > MAX_LINE_BYTES
        ? { kind: 'rejected', reason: 'too-long' }
        : readLine(line.toString('utf8'), options, to === bytes.length)
    if (outcome.kind === 'test') {
      out.testLines++
      continue
    }
    out.lines++
    if (outcome.kind === 'rejected') reject(out, number, outcome.reason, line)
    else {
      builder.append(
        outcome.record,
        identityWords(options.identityKey, outcome.record.rayId, outcome.identity, trimmed(line)),
      )
      if (outcome.parsed) noteNames(outcome.parsed, seen)
    }
  }
  out.block = packBlock(builder.finish())
  out.newlines = spans.length
  out.seen = [...seen]
  return out
}

export function reject(out: ReadChunk, line: number, reason: RejectionReason, bytes: Uint8Array): void {
  out.rejectedByReason[reason] = (out.rejectedByReason[reason] ?? 0) + 1
  if (out.rejections.length < MOST_REJECTED_LINES) out.rejections.push({ line, reason, sample: sampleOf(bytes) })
}

export function noteNames(line: Line, seen: Set<string>): void {
  if (seen.size === KNOWN_NAMES.length) return
  for (const name of KNOWN_NAMES) if (name in line) seen.add(name)
}

function lineSpans(bytes: Buffer): [from: number, to: number][] {
  const spans: [number, number][] = []
  let from = 0
  while (from < bytes.length) {
    const at = bytes.indexOf(10, from)
    const to = at < 0 ? bytes.length : at
    spans.push([from, to])
    from = to + 1
  }
  return spans
}

export function isBlank(bytes: Buffer, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const c = bytes[i]
    if (c !== 32 && c !== 9 && c !== 13) return false
  }
  return true
}

/** Without the white space around it: the same line must give the same identity whatever line end it had. */
export function trimmed(line: Buffer): Buffer {
  let from = 0
  let to = line.length
  while (from < to && line[from] <= 32) from++
  while (to > from && line[to - 1] <= 32) to--
  return line.subarray(from, to)
}
