/**
 * Reader threads. A chunk goes to the thread that has least to do; the caller sees to the order of the answers
 * (inOrder in pipeline.ts).
 */
import { availableParallelism } from 'node:os'
import { startThread, workerUrl, type Thread } from '../../schema/runtime/threads.js'
import type { FileStretch } from '../shape/piece.js'
import type { ReaderThread } from './reader-worker.js'
import type { ReadChunk, ReaderOptions } from './reader.js'

export interface ReaderPool {
  /** chunks that can be under way at once without waiting for a thread */
  readonly width: number
  /** Bytes move to the thread; a stretch is fetched there. */
  read(from: Uint8Array<ArrayBuffer> | FileStretch, options: ReaderOptions): Promise<ReadChunk>
  /** Starts the threads before there is anything to read. */
  start(): void
  close(): Promise<void>
}

/** One core is for the store's threads, which have more to do with a line than a reader has. */
export function readerThreads(): number {
  return Math.max(1, Math.min(4, availableParallelism() - 1))
}

/** Threads start with the first chunk that needs them; one that dies takes its chunks with it and is replaced. */
export function createReaderPool(size = readerThreads()): ReaderPool {
  const threads: (Thread<ReaderThread> | undefined)[] = Array.from({ length: size })
  const load = (slot: number) => threads[slot]?.pending ?? 0

  function running(slot: number): Thread<ReaderThread> {
    const thread = threads[slot]
    if (thread?.alive) return thread
    return (threads[slot] = startThread<ReaderThread>(workerUrl(import.meta.url, './reader-worker.js')))
  }

  function leastBusy(): Thread<ReaderThread> {
    let best = 0
    for (let slot = 1; slot < size; slot++) if (load(slot) < load(best)) best = slot
    return running(best)
  }

  return {
    width: size,
    read: (from, options) => leastBusy().callMoving('buffer' in from ? [from.buffer] : [], 'read', from, options),
    start() {
      for (let slot = 0; slot < size; slot++) running(slot)
    },
    async close() {
      await Promise.all(threads.map((thread) => thread?.stop()))
    },
  }
}
