/** The scanner in WebAssembly: loading it, and views of its memory. Sources: `assembly/`, built by `npm run build`. */
import { randomFillSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { siphash13, type IdentityKey } from '../../../schema/store/identity.js'
import { workerUrl } from '../../../schema/runtime/threads.js'
import type { Values } from '../../../schema/store/values.js'
import { KNOWN_NAMES, namesOf } from '../names.js'
import type { ReaderOptions } from '../reader.js'
import { MAX_TEXT } from '../values.js'
import { columnPlan, PLAIN_COLUMNS, scannedField } from './fields.js'
import * as L from './layout.js'
import { TEXT_COLUMNS } from './text-columns.js'

interface Exports {
  memory: { buffer: ArrayBuffer }
  start(k0: bigint, k1: bigint, seedA: bigint, seedB: bigint, keepQuery: number, ofBlock: bigint): void
  forgetAll(): void
  addName(at: number, length: number): void
  begin(again: number): number
  scan(from: number, to: number): number
  scanMerged(from: number, to: number, quietly: boolean): number
  forgetSeen(): void
  siphash(at: number, length: number): bigint
  heapBytes(): number
  gather(dictionary: number, longest: number): number
}

/** The types of the platform that @types/node leaves to the browser's. */
interface Platform {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: object) => { exports: unknown }
}
const { Module, Instance } = (globalThis as unknown as { WebAssembly: Platform }).WebAssembly

let compiled: object | undefined

function compile(): object {
  compiled ??= new Module(new Uint8Array(readFileSync(workerUrl(import.meta.url, './scanner.wasm'))))
  return compiled
}

/** Dictionaries that are begun anew with each block: of what there may be as many as rows. */
const OF_BLOCK = TEXT_COLUMNS.reduce((bits, { dictionary }) => bits | (1n << BigInt(dictionary)), 0n)

const word64 = (low: number, high: number) => BigInt(low >>> 0) | (BigInt(high >>> 0) << 32n)

/** Room for tokens kept from block to block, and tables; beyond, all are forgotten and met anew. */
const MAX_KEPT_BYTES = 16 * 1024 * 1024
/** Chunks after which the scanner looks anew which values repeat from line to line. */
const WEIGH_AGAIN = 16
const LINE_FEED = 10

export class Scanner {
  private readonly exports: Exports
  private readonly key: IdentityKey
  private readonly names: readonly (readonly [spelling: string, name: string])[]
  private blocks = 0
  bytes!: Buffer<ArrayBuffer>
  words!: Uint32Array<ArrayBuffer>

  constructor(options: ReaderOptions) {
    const { identityKey: key, settings } = options
    this.key = key
    if (KNOWN_NAMES.length > 64)
      throw new Error('The line scanner counts names in 64 bits: too many names in the catalogue')
    this.names = [...namesOf(settings.fields).spellings]
    if (this.names.length > L.MAX_NAMES) throw new Error(`The line scanner knows at most ${L.MAX_NAMES} names`)
    this.exports = new Instance(compile(), {}).exports as Exports
    this.refresh()
    if (this.bytes.length < L.BLOCK_TOKENS)
      throw new Error('The scanner was built with less memory than layout.ts lays out')
    const { at, words } = columnPlan()
    this.words.set(words, at >> 2)
    // Seeds nobody can know: else lines could be made that crowd one place of a dictionary.
    const seeds = randomFillSync(new BigUint64Array(2))
    this.exports.start(
      word64(key[0], key[1]),
      word64(key[2], key[3]),
      seeds[0],
      seeds[1],
      settings.keepQuery ? 1 : 0,
      OF_BLOCK,
    )
    this.refresh()
    this.names.forEach(([, name], i) => {
      const { kind, dictionary, slot, number, text } = scannedField(name, settings.keepClientIp)
      const field = [kind, dictionary, slot, number, text, KNOWN_NAMES.indexOf(name)]
      this.bytes.set(field, L.FIELDS + i * L.FIELD_BYTES)
    })
    this.addNames()
  }

  /** The memory's views are new after it has grown. */
  refresh(): void {
    const { buffer } = this.exports.memory
    if (this.bytes?.buffer === buffer) return
    this.bytes = Buffer.from(buffer)
    this.words = new Uint32Array(buffer)
  }

  private addNames(): void {
    for (const [spelling] of this.names) this.exports.addName(L.INPUT, this.bytes.write(spelling, L.INPUT))
    this.refresh()
  }

  /** Begins a block. True: everything known of tokens was forgotten. */
  begin(): boolean {
    const again = this.blocks++ % WEIGH_AGAIN === 0 ? 1 : 0
    const room = this.exports.heapBytes() <= MAX_KEPT_BYTES && this.tokenCount(L.GLUE) < L.MAX_NODES
    if (room && this.exports.begin(again)) return false
    this.exports.forgetAll()
    this.addNames()
    this.exports.begin(again)
    return true
  }

  /** Another chunk begins, whose rows go into the same block. */
  beginChunk(): void {
    this.exports.forgetSeen()
    this.lines = 0
  }

  scan(from: number, to: number): number {
    const outcome = this.exports.scan(from, to)
    this.refresh()
    return outcome
  }

  /**
   * A record's JSON, from elsewhere than the chunk, to a row, but for the sub-requests in it; false: there is none, it is odd.
   * `quietly`: what names it has is not noted.
   */
  take(json: string, quietly: boolean): boolean {
    // a character may become three bytes
    if (json.length * 3 > L.RECORD_BYTES) return false
    const end = L.RECORD + this.bytes.write(json, L.RECORD)
    this.bytes[end] = LINE_FEED
    if (this.bytes.indexOf(LINE_FEED, L.RECORD) < end) return false
    const { rows, lines } = this
    this.exports.scanMerged(L.RECORD, end, quietly)
    this.refresh()
    this.lines = lines
    return this.rows > rows
  }

  /** The identity hash of bytes that stand in the scanner's memory. */
  hashAt(from: number, to: number): [high: number, low: number] {
    const hash = BigInt.asUintN(64, this.exports.siphash(from, to - from))
    return [Number(hash >> 32n), Number(hash & 0xffff_ffffn)]
  }

  /** The identity hash of other bytes. */
  hash(bytes: Uint8Array): [high: number, low: number] {
    if (bytes.length > L.HASHED_BYTES) return siphash13(this.key, bytes)
    this.bytes.set(bytes, L.HASHED)
    return this.hashAt(L.HASHED, L.HASHED + bytes.length)
  }

  get rows(): number {
    return this.words[L.STATE_ROWS >> 2]
  }
  set rows(rows: number) {
    this.words[L.STATE_ROWS >> 2] = rows
  }
  get lines(): number {
    return this.words[L.STATE_LINES >> 2]
  }
  set lines(lines: number) {
    this.words[L.STATE_LINES >> 2] = lines
  }
  get lineStart(): number {
    return this.words[L.STATE_LINE_START >> 2]
  }
  get lineEnd(): number {
    return this.words[L.STATE_LINE_END >> 2]
  }

  /** Leaves a row of the block empty, to be filled in later; its number. */
  skipRow(): number {
    const row = this.rows++
    for (let column = 0; column < L.PLAIN + PLAIN_COLUMNS.length; column++) this.codes(column)[row] = 0
    this.numbers(L.SAMPLE_INTERVAL_COLUMN)[row] = Number.NaN
    return row
  }

  /** Names in the order in which they were first seen in this block, as numbers. */
  seen(from: number): Uint32Array {
    return this.words.subarray((L.SEEN >> 2) + from, (L.SEEN >> 2) + this.words[L.STATE_SEEN_COUNT >> 2])
  }

  /** How many tokens a dictionary has; they are numbered from 1. */
  tokenCount(dictionary: number): number {
    return this.words[(L.DICTIONARY + dictionary * L.DICTIONARY_BYTES + 16) >> 2]
  }

  /** The address of a token. */
  token(dictionary: number, number: number): number {
    return this.words[(this.words[(L.DICTIONARY + dictionary * L.DICTIONARY_BYTES + 8) >> 2] >> 2) + number]
  }

  /** Where the bytes of a token stand. */
  tokenBytes(token: number): [from: number, to: number] {
    return [token + L.TOKEN_BYTES, token + L.TOKEN_BYTES + (this.words[(token >> 2) + 1] & 0x7fff_ffff)]
  }

  /** Is it a string of ASCII without escapes? */
  isPlain(token: number): boolean {
    return this.words[(token >> 2) + 1] >>> L.PLAIN_BIT === 1
  }

  /** The JSON value of a token. */
  valueOf(token: number): unknown {
    const [from, to] = this.tokenBytes(token)
    const json = this.bytes.toString('utf8', from, to)
    return this.isPlain(token) ? json.slice(1, -1) : JSON.parse(json)
  }

  /** The tokens used in this block, in the order of their first use: their numbers in the codes, less one. */
  used(dictionary: number): Uint32Array {
    const at = (L.DICTIONARY + dictionary * L.DICTIONARY_BYTES) >> 2
    const from = (this.words[at + 5] >> 2) + 1
    return this.words.subarray(from, from + this.words[at + 6])
  }

  /** The same by the tokens' numbers. */
  usedNumbers(dictionary: number): Uint32Array {
    return this.used(dictionary).map((token) => this.words[token >> 2])
  }

  /** The texts of the used tokens, copied; null if one of them means anything else than its plain text. */
  plainValues(dictionary: number): Values | null {
    const at = this.exports.gather(dictionary, MAX_TEXT)
    this.refresh()
    if (at === 0) return null
    const size = this.used(dictionary).length + 1
    const ends = this.words.slice(at >> 2, (at >> 2) + size)
    const from = at + 4 * size
    return { size, ends, text: new Uint8Array(this.bytes.buffer.slice(from, from + ends[size - 1])) }
  }

  /** A column of the block as it stands in the scanner's memory. */
  codes(column: number): Uint16Array<ArrayBuffer> {
    return new Uint16Array(this.exports.memory.buffer, L.CODE_COLUMNS + column * L.CODE_COLUMN_BYTES, this.rows)
  }

  numbers(column: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.exports.memory.buffer, L.NUMBER_COLUMNS + column * L.NUMBER_COLUMN_BYTES, this.rows)
  }

  pairs(at: number): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.exports.memory.buffer, at, this.rows * 2)
  }
}
