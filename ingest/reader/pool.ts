/**
 * Reader threads. A chunk goes to the thread that has least to do; while all have enough it waits here, where those of small
 * posts go first and senders are served in turn. The caller sees to the order of the answers (inOrder in pipeline.ts).
 */
import { availableParallelism } from 'node:os'
import { FEW_YOUNG, startThread, workerUrl, type Thread } from '../../schema/runtime/threads.js'
import { Turns } from '../../schema/runtime/turns.js'
import type { FileStretch } from '../shape/piece.js'
import type { ReaderThread } from './reader-worker.js'
import type { ReadChunk, ReaderOptions } from './reader.js'

export interface ReaderPool {
  /** chunks that can be under way at once without waiting for a thread */
  readonly width: number
  /** Bytes move to the thread; a stretch is fetched there. */
  read(from: Uint8Array<ArrayBuffer> | FileStretch, options: ReaderOptions, sender: Sender): Promise<ReadChunk>
  /** Starts the threads before there is anything to read. */
  start(): void
  close(): Promise<void>
}

/** Whose a chunk is. */
export interface Sender {
  /** those of one name wait in one line */
  name: string
  /** it is large, or nobody knows how large: posts of some lines go first */
  isLarge: boolean
}

/** One core is for the store's threads, which have more to do with a line than a reader has. */
export function readerThreads(): number {
  return Math.max(1, Math.min(4, availableParallelism() - 1))
}

/** Chunks that a thread has: the one that it reads, and the next. */
const PER_THREAD = 2
/**
 * Chunks of small posts that wait are read together, as many as this and of so many bytes: reading one costs a block and a message to
 * and fro, thirty times as much as its lines. Then a large one (2 MiB) has its turn.
 */
const SMALL_TOGETHER = 64
const TOGETHER_BYTES = 1_048_576

interface Waiting {
  from: Uint8Array<ArrayBuffer> | FileStretch
  options: ReaderOptions
  resolve(read: ReadChunk): void
  reject(error: Error): void
}

/** Threads start with the first chunk that needs them; one that dies takes its chunks with it and is replaced. */
export function createReaderPool(size = readerThreads()): ReaderPool {
  const threads: (Thread<ReaderThread> | undefined)[] = Array.from({ length: size })
  const load = (slot: number) => threads[slot]?.pending ?? 0
  const small = new Turns<Waiting>()
  const large = new Turns<Waiting>()
  let isTurnOfLarge = false

  function running(slot: number): Thread<ReaderThread> {
    const thread = threads[slot]
    if (thread?.alive) return thread
    const worker = workerUrl(import.meta.url, './reader-worker.js')
    return (threads[slot] = startThread<ReaderThread>(worker, { resourceLimits: FEW_YOUNG }))
  }

  function leastBusy(): number {
    let best = 0
    for (let slot = 1; slot < size; slot++) if (load(slot) < load(best)) best = slot
    return best
  }

  function goOn(): void {
    while (small.size + large.size > 0 && load(leastBusy()) < PER_THREAD) {
      const takesLarge = large.size > 0 && (small.size === 0 || isTurnOfLarge)
      isTurnOfLarge = !takesLarge
      void start(takesLarge ? [large.next() as Waiting] : nextSmall()).finally(goOn)
    }
  }

  /** Those that wait and are to be read alike. */
  function nextSmall(): Waiting[] {
    const first = small.next() as Waiting
    const together = [first]
    let bytes = bytesOf(first)
    while (together.length < SMALL_TOGETHER) {
      const next = small.peek()
      if (next === undefined || !isReadAlike(next.options, first.options)) break
      bytes += bytesOf(next)
      if (bytes > TOGETHER_BYTES) break
      together.push(small.next() as Waiting)
    }
    return together
  }

  async function start(waiting: readonly Waiting[]): Promise<void> {
    const thread = running(leastBusy())
    const [first] = waiting
    try {
      if (waiting.length === 1) {
        const moving = 'buffer' in first.from ? [first.from.buffer] : []
        first.resolve(await thread.callMoving(moving, 'read', first.from, first.options))
        return
      }
      const chunks = waiting.map(({ from }) => from as Uint8Array<ArrayBuffer>)
      const moving = [...new Set(chunks.map(({ buffer }) => buffer))]
      const read = await thread.callMoving(moving, 'together', chunks, first.options)
      waiting.forEach(({ resolve }, i) => resolve(read[i]))
    } catch (error) {
      for (const { reject } of waiting) reject(error as Error)
    }
  }

  return {
    width: size,
    read: (from, options, { name, isLarge }) =>
      new Promise((resolve, reject) => {
        const lane = isLarge ? large : small
        lane.add(name, { from, options, resolve, reject })
        goOn()
      }),
    start() {
      for (let slot = 0; slot < size; slot++) running(slot)
    },
    async close() {
      for (const { reject } of [...small.all(), ...large.all()]) reject(new Error('The readers were stopped'))
      await Promise.all(threads.map((thread) => thread?.stop()))
    },
  }
}

/** A stretch is fetched by the thread: it is read alone. */
const bytesOf = ({ from }: Waiting): number => ('buffer' in from ? from.length : TOGETHER_BYTES)

/** Most posts have the settings of the service, which are one object. */
const isReadAlike = (a: ReaderOptions, b: ReaderOptions): boolean =>
  a.settings === b.settings && a.identityKey === b.identityKey
