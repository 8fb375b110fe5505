/**
 * Merged values that are too many to be kept in memory, in a file without a name beside the store's: it goes with the process. It is
 * written around like a ring, what was written first makes room. It may take an eighth of the store's size and of what the disk has
 * free; where it has no room, or nothing can be written there, values stay in memory for their question.
 */
import { closeSync, openSync, readSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { damaged } from '../segments/checksum.js'
import type { KeptValues } from './kept-values.js'
import { PARTS, partStarts, type Sums, type ValueList } from './value-lists.js'

const MIB = 1024 * 1024
const LEAST_BYTES = 64 * MIB
const MOST_BYTES = 1024 * MIB
const PART_OF_STORE = 8
const PART_OF_FREE = 8

/** A column as it rests: whole numbers in as many bytes as the largest needs. */
interface Column {
  /** where it begins in the file */
  at: number
  kind: Kind
  /** by part */
  crc: Uint32Array
}
const KINDS = [Uint8Array, Uint16Array, Uint32Array, Float64Array] as const
type Kind = (typeof KINDS)[number]
type Rested = Uint8Array | Uint16Array | Uint32Array | Float64Array

interface Region {
  from: number
  to: number
  /** the question that wrote it or was answered by it last */
  question: number
  forget(): void
}

export class KeptFile {
  private fd: number | null = null
  private failed = false
  private end = 0
  private at = 0
  private question = 0
  private readonly regions = new Set<Region>()

  /** `bytes`: how large it may become; by itself as the store and the disk have it. */
  constructor(
    private readonly store: string,
    private readonly bytes: () => number = () => roomBeside(store),
  ) {}

  /** From now on another question is answered: what the one before read may make room. */
  nextQuestion(): void {
    this.question++
  }

  /** Null: there is no room for them. `forget` is called when they are there no more. */
  keep(list: ValueList, forget: () => void): KeptValues | null {
    const columns: [name: keyof Columns, column: Rested][] = []
    const add = (name: keyof Columns, column: Sums | null) => {
      if (column !== null) columns.push([name, narrowest(column.subarray(0, list.size))])
    }
    for (const name of ['folded', 'exact', 'dictionary', 'code', 'requests', 'bytes', 'records', 'errors'] as const)
      add(name, list[name])
    const region = this.room(
      columns.reduce((sum, [, { byteLength }]) => sum + byteLength, 0),
      forget,
    )
    if (region === null) return null
    const starts = partStarts(list)
    const rested: Partial<Columns> = {}
    let at = region.from
    try {
      for (const [name, column] of columns) {
        this.write(column, at)
        const crc = Uint32Array.from({ length: PARTS }, (_, part) =>
          crc32(bytesOf(column.subarray(starts[part], starts[part + 1]))),
        )
        rested[name] = { at, kind: column.constructor as Kind, crc }
        at += column.byteLength
      }
    } catch {
      // the disk is full after all, or gone; what was written before can still be read
      this.failed = true
      return null
    }
    this.regions.add(region)
    return this.values(list, rested as Columns, starts, region)
  }

  private values(
    { size, firstDictionary }: ValueList,
    columns: Columns,
    starts: Uint32Array,
    region: Region,
  ): KeptValues {
    const read = (column: Column | undefined, part: number) =>
      column === undefined ? null : this.read(column, starts[part], starts[part + 1], part)
    const sums = (column: Column | undefined, part: number) => {
      const found = read(column, part)
      return found === null || found instanceof Float64Array ? found : new Float64Array(found)
    }
    // entries are asked for part by part
    let places: { part: number; dictionary: Rested | null; code: Rested | null } | null = null
    const placesOf = (part: number) => {
      if (places?.part !== part)
        places = { part, dictionary: read(columns.dictionary, part), code: read(columns.code, part) }
      return places
    }
    return {
      size,
      starts,
      weighted: columns.requests !== undefined,
      withErrors: columns.errors !== undefined,
      // nothing is written over them until the next question
      used: () => {
        region.question = this.question
      },
      part: (part, withBytes) => ({
        size: starts[part + 1] - starts[part],
        firstDictionary,
        folded: wide(read(columns.folded, part) as Rested),
        exact: wide(read(columns.exact, part) as Rested),
        dictionary: null,
        code: null,
        requests: sums(columns.requests, part),
        records: sums(columns.records, part) as Float64Array,
        bytes: withBytes
          ? (sums(columns.bytes, part) as Float64Array)
          : new Float64Array(starts[part + 1] - starts[part]),
        errors: sums(columns.errors, part),
      }),
      locate: (entry) => {
        const part = starts.findIndex((start, i) => start <= entry && entry < starts[i + 1])
        const { dictionary, code } = placesOf(part)
        const at = entry - starts[part]
        return [firstDictionary + (dictionary?.[at] ?? 0), code?.[at] ?? entry]
      },
      done: () => {
        places = null
      },
    }
  }

  close(): void {
    for (const { forget } of this.regions) forget()
    this.regions.clear()
    if (this.fd !== null) closeSync(this.fd)
    this.fd = null
    this.end = this.at = 0
  }

  /** The next place for so many bytes; what lies there is forgotten, unless the question of now has read it. */
  private room(length: number, forget: () => void): Region | null {
    if (this.failed || !this.open()) return null
    const size = aligned(length)
    if (this.at + size > Math.max(this.end, this.bytes())) this.at = 0
    const region = { from: this.at, to: this.at + size, question: this.question, forget }
    if (region.to > Math.max(this.end, this.bytes())) return null
    const before = [...this.regions].filter(({ from, to }) => from < region.to && to > region.from)
    if (before.some(({ question }) => question === this.question)) return null
    for (const one of before) {
      this.regions.delete(one)
      one.forget()
    }
    this.at = region.to
    this.end = Math.max(this.end, region.to)
    return region
  }

  private open(): boolean {
    if (this.fd !== null) return true
    const path = `${this.store}-kept-${process.pid}-${Math.random().toString(36).slice(2)}`
    try {
      this.fd = openSync(path, 'wx+', 0o600)
      // nobody else shall find it, nor anybody after a kill
      rmSync(path)
    } catch {
      this.failed = true
    }
    return this.fd !== null
  }

  private write(column: Rested, at: number): void {
    const bytes = bytesOf(column)
    for (let done = 0; done < bytes.byteLength;)
      done += writeSync(this.fd as number, bytes, done, bytes.byteLength - done, at + done)
  }

  private read({ at, kind, crc }: Column, from: number, to: number, part: number): Rested {
    const out = new kind(to - from)
    const bytes = bytesOf(out)
    let done = 0
    while (done < bytes.byteLength) {
      const n = readSync(
        this.fd as number,
        bytes,
        done,
        bytes.byteLength - done,
        at + from * kind.BYTES_PER_ELEMENT + done,
      )
      if (n === 0) break
      done += n
    }
    if (done < bytes.byteLength || crc32(bytes) !== crc[part]) {
      this.close()
      throw damaged('the file of sums that are kept while the service runs')
    }
    return out
  }
}

type Columns = { [name in 'folded' | 'exact' | 'records' | 'bytes']: Column } & {
  [name in 'dictionary' | 'code' | 'requests' | 'errors']?: Column
}

/** Each region begins where doubles may. */
const aligned = (bytes: number) => (bytes + 7) & ~7

const bytesOf = ({ buffer, byteOffset, byteLength }: Rested) => new Uint8Array(buffer, byteOffset, byteLength)

const wide = (hashes: Rested) => (hashes instanceof Uint32Array ? hashes : new Uint32Array(hashes))

/** The same numbers in as few bytes as hold each of them. */
function narrowest(column: Sums): Rested {
  let most = 0
  for (let i = 0; i < column.length; i++) {
    const n = column[i]
    // fractions, and what is below 0 or no number
    if (n >>> 0 !== n) return column
    if (n > most) most = n
  }
  return most < 2 ** 8 ? new Uint8Array(column) : most < 2 ** 16 ? new Uint16Array(column) : new Uint32Array(column)
}

function roomBeside(store: string): number {
  try {
    const { bavail, bsize } = statfsSync(store)
    const { size } = statSync(store)
    return Math.min(MOST_BYTES, Math.max(LEAST_BYTES, size / PART_OF_STORE), (bavail * bsize) / PART_OF_FREE)
  } catch {
    return 0
  }
}
