/** The writer's thread. */
import { workerData } from 'node:worker_threads'
import { serve } from '../threads.js'
import { Writer } from './writer.js'

const { path, owner } = workerData as { path: string; owner: string }
let writer: Writer | null = null
const running = () => {
  if (!writer) throw new Error('The writer was not started')
  return writer
}

const served = {
  /** Opens the file; apart from the thread's start so that its errors come back like any other. */
  start: () => { writer = new Writer(path, owner) },
  identityKey: () => running().identityKey(),
  open: (...args: Parameters<Writer['open']>) => running().open(...args),
  write: (...args: Parameters<Writer['write']>) => running().write(...args),
  close: (...args: Parameters<Writer['close']>) => running().close(...args),
  delete: (batch: number) => running().delete(batch),
  expire: (before: number) => running().expire(before),
  setSetting: (name: string, value: string) => running().setSetting(name, value),
  abandonDead: (living: string[]) => running().abandonDead(living),
  dispose: () => { writer?.dispose() },
}

export type ServedWriter = typeof served
serve(served)
