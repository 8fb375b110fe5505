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
/** After so many chunks of small posts, some kilobytes each, a large one (2 MiB) has its turn. */
const SMALL_IN_A_ROW = 24

interface Waiting {
  start(): Promise<void>
  reject(error: Error): void
}

/** Threads start with the first chunk that needs them; one that dies takes its chunks with it and is replaced. */
export function createReaderPool(size = readerThreads()): ReaderPool {
  const threads: (Thread<ReaderThread> | undefined)[] = Array.from({ length: size })
  const load = (slot: number) => threads[slot]?.pending ?? 0
  const small = new Turns<Waiting>()
  const large = new Turns<Waiting>()
  let inARow = 0

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
      const takesLarge = large.size > 0 && (small.size === 0 || inARow >= SMALL_IN_A_ROW)
      inARow = takesLarge ? 0 : inARow + 1
      void (takesLarge ? large : small).next()?.start().finally(goOn)
    }
  }

  return {
    width: size,
    read: (from, options, { name, isLarge }) =>
      new Promise((resolve, reject) => {
        const moving = 'buffer' in from ? [from.buffer] : []
        const lane = isLarge ? large : small
        lane.add(name, {
          start: () => running(leastBusy()).callMoving(moving, 'read', from, options).then(resolve, reject),
          reject,
        })
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
