/**
 * Which objects were taken: by key and content, in checkpoints of a hundred each. Those that are older than the horizon need
 * not be remembered: nothing as old is looked at any more. So it stays as small as what a bucket gets in that time.
 */
import { createHash } from 'node:crypto'
import type { Json } from '../../../schema/words/json.js'
import type { Checkpoint, Checkpoints } from '../../../schema/store/ledger/checkpoints.js'
import { everyItem } from '../../../schema/store/paging.js'
import { fetchedTwice, notesOf } from '../notes.js'
import type { StoredObject } from './storage.js'

/** Objects in one checkpoint, which may be a few KB. */
const A_PAGE = 100
/** Characters of the digest: two of a million objects meet with a chance of 1 in 10^12. */
const DIGEST = 18

interface Page {
  /** of the newest in it, epoch ms */
  newest: number
  objects: string[]
}

export class Seen {
  private readonly known = new Set<string>()
  private readonly pages = new Map<string, Checkpoint>()
  private open: { key: string; page: Page } | null = null
  private lastNumber = 0
  private waiting: { tag: string; modified: number; done: () => void; failed: (error: unknown) => void }[] = []
  private writing: Promise<void> | null = null

  private constructor(
    private readonly checkpoints: Checkpoints,
    private readonly input: string,
    private readonly job: string,
  ) {}

  static async load(checkpoints: Checkpoints, input: string, job: string): Promise<Seen> {
    const seen = new Seen(checkpoints, input, job)
    const prefix = notesOf(job)
    for await (const one of everyItem((query) => checkpoints.page(input, { ...query, prefix }))) {
      const page = one.value as unknown as Page
      seen.pages.set(one.key, one)
      for (const tag of page.objects) seen.known.add(tag)
      seen.lastNumber = Number(one.key.slice(prefix.length))
      seen.open = page.objects.length < A_PAGE ? { key: one.key, page } : null
    }
    return seen
  }

  get size(): number {
    return this.known.size
  }

  has(object: StoredObject): boolean {
    return this.known.has(tagOf(object))
  }

  /** Durable when it resolves. Those that come together are written together. */
  add(object: StoredObject): Promise<void> {
    return new Promise((done, failed) => {
      this.waiting.push({ tag: tagOf(object), modified: object.modified, done, failed })
      this.writing ??= this.write()
    })
  }

  /** Forgets pages of which nothing is as new as the horizon. */
  async forgetBefore(horizon: number): Promise<void> {
    for (const [key, { value, version }] of this.pages) {
      const { newest, objects } = value as unknown as Page
      if (newest >= horizon) continue
      await this.checkpoints.remove(this.input, key, version)
      this.pages.delete(key)
      for (const tag of objects) this.known.delete(tag)
      if (this.open?.key === key) this.open = null
    }
  }

  private async write(): Promise<void> {
    // those of the same moment come along
    await Promise.resolve()
    while (this.waiting.length > 0) {
      const room = A_PAGE - (this.open?.page.objects.length ?? 0)
      const now = this.waiting.splice(0, room)
      try {
        await this.put(now)
        for (const { tag, done } of now) {
          this.known.add(tag)
          done()
        }
      } catch (error) {
        for (const { failed } of now) failed(error)
      }
    }
    this.writing = null
  }

  private async put(more: readonly { tag: string; modified: number }[]): Promise<void> {
    const key = this.open?.key ?? `${notesOf(this.job)}${String(++this.lastNumber).padStart(10, '0')}`
    const page: Page = {
      newest: Math.max(this.open?.page.newest ?? 0, ...more.map(({ modified }) => modified)),
      objects: [...(this.open?.page.objects ?? []), ...more.map(({ tag }) => tag)],
    }
    const version = this.pages.get(key)?.version ?? null
    const stands = await this.checkpoints.put(this.input, key, page as unknown as Json, version)
    if (stands === null) throw fetchedTwice(this.job)
    this.pages.set(key, stands)
    this.open = page.objects.length < A_PAGE ? { key, page } : null
  }
}

const tagOf = ({ key, etag }: StoredObject) =>
  createHash('sha256').update(`${key}\n${etag}`).digest('base64url').slice(0, DIGEST)
