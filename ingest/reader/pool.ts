/**
 * Reader threads. Chunks are handed to the thread that has least to do; the callers see to the order of the
 * answers (see inOrder in pipeline.ts).
 */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { workerUrl } from '../../schema/threads.js'
import type { ReadChunk, ReaderOptions } from './reader.js'

export interface ReadRequest { id: number; bytes: Uint8Array<ArrayBuffer>; options: ReaderOptions }
export type ReadResponse = { id: number; read: ReadChunk } | { id: number; error: string }

export interface ReaderPool {
  /** chunks that can be under way at once without waiting for a thread */
  readonly width: number
  read(bytes: Uint8Array<ArrayBuffer>, options: ReaderOptions): Promise<ReadChunk>
  close(): Promise<void>
}

/** On two cores two readers keep both busy while the store's thread waits for the disk; many more would starve it. */
export function readerThreads(): number {
  return Math.max(1, Math.min(4, availableParallelism()))
}

interface Thread {
  worker: Worker
  pending: Map<number, { resolve: (read: ReadChunk) => void; reject: (error: Error) => void }>
}

export function createReaderPool(size = readerThreads()): ReaderPool {
  const threads: (Thread | null)[] = Array.from({ length: size }, () => null)
  let nextId = 1
  let closed = false

  function start(slot: number): Thread {
    const thread: Thread = { worker: new Worker(workerUrl(import.meta.url, './reader-worker.js')), pending: new Map() }
    thread.worker.on('message', (response: ReadResponse) => {
      const waiting = thread.pending.get(response.id)
      thread.pending.delete(response.id)
      if (thread.pending.size === 0) thread.worker.unref()
      if ('read' in response) waiting?.resolve(response.read)
      else waiting?.reject(new Error(`A reader thread failed: ${response.error}`))
    })
    // A thread that dies takes its chunks with it; the next chunk starts a new one.
    const gone = (error: Error) => {
      if (threads[slot] === thread) threads[slot] = null
      for (const waiting of thread.pending.values()) waiting.reject(error)
      thread.pending.clear()
    }
    thread.worker.on('error', gone)
    thread.worker.on('exit', (code) => gone(new Error(`A reader thread stopped (exit status ${code})`)))
    thread.worker.unref()
    threads[slot] = thread
    return thread
  }

  function leastBusy(): Thread {
    let best = 0
    for (let i = 0; i < size; i++) {
      if ((threads[i]?.pending.size ?? 0) < (threads[best]?.pending.size ?? 0)) best = i
    }
    return threads[best] ?? start(best)
  }

  return {
    width: size,
    read(bytes, options) {
      if (closed) return Promise.reject(new Error('The reader threads are stopped'))
      const thread = leastBusy()
      const id = nextId++
      return new Promise((resolve, reject) => {
        thread.pending.set(id, { resolve, reject })
        thread.worker.ref()
        const request: ReadRequest = { id, bytes, options }
        thread.worker.postMessage(request, [bytes.buffer])
      })
    },
    async close() {
      closed = true
      await Promise.all(threads.map((thread) => thread?.worker.terminate()))
    },
  }
}
