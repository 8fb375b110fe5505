/**
 * An input out of everything it was packed in: gzip, zstd, tar, zip, a posted form, one in another. Told by content, never
 * by name: Logpush's posts are gzip without saying so. Everything is read as it comes, nothing is looked for further on.
 */
import { pauses } from '../../schema/runtime/pauses.js'
import { IngestError } from '../errors.js'
import { unzstd } from '../zstd.js'
import { ByteReader } from './byte-reader.js'
import { damaged, gunzipped, isGzip, truncated } from './gzip.js'
import { boundaryOf, FORM_START, partsOf } from './multipart.js'
import type { ReadingNotes } from './notes.js'
import { paced } from './paced.js'
import { isTar, untarred } from './tar.js'
import { isZip, unzipped, type Entry } from './zip.js'
import { isZstd } from './zstd-frames.js'

/** A text: the whole input, or one of the files in it. */
export interface Member {
  /** as the archive has it; null for the input itself */
  name: string | null
  bytes: ByteReader
}

/** gzip in tar in gzip …: deeper nobody packs, but who wants to keep us busy. */
const MAX_LAYERS = 6
/** Files and parts of one input, empty ones, folders, and members of gzip and frames of zstd that hold less than a line: each takes a moment, and next to no room. */
export const MOST_MEMBERS = 100_000
/** What a compressed input may grow to before its ratio is looked at, bytes. */
const BOMB_FLOOR = 256 * 1_048_576
/** Edge logs compress 8 to 30 times; gzip cannot exceed 1,032. Beyond this, and above the floor, it is no log. */
const BOMB_RATIO = 400

/** The texts in an input, one after the other; each must be read, or left, before the next is asked for. */
export async function* membersOf(
  source: AsyncIterable<Uint8Array>,
  notes: ReadingNotes,
  most = MOST_MEMBERS,
): AsyncGenerator<Member> {
  const input = new ByteReader(paced(source))
  const growth: Growth = { input, unpacked: 0, how: null, left: most }
  try {
    for await (const { name, bytes } of unpacked(input, null, notes, growth, 0)) {
      yield { name, bytes: growth.how === null ? bytes : new ByteReader(watched(bytes, growth)) }
    }
  } finally {
    await input.close()
  }
}

interface Growth {
  input: ByteReader
  unpacked: number
  /** the outermost way in which it was made smaller */
  how: string | null
  /** files that it may still hold, in all that is packed in it */
  left: number
}

async function* watched(bytes: ByteReader, growth: Growth): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) {
    growth.unpacked += piece.length
    const { unpacked: grown, input, how } = growth
    if (grown > BOMB_FLOOR && grown > BOMB_RATIO * input.taken) throw bomb(how as string, grown, input.taken)
    yield piece
  }
}

async function* unpacked(
  input: ByteReader,
  name: string | null,
  notes: ReadingNotes,
  growth: Growth,
  layers: number,
): AsyncGenerator<Member> {
  const packing = await packingOf(input)
  if (packing === null) {
    yield { name, bytes: input }
    return
  }
  if (layers >= MAX_LAYERS) throw tooDeep(packing.kind)
  if (packing.kind === 'gzip' || packing.kind === 'zstd') {
    // once is the usual thing, twice is a mistake that somebody made on the way
    if (growth.how === packing.kind && name === null) notes.through(`${packing.kind} in ${packing.kind}`)
    growth.how ??= packing.kind
    const onSmall = () => {
      if (--growth.left < 0) throw tooMany()
    }
    const bytes = packing.kind === 'gzip' ? gunzipped(input, notes, onSmall) : unzstd(input, notes, onSmall)
    yield* unpacked(new ByteReader(explained(bytes, packing.kind)), name, notes, growth, layers + 1)
    return
  }
  notes.through(packing.kind)
  if (packing.kind === 'zip') growth.how ??= 'zip'
  for await (const entry of entriesOf(input, packing, notes)) {
    if (--growth.left < 0) throw tooMany()
    const inside = new ByteReader(explained(entry.bytes, packing.kind))
    if (!isLitter(entry.name)) yield* unpacked(inside, entry.name, notes, growth, layers + 1)
    // what nobody wanted must be passed over all the same
    while ((await inside.next()) !== null);
    // thousands of empty ones fit into what is read at a time
    if (pauses.isDue) await pauses.pause()
  }
}

type Packing = { kind: 'gzip' | 'zstd' | 'tar' | 'zip' } | { kind: 'multipart form'; boundary: string }

function entriesOf(input: ByteReader, packing: Packing, notes: ReadingNotes): AsyncIterable<Entry> {
  if (packing.kind === 'multipart form') return partsOf(input, packing.boundary)
  return packing.kind === 'tar' ? untarred(input, notes) : unzipped(input, notes)
}

/** Null: it is not packed, or in a way that is not read here. */
async function packingOf(input: ByteReader): Promise<Packing | null> {
  const start = await input.peek(4)
  if (isGzip(start)) return { kind: 'gzip' }
  if (isZstd(start)) return { kind: 'zstd' }
  if (isZip(start)) return { kind: 'zip' }
  // a slow sender of JSON must not be waited for
  if (start[0] === 0x7b || start[0] === 0x5b) return null
  if ((start[0] === 0x2d && start[1] === 0x2d) || (start[0] === 13 && start[1] === 10 && start[2] === 0x2d)) {
    const boundary = boundaryOf(await input.peekUntil((bytes) => bytes.includes('\r\n\r\n'), FORM_START))
    return boundary === null ? null : { kind: 'multipart form', boundary }
  }
  if (start[0] === 0 && start[1] === 0) return (await isEmptyTar(input)) ? { kind: 'tar' } : null
  return isTar(await input.peekUntil((bytes) => bytes.includes(10), 512)) ? { kind: 'tar' } : null
}

/** Nothing but the blocks that end a tar, as `tar -cf FILE -T /dev/null` writes them: twenty. */
async function isEmptyTar(input: ByteReader): Promise<boolean> {
  const bytes = await input.peek(EMPTY_TAR + 1)
  return (
    bytes.length >= 1_024 && bytes.length <= EMPTY_TAR && bytes.length % 512 === 0 && bytes.every((byte) => byte === 0)
  )
}

const EMPTY_TAR = 10_240

/** What packers and systems add of their own: folders, attributes of macOS, views of Windows, empty names. */
function isLitter(name: string): boolean {
  return (
    name === '' ||
    /[/\\]$/.test(name) ||
    /(^|[/\\])(__MACOSX[/\\]|\._|(\.DS_Store|Thumbs\.db|desktop\.ini)$)/i.test(name)
  )
}

async function* explained(bytes: AsyncIterable<Uint8Array>, kind: string): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes
  } catch (error) {
    throw asIngestError(error, kind)
  }
}

function asIngestError(error: unknown, kind: string): unknown {
  if (error instanceof IngestError) return error
  // the script decoder of zstd numbers its errors
  const given: unknown = (error as NodeJS.ErrnoException).code
  const code = typeof given === 'number' ? 'ERR_ZSTD' : String(given ?? '')
  const { message } = error as Error
  if (code === 'Z_BUF_ERROR' || /unexpected (end|EOF)/i.test(message)) return truncated(kind)
  const isDamage = /^(Z_|ZSTD|ERR_ZSTD)/.test(code) || /zstd|invalid|corrupt|checksum/i.test(message)
  return isDamage ? damaged(message, kind, error) : error
}

function bomb(kind: string, grown: number, packed: number): IngestError {
  const ratio = Math.round(grown / packed)
  return new IngestError(
    'DECOMPRESSION_BOMB',
    `The ${kind} input unpacks to more than ${ratio} times its size (${Math.round(grown / 1_048_576)} MiB so far); logs compress 8 to 30 times. Reading stopped. If it really is a log, unpack it first and send it plain.`,
  )
}

const tooDeep = (kind: string) =>
  new IngestError(
    'CORRUPT',
    `The input is packed more than ${MAX_LAYERS} times, one in the other, the last time with ${kind}. Unpack it first.`,
  )

const tooMany = () =>
  new IngestError(
    'CORRUPT',
    `The input holds too many files or parts; ${MOST_MEMBERS} is the limit. What was whole before is stored; send the rest in several inputs.`,
  )
