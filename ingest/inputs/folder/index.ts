/**
 * A folder: files that come, grow, are rotated, packed or replaced. Whole lines are taken as they come, packed files when they
 * are all there. Of each file it is remembered how far it was read, under its inode and the hash of its beginning, so that a
 * renamed file goes on and a copied or packed one is known for what it is.
 *
 * It looks, and is not woken: notifications of the system do not reach network file systems and overflow where much is
 * written, so one would look all the same; every few seconds costs a stat per file.
 */
import { Type, type Static } from 'typebox'
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Doing } from '../../../schema/words/doing.js'
import { SECOND } from '../../../schema/words/duration.js'
import { IngestError } from '../../errors.js'
import type { FetchingInput, FetchJob, Pause } from '../input.js'
import { filesIn, type FoundFile } from './found.js'
import { FileMemory, type Known } from './memory.js'
import { headerOf, kindOf, tailOf, WholeLines } from './open-file.js'

const FolderSettings = Type.Object({
  path: Type.String({ minLength: 1, description: 'The folder; those in it are read too' }),
  everySeconds: Type.Optional(
    Type.Number({
      minimum: 0.1,
      description: 'How often it is looked into; what came meanwhile is one batch a file. 10',
    }),
  ),
})
type FolderSettings = Static<typeof FolderSettings>

const EVERY_SECONDS = 10
/** Taken at once, bytes: a restart in a large file goes on from the last of these. */
const PIECE_BYTES = 64 * 1_048_576
/** A file that nobody has written to for so long is written, ms. */
const QUIET_MS = 5 * SECOND

export const folder: FetchingInput<typeof FolderSettings> = {
  kind: 'fetching',
  settings: FolderSettings,
  jobOf: ({ path }) => resolve(path),
  async next(settings, job) {
    const look = new Look(resolve(settings.path), settings, job)
    return look.run()
  },
}

/** One look into the folder. */
class Look {
  private readonly unfinished: string[] = []
  private readonly refused: string[] = []
  private readonly unreadable: string[] = []

  constructor(
    private readonly path: string,
    private readonly settings: FolderSettings,
    private readonly job: FetchJob,
  ) {}

  async run(): Promise<Pause> {
    const files = await filesIn(this.path)
    const memory = await FileMemory.open(this.job.notes)
    for (const file of files) {
      if (this.job.signal.aborted) break
      try {
        await this.look(file, memory)
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        if (code === 'EACCES' || code === 'EPERM') this.unreadable.push(file.name)
        // gone since: renamed, it is found again
        else if (code !== 'ENOENT') throw error
      }
    }
    await memory.forgetGone(files, this.job.clock.now())
    return { ms: (this.settings.everySeconds ?? EVERY_SECONDS) * SECOND, doing: this.doing(files.length) }
  }

  private doing(files: number): Doing {
    const { unfinished, refused, unreadable } = this
    return { code: 'followed', files, unfinished, refused, unreadable }
  }

  private async look(file: FoundFile, memory: FileMemory): Promise<void> {
    const before = memory.of(file)
    // nothing changed since it was read to its end
    if (before && before.size === file.size && before.writtenAt === file.writtenAt && before.settled) {
      if (before.refused) this.refused.push(file.name)
      return
    }
    const handle = await open(file.path)
    try {
      // the name may stand for another file by now
      const stats = await handle.stat()
      if (`${stats.dev}:${stats.ino}` !== file.id) return
      const opened = { ...file, size: stats.size, writtenAt: stats.mtimeMs }
      const known = await memory.recognise(opened, handle, this.job.clock.now())
      const kind = await kindOf(handle)
      const age = this.job.clock.now() - file.changedAt
      const quiet = age > QUIET_MS || age < -QUIET_MS
      if (kind === 'lines' || kind === 'csv') await this.takeLines(opened, known, memory, handle, kind, quiet)
      else if (quiet) await this.takeWhole(opened, known, memory, handle)
      else if (stats.size > 0) this.unfinished.push(file.name)
    } finally {
      await handle.close()
    }
  }

  private async takeLines(
    file: FoundFile,
    known: Known,
    memory: FileMemory,
    handle: Awaited<ReturnType<typeof open>>,
    kind: 'lines' | 'csv',
    quiet: boolean,
  ): Promise<void> {
    let { at, tail } = known
    const state = () => ({ ...known, at, tail, size: file.size, writtenAt: file.writtenAt, refused: false })
    // what was refused as no log is tried again when there is twice as much of it
    if (known.refused && file.size < 2 * known.size) {
      this.refused.push(file.name)
      return
    }
    while (at < file.size && !this.job.signal.aborted) {
      const lines = new WholeLines(handle, at, Math.min(file.size, at + PIECE_BYTES), quiet)
      const header = kind === 'csv' && at > 0 ? await headerOf(handle) : null
      const source = await firstOf(withHeader(header, lines.bytes()))
      // only the beginning of a line so far
      if (source === null) {
        if (at + PIECE_BYTES < file.size) {
          at += PIECE_BYTES
          continue
        }
        this.unfinished.push(file.name)
        break
      }
      let refused = false
      try {
        await this.job.take(file.name, until(this.job.signal, source))
      } catch (error) {
        if (!(error instanceof IngestError) || error.code === 'UNREADABLE' || error.code === 'INTERRUPTED') throw error
        // below lines that were read a stretch without any is a hole in a log
        refused = error.report === null && at === 0
      }
      if (refused) {
        this.refused.push(file.name)
        await memory.put(file, { ...state(), settled: true, refused })
        return
      }
      at = lines.end
      tail = lines.tail
      await memory.put(file, { ...state(), settled: at === file.size })
    }
    if (at === file.size && !(known.settled && known.size === file.size && known.writtenAt === file.writtenAt))
      await memory.put(file, { ...state(), settled: true })
  }

  /** What can be read only as a whole is read when it is quiet, and again when it has grown since. */
  private async takeWhole(
    file: FoundFile,
    known: Known,
    memory: FileMemory,
    handle: Awaited<ReturnType<typeof open>>,
  ): Promise<void> {
    const begun = { ...known, size: file.size, writtenAt: file.writtenAt, settled: true, refused: false }
    const read = { ...begun, at: file.size, tail: await tailOf(handle, file.size) }
    const unread = { ...begun, at: 0, tail: await tailOf(handle, 0) }
    if (known.at === file.size || (await memory.isPackedOfKnown(file, handle))) {
      await memory.put(file, read)
      return
    }
    let refused = false
    try {
      await this.job.take(
        file.name,
        until(this.job.signal, handle.createReadStream({ start: 0, end: file.size - 1, autoClose: false })),
      )
    } catch (error) {
      if (!(error instanceof IngestError) || error.code === 'UNREADABLE' || error.code === 'INTERRUPTED') throw error
      // half written: what is whole is stored, and comes again with the rest, counted once
      if (error.code === 'TRUNCATED') {
        this.unfinished.push(file.name)
        await memory.put(file, unread)
        return
      }
      refused = error.report === null
      if (refused) this.refused.push(file.name)
    }
    // what is none now may be one when it has grown
    await memory.put(file, refused ? { ...unread, refused } : read)
  }
}

async function* withHeader(header: Buffer | null, lines: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let first = header
  for await (const chunk of lines) {
    if (first) yield first
    first = null
    yield chunk
  }
}

/** Breaks off when the service stops: what was whole is stored, and the rest comes after the start. */
async function* until(signal: AbortSignal, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    signal.throwIfAborted()
    yield chunk
  }
}

/** The same bytes, if there are any: an empty batch would be none. */
async function firstOf(bytes: AsyncGenerator<Uint8Array>): Promise<AsyncGenerator<Uint8Array> | null> {
  const first = await bytes.next()
  if (first.done) return null
  return (async function* () {
    yield first.value
    yield* bytes
  })()
}
