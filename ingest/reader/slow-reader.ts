/**
 * The plain reader: JSON.parse on every line. It says what is right; the fast reader says the same sooner and
 * hands it the odd line.
 */
import { MOST_REJECTED_LINES, type RejectionReason } from '../../schema/words/rejections.js'
import { BlockBuilder, MAX_BLOCK_ROWS, rayWords } from '../../schema/store/block.js'
import { identityBytes, siphash13, type IdentityKey } from '../../schema/store/identity.js'
import { packBlock, type MovingBlock } from '../../schema/store/moving-block.js'
import type { Record } from '../../schema/words/record.js'
import { KNOWN_NAMES, type Line } from './names.js'
import { ownWeight, type IdentityFacts } from './normalise.js'
import {
  MAX_LINE_BYTES,
  SAMPLE_CHARACTERS,
  type ChunkRejection,
  type LineReader,
  type ReadChunk,
  type ReaderOptions,
} from './reader.js'
import { readLine, type LineOutcome } from './records.js'
import { reading } from './source.js'

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
  const read = (from: Parameters<LineReader['read']>[0]) =>
    reading(from, (source) => readChunk(source.bytes(), options))
  return { read, together: (chunks) => chunks.map(read) }
}

function readChunk(bytes: Buffer, options: ReaderOptions): ReadChunk {
  const spans = lineSpans(bytes)
  const rows: Row[] = []
  const notes = new Notes()
  for (const [number, [from, to]] of spans.entries()) {
    if (isBlank(bytes, from, to)) continue
    const line = bytes.subarray(from, to)
    const outcomes: Iterable<LineOutcome> =
      to - from > MAX_LINE_BYTES
        ? [{ kind: 'rejected', reason: 'too-long' }]
        : readLine(line.toString('utf8'), options, to === bytes.length)
    for (const outcome of outcomes) {
      const record = notes.take(outcome, number, line)
      if (record) rows.push(record)
    }
  }
  const [block, ...more] = blocksOf(rows, options)
  return { ...notes.chunk(block, spans.length, 0), more }
}

/** At least one. */
function blocksOf(rows: readonly Row[], options: ReaderOptions): MovingBlock[] {
  const blocks: MovingBlock[] = []
  do {
    const part = rows.slice(blocks.length * MAX_BLOCK_ROWS, (blocks.length + 1) * MAX_BLOCK_ROWS)
    const builder = new BlockBuilder(part.length)
    for (const { record, rayId, identity, bytes } of part)
      builder.append(record, identityWords(options.identityKey, rayId, identity, bytes))
    blocks.push(packBlock(builder.finish()))
  } while (blocks.length * MAX_BLOCK_ROWS < rows.length)
  return blocks
}

/** A record on its way to its row. */
export interface Row {
  record: Record
  rayId: string | null
  identity: IdentityFacts
  /** what it was read from, without the white space around it */
  bytes: Uint8Array
}

/** What a reader notes of a chunk beside its records. */
export class Notes {
  readonly seen = new Set<string>()
  readonly via = new Set<string>()
  weighted = false
  private unframed = false
  private lines = 0
  private testLines = 0
  private readonly rejections: ChunkRejection[] = []
  private readonly rejectedByReason: ReadChunk['rejectedByReason'] = {}

  /** Counts an outcome of a line; gives the record that it is, if it is one. */
  take(outcome: LineOutcome, number: number, line: Buffer): Row | null {
    for (const wrapper of outcome.via ?? []) this.via.add(wrapper)
    if (outcome.kind === 'test') this.testLines++
    if (outcome.kind === 'test' || outcome.kind === 'nothing' || outcome.kind === 'taken') return null
    const bytes = outcome.text === undefined ? line : Buffer.from(outcome.text)
    if (outcome.kind === 'rejected') {
      const { reason, at, found } = outcome
      if (outcome.opensMore) this.unframed = true
      this.reject(number, reason, bytes, at === undefined ? null : { at, found: found ?? '' })
      return null
    }
    this.lines++
    const { record, identity, names } = outcome
    if (names) {
      noteNames(names, this.seen)
      if (ownWeight(names) !== null) this.weighted = true
    }
    return { record, rayId: record.rayId, identity, bytes: trimmed(bytes) }
  }

  reject(
    line: number,
    reason: RejectionReason,
    bytes: Uint8Array,
    where: { at: number; found: string } | null = null,
  ): void {
    if (reason === 'too-long') this.unframed = true
    this.lines++
    this.rejectedByReason[reason] = (this.rejectedByReason[reason] ?? 0) + 1
    if (this.rejections.length < MOST_REJECTED_LINES)
      this.rejections.push({
        line,
        reason,
        sample: sampleOf(bytes),
        at: where?.at ?? null,
        found: where?.found ?? null,
      })
  }

  /** `rows`: records that were counted elsewhere. */
  chunk(block: MovingBlock, newlines: number, rows: number): ReadChunk {
    return {
      block,
      more: [],
      unframed: this.unframed,
      newlines,
      lines: this.lines + rows,
      testLines: this.testLines,
      rejections: this.rejections,
      rejectedByReason: this.rejectedByReason,
      seen: [...this.seen],
      via: [...this.via],
      weighted: this.weighted,
    }
  }
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
