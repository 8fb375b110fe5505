/** A segment being read: each column is fetched and decoded when somebody asks for it, and kept for the next. */
import { LRUCache } from 'lru-cache'
import type { Codes } from '../../store/block.js'
import type { DimensionField, MeasureField } from '../../words/fields.js'
import { indexAt } from '../columns/ascending.js'
import { view32, type Bytes } from '../columns/bytes.js'
import { decodeCodes } from '../columns/codes.js'
import { Dictionary } from '../columns/dictionary.js'
import { constantOf, decodeNumbers, numberReader } from '../columns/numbers.js'
import { PackedCodes } from '../columns/packed-codes.js'
import { Texts } from '../columns/text.js'
import { decodeTimes, minuteStarts } from '../columns/times.js'
import type { TextKey } from '../columns/text-hash.js'
import type { Connection } from '../database.js'
import { Keys } from '../identity-key.js'
import { nameOf, type SegmentInfo } from './info.js'
import { blobCrc, damaged, hasBit } from './checksum.js'
import { keptRayHashes } from './hash.js'
import type { Rows } from './rows.js'
import { Sections } from './sections.js'
import { readSlots, SLOTS_PER_SEGMENT, type SlotName, type Slots } from './slots.js'

/** What is kept takes so much beside its numbers, bytes: key, place in the list, the arrays' own heads. Counted on a heap of 100,000. */
const KEPT_ENTRY = 700

/**
 * Reads blobs, checks them (unless they are of before there were checksums) and keeps what was decoded. Segments never
 * change, so what is kept never goes stale.
 */
export class SegmentSource {
  private readonly statement
  private readonly countedStatement
  private readonly newestSlot
  private readonly keys: Keys
  private slots: Slots
  /** highest number among `slots` */
  private newestKnown = 0
  private readonly cache: LRUCache<string, { value: unknown }>
  /** what is made of several segments, by the info that it is asked for with */
  private readonly standIns = new WeakMap<SegmentInfo, Segment>()

  constructor(
    private readonly db: Connection,
    cacheBytes: number,
    private readonly checked = true,
  ) {
    this.statement = db.prepare('select data, crc from segment_blob where id = ?').raw()
    this.countedStatement = db.prepare('select data, crc from counted_segment_blob where id = ?').raw()
    this.newestSlot = db.prepare('select max(id) from slot').pluck()
    this.keys = new Keys(db)
    this.slots = this.namesOfFile()
    this.cache = new LRUCache({ maxSize: cacheBytes })
  }

  open(info: SegmentInfo): Segment {
    return this.standIns.get(info) ?? new Segment(info, this)
  }

  /** From now on `segment` is what opens for the info, which is nobody else's. */
  standIn(info: SegmentInfo, segment: Segment): void {
    this.standIns.set(info, segment)
  }

  /** Null: the segment was written without it. Throws where it is not what was written. */
  blob(info: SegmentInfo, name: SlotName): Bytes | null {
    const slot = this.slotOf(info, name)
    if (slot === undefined) return null
    const id = info.id * SLOTS_PER_SEGMENT + slot
    const statement = info.counted ? this.countedStatement : this.statement
    const [data, crc] = (statement.get(id) as [Buffer, number] | undefined) ?? []
    if (!Buffer.isBuffer(data) || (this.checked && blobCrc(id, data) !== crc))
      throw damaged(`${name} of ${nameOf(info)}`)
    return data
  }

  /** Where the segment has it. */
  private slotOf(info: SegmentInfo, name: SlotName): number | undefined {
    // Another process may have added fields since; most names that are not there never were, and every segment asks anew
    if (!this.slots.has(name) && this.newestSlot.get() !== this.newestKnown) this.slots = this.namesOfFile()
    const slot = this.slots.get(name)
    return slot !== undefined && hasBit(info.slots, slot) ? slot : undefined
  }

  private namesOfFile(): Slots {
    const slots = readSlots(this.db)
    this.newestKnown = Math.max(...slots.values())
    return slots
  }

  /** Is there such a blob? */
  has(info: SegmentInfo, name: SlotName): boolean {
    return this.slotOf(info, name) !== undefined
  }

  /** The key of the hashes of the dictionaries. */
  get textKey(): TextKey {
    return this.keys.text
  }

  /** What `decode` makes of the blob, kept under `name`; `weigh` says how many bytes that takes. */
  decoded<T>(info: SegmentInfo, name: SlotName, decode: (bytes: Bytes | null) => T, weigh: (value: T) => number): T {
    return this.kept(keyOf(info, name), () => {
      const value = decode(this.blob(info, name))
      return { value, size: weigh(value) }
    })
  }

  /** What `decode` makes of the blob without decoding it; `whole` is what reads from what is decoded already. */
  single<T, W>(info: SegmentInfo, name: SlotName, decode: (bytes: Bytes | null) => T, whole: (decoded: W) => T): T {
    const known = this.cache.get(keyOf(info, name))
    if (known) return whole(known.value as W)
    return this.kept(`single/${keyOf(info, name)}`, () => {
      const bytes = this.blob(info, name)
      return { value: decode(bytes), size: bytes?.byteLength ?? 0 }
    })
  }

  /** What `make` makes of a segment, kept under a name of the caller's, which is no slot's, if `keep` says so. */
  derived<T>(
    info: SegmentInfo,
    name: string,
    make: () => T,
    weigh: (value: T) => number,
    keep: (value: T) => boolean = () => true,
  ): T {
    return this.kept(
      `derived/${keyOf(info, name)}`,
      () => {
        const value = make()
        return { value, size: weigh(value) }
      },
      keep,
    )
  }

  private kept<T>(key: string, make: () => { value: T; size: number }, keep: (value: T) => boolean = () => true): T {
    const kept = this.cache.get(key)
    if (kept) return kept.value as T
    const { value, size } = make()
    if (keep(value)) this.cache.set(key, { value }, { size: size + KEPT_ENTRY })
    return value
  }
}

/** Segments of counts have numbers of their own. */
const keyOf = (info: SegmentInfo, name: string) => `${info.counted ? 'counted ' : ''}${info.id}/${name}`

/** What a question can be counted over: the records of a segment, or one of its rollups. */
export interface Table {
  readonly rows: number
  /** the first row at or after `time`; in a rollup `time` must lie between two slots */
  rowAt(time: number): number
  column(field: DimensionField): PackedCodes
  /** set where each row is a code of the one field that the table has: its codes, 0, 1, 2 … */
  readonly identity?: Codes
  // of the given rows, or of all if null:
  /** requests; null: as many as records */
  requests(rows: Uint32Array | null): Float64Array | null
  /** bytes, weighted */
  bytes(rows: Uint32Array | null): Float64Array
  /** records; null: one each */
  records(rows: Uint32Array | null): Uint32Array | null
  /** requests that ended in an error, weighted; 0 or all of a row's */
  errors(rows: Uint32Array | null): Float64Array
}

/** hashes of a dictionary that has only "absent" */
const ABSENT_ONLY = new Uint8Array(8)
const MINUTE_MS = 60_000
/** Selections of more than this part of the rows are not kept. */
const SELECTED_PART = 8
const weighArray = (array: { byteLength: number }) => array.byteLength

export class Segment {
  constructor(
    readonly info: SegmentInfo,
    private readonly source: SegmentSource,
  ) {}

  time(): Float64Array {
    return this.column('time', (b) => decodeTimes(b as Bytes), weighArray)
  }

  /** The first row at or after `time`. At full minutes, as nearly all questions begin and end, a short index tells. */
  rowAt(time: number): number {
    const { rows, firstTime, lastTime } = this.info
    if (time <= firstTime) return 0
    if (time > lastTime) return rows
    if (time % MINUTE_MS !== 0) return indexAt(this.time(), time)
    return this.minutes()[time / MINUTE_MS - Math.floor(firstTime / MINUTE_MS)]
  }

  private minutes(): Uint32Array {
    return this.source.derived(
      this.info,
      'minutes',
      () => minuteStarts(this.source.blob(this.info, 'time') as Bytes),
      weighArray,
    )
  }

  /**
   * The rows that `key` stands for, as `select` finds them. Where they are few they are kept: a page asks a dozen questions with the
   * same filters.
   */
  selected(key: string, select: () => Uint32Array): Uint32Array {
    const few = (rows: Uint32Array) => rows.length <= this.info.rows / SELECTED_PART
    const found = () => {
      const rows = select()
      // without the room of those that only the first filter passed
      return few(rows) && rows.buffer.byteLength > rows.byteLength ? rows.slice() : rows
    }
    return this.source.derived(this.info, `rows ${key}`, found, weighArray, few)
  }

  /** Two words a row. */
  ray(): Uint32Array {
    return this.column('ray', (b) => view32(b as Bytes, 0, this.info.rows * 2), weighArray)
  }

  identity(): Uint32Array {
    return this.column('identity', (b) => view32(b as Bytes, 0, this.info.rows * 2), weighArray)
  }

  oddRays(): Map<number, string> {
    const parse = (b: Bytes) => JSON.parse(Buffer.from(b).toString('utf8')) as [number, string][]
    return this.column(
      'oddRays',
      (b) => new Map(b === null ? [] : parse(b)),
      (m) => m.size * 100,
    )
  }

  /** A field that the segment was written without is absent everywhere. */
  codes(field: DimensionField | 'batch'): Codes {
    return this.column(
      `codes:${field}`,
      (b) => (b === null ? new Uint8Array(this.info.rows) : decodeCodes(b)),
      weighArray,
    )
  }

  /** As `codes`, for whoever looks at few rows or for few values. */
  packed(field: DimensionField | 'batch'): PackedCodes {
    return this.source.single(
      this.info,
      `codes:${field}`,
      (b) => (b === null ? PackedCodes.constant(this.info.rows, 0) : PackedCodes.from(b)),
      (codes: Codes) => PackedCodes.of(codes),
    )
  }

  dictionary(field: DimensionField | 'batch'): Dictionary {
    return this.column(
      `values:${field}`,
      (b) => new Dictionary(b ?? ABSENT_ONLY, () => this.texts(field), this.source.textKey),
      (d) => d.weight,
    )
  }

  /** What the dictionary's codes from 1 on say, for whoever needs no hashes; only of a field that has such codes. */
  texts(field: DimensionField | 'batch'): Texts {
    return this.column(
      `text:${field}`,
      (b) => new Texts(b as Bytes),
      (t) => t.weight,
    )
  }

  numbers(field: MeasureField): Float64Array {
    // the cache holds weights in the form of weights() below: one slot must not hold two forms
    if (field === 'weight') return this.weights() ?? new Float64Array(this.info.rows).fill(1)
    return this.column(
      `numbers:${field}`,
      (b) => (b === null ? new Float64Array(this.info.rows).fill(Number.NaN) : decodeNumbers(b)),
      weighArray,
    )
  }

  /** As `numbers`, for whoever looks at few rows. */
  numberReader(field: Exclude<MeasureField, 'weight'>): (row: number) => number {
    return this.source.single(
      this.info,
      `numbers:${field}`,
      (b) => (b === null ? () => Number.NaN : numberReader(b)),
      (numbers: Float64Array) => (row) => numbers[row],
    )
  }

  /** The weights, or null if every record stands for one request. */
  weights(): Float64Array | null {
    const weights = this.column(
      'numbers:weight',
      (b) => (b === null || constantOf(b) === 1 ? ('one' as const) : decodeNumbers(b)),
      (w) => (w === 'one' ? 0 : w.byteLength),
    )
    return weights === 'one' ? null : weights
  }

  has(name: SlotName): boolean {
    return this.source.has(this.info, name)
  }

  /** A rollup, histogram or tally; null if the segment has none of that name. */
  sections(name: SlotName): Sections | null {
    const found = this.column(
      name,
      (b) => (b === null ? ('none' as const) : new Sections(b)),
      (s) => (s === 'none' ? 0 : s.weight),
    )
    return found === 'none' ? null : found
  }

  private column<T>(name: SlotName, decode: (bytes: Bytes | null) => T, weigh: (value: T) => number): T {
    return this.source.decoded(this.info, name, decode, weigh)
  }

  /** All of it, for rewriting. */
  toRows(): Rows {
    const column = (field: DimensionField | 'batch') => [
      {
        codes: this.codes(field),
        values: this.dictionary(field).values(),
      },
    ]
    const keys = { rows: this.info.rows, ray: this.ray(), identity: this.identity(), oddRays: this.oddRays() }
    return {
      ...keys,
      hashes: keptRayHashes(keys),
      time: this.time(),
      dimension: column,
      measure: (field) => this.numbers(field),
      batch: () => column('batch'),
    }
  }
}
