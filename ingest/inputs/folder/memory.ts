/** What is remembered of the files of a folder: how far each was read, and how to know it again. */
import type { FileHandle } from 'node:fs/promises'
import { DAY } from '../../../schema/words/duration.js'
import type { Json } from '../../../schema/words/json.js'
import type { JobNotes } from '../input.js'
import type { FoundFile } from './found.js'
import { hashOf, HEAD_BYTES, packedHead, readAt, tailOf } from './open-file.js'

/** Files that are gone are remembered for so long, ms: their packed copies are known by it. */
const REMEMBER_GONE_MS = 8 * DAY

export interface Known {
  name: string
  /** bytes that were read, up to the end of a line */
  at: number
  /** hash of so many first bytes */
  head: string
  headBytes: number
  /** hash of as many bytes before `at`: two exports may begin alike */
  tail: string
  /** as they were then */
  size: number
  writtenAt: number
  /** nothing is left to do until it changes */
  settled: boolean
  /** it is no log */
  refused: boolean
  /** wall time since when it is not there any more; null: it is */
  goneAt: number | null
}

const NEW: Omit<Known, 'name'> = {
  at: 0,
  head: '',
  headBytes: 0,
  tail: hashOf(new Uint8Array()),
  size: 0,
  writtenAt: 0,
  settled: false,
  refused: false,
  goneAt: null,
}

export class FileMemory {
  private constructor(
    private readonly notes: JobNotes,
    private readonly known: ReadonlyMap<string, Json>,
  ) {}

  static async open(notes: JobNotes): Promise<FileMemory> {
    return new FileMemory(notes, await notes.all())
  }

  of({ id }: FoundFile): Known | null {
    return (this.known.get(id) ?? null) as Known | null
  }

  /** What is known of a file that changed: it goes on, is a copy of one that is known, was begun anew, or is new. */
  async recognise(file: FoundFile, handle: FileHandle, now: number): Promise<Known> {
    const head = await readAt(handle, 0, HEAD_BYTES)
    // as it is now: by the time it was read it may have been emptied
    const begins = { head: hashOf(head), headBytes: head.length }
    const holds = async ({ head: hash, headBytes, tail, at }: Known) =>
      headBytes > 0 &&
      headBytes <= head.length &&
      at <= file.size &&
      hashOf(head.subarray(0, headBytes)) === hash &&
      (await tailOf(handle, at)) === tail
    const same = this.of(file)
    // shorter, or other bytes: emptied and begun anew (copytruncate), or the inode is somebody else's now
    if (same && (await holds(same))) return { ...same, ...begins }
    // what it held before may turn up again: as a copy, or packed
    if (same && same.headBytes > 0)
      await this.notes.put(`${file.id}#${same.head.slice(0, 8)}`, { ...same, goneAt: now } as unknown as Json)
    let copied: Known | null = null
    for (const value of this.known.values()) {
      const one = value as unknown as Known
      // of several copies the one that was read furthest
      if (one !== same && one.at > (copied?.at ?? 0) && (await holds(one))) copied = one
    }
    // the copy of a file that was emptied after: what it holds beyond is still to be read
    if (copied) return { ...copied, ...begins, name: file.name, settled: false, goneAt: null }
    return { ...NEW, ...begins, name: file.name }
  }

  /** Is it a file that was read to its end, packed since? Told by its beginning and its length, without reading it. */
  async isPackedOfKnown(file: FoundFile, handle: FileHandle): Promise<boolean> {
    const packed = await packedHead(handle, file.size)
    if (packed === null) return false
    return [...this.known.values()].some((value) => {
      const { at, head, headBytes } = value as unknown as Known
      return (
        headBytes > 0 &&
        headBytes <= packed.head.length &&
        at % 2 ** 32 === packed.length &&
        hashOf(packed.head.subarray(0, headBytes)) === head
      )
    })
  }

  /** Durable when it resolves. */
  async put({ id, name }: FoundFile, known: Known): Promise<void> {
    await this.notes.put(id, { ...known, name, goneAt: null } as unknown as Json)
  }

  async forgetGone(files: readonly FoundFile[], now: number): Promise<void> {
    const here = new Set(files.map(({ id }) => id))
    for (const [id, value] of [...this.known]) {
      const known = value as unknown as Known
      if (here.has(id)) continue
      if (known.goneAt === null) await this.notes.put(id, { ...known, goneAt: now } as unknown as Json)
      else if (now - known.goneAt > REMEMBER_GONE_MS) await this.notes.remove(id)
    }
  }
}
