/** One look at a bucket: page by page, each object that is new, several at once. */
import type { Doing } from '../../../schema/words/doing.js'
import { IngestError } from '../../errors.js'
import { isLogName } from '../files.js'
import { FetchError, type FetchJob } from '../input.js'
import type { Seen } from './seen.js'
import type { Storage, StoredObject } from './storage.js'

/** Objects that are read at once: the next are on their way while one is stored. */
const AT_ONCE = 4
/** Names and reasons that are kept of what was left out. */
const MOST_TOLD = 100

export interface RoundOptions {
  storage: Storage
  seen: Seen
  job: FetchJob
  /** `s3://bucket/`, before the keys */
  root: string
  /** is the object asked for? */
  isWanted(object: StoredObject): boolean
}

export class Round {
  taken = 0
  /** taken before */
  known = 0
  /** gone, or written anew, before they could be read: the next look finds what is there then */
  vanished = 0
  /** no logs, by what is in them */
  readonly refused: { name: string; code: string; message: string }[] = []
  /** no logs, by their names */
  readonly leftOut: string[] = []
  /** an object whose bytes broke off: the others go on */
  private broken: FetchError | null = null

  constructor(private readonly options: RoundOptions) {}

  /** Resolves with the storage's time when it was first asked. Rejects with the first trouble when the others are through. */
  async take(prefix: string): Promise<number | null> {
    const { storage, job } = this.options
    let at: number | null = null
    for (let after: string | null = null; ;) {
      const page = await storage.page(prefix, after, job.signal)
      at ??= page.at
      await this.takeObjects(page.objects.filter((object) => this.isNew(object)))
      if (page.next === null) break
      after = page.next
    }
    if (this.broken) throw this.broken
    return at
  }

  doing(): Doing {
    const { taken, vanished, refused } = this
    return { code: 'all-taken', taken, vanished, refused: refused.length, like: refused.at(0) ?? null }
  }

  private isNew(object: StoredObject): boolean {
    if (!this.options.isWanted(object)) return false
    // what consoles show as folders
    if (object.key.endsWith('/')) return false
    if (!isLogName(object.key)) {
      if (this.leftOut.length < MOST_TOLD) this.leftOut.push(this.nameOf(object))
      return false
    }
    if (!this.options.seen.has(object)) return true
    this.known++
    return false
  }

  private async takeObjects(objects: readonly StoredObject[]): Promise<void> {
    const queue = objects[Symbol.iterator]()
    let failure: unknown = null
    const worker = async () => {
      for (const object of queue) {
        if (failure !== null) return
        try {
          await this.takeObject(object)
        } catch (error) {
          if (error instanceof FetchError && error.code === 'BUCKET_BROKEN_OFF') this.broken ??= error
          else failure ??= error
        }
      }
    }
    // an array's iterator has no `return`: who leaves the loop leaves the rest to the others
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
    if (failure !== null) throw failure
  }

  private async takeObject(object: StoredObject): Promise<void> {
    const { storage, seen, job } = this.options
    const name = this.nameOf(object)
    const bytes = await storage.read(object, job.signal)
    if (bytes === null) {
      this.vanished++
      return
    }
    try {
      await job.take(name, bytes)
      this.taken++
    } catch (error) {
      if (job.signal.aborted || !(error instanceof IngestError)) throw error
      const { code, message } = error
      if (code === 'INTERRUPTED' || code === 'TOO_SLOW' || code === 'UNREADABLE')
        throw new FetchError(
          'BUCKET_BROKEN_OFF',
          `${name} broke off while it was read. It is read again; nothing is missed or counted twice.`,
          { cause: error },
        )
      // it will be no better next time
      if (this.refused.length < MOST_TOLD) this.refused.push({ name, code, message })
    }
    await seen.add(object)
    job.tell({ code: 'taking', taken: this.taken, at: name })
  }

  private nameOf({ key }: StoredObject): string {
    return `${this.options.root}${key}`
  }
}
