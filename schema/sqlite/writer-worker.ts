/** The writer's thread: answers calls, and tidies up while there are none. */
import { workerData } from 'node:worker_threads'
import type { IdentityKey } from '../store/identity.js'
import { sentError, serve } from '../runtime/threads.js'
import type { WholeBatch } from '../store/batches.js'
import type { Erasure } from '../store/erasure.js'
import { giveWay } from './precedence.js'
import { Writer } from './writer.js'
import { IdleWork } from './writing/idle-work.js'
import { warmUp } from './writing/warm-up.js'

export interface WriterData {
  path: string
  owner: string
  precedence: SharedArrayBuffer
  waitMs: number | undefined
  warmUpAfterMs: number
  /** nothing is going to be written */
  toRead: boolean
}

const { path, owner, precedence, waitMs, warmUpAfterMs, toRead } = workerData as WriterData
let writer: Writer | null = null
const idle = new IdleWork((quiet) => (writer as Writer).tidy(quiet))

/** until there is something to write */
let warming: Generator<void> | null = toRead ? null : warmUp()

function warmOn(): void {
  if (warming?.next().done === false) setImmediate(warmOn)
}

/** Opens the file at the first call, whose caller then gets the error if it can't be opened. */
function running(): Writer {
  writer ??= new Writer(path, owner, () => giveWay(precedence), waitMs)
  // who reads for half a minute has not come to merge what others brought
  if (!toRead) idle.postpone()
  return writer
}

const served = {
  /** Marks batches of dead processes as aborted; gives the number of the last change, and the key of the identity hash. */
  start: (living: string[]) => {
    setTimeout(warmOn, warmUpAfterMs).unref()
    running().abandonDead(living)
    return { change: running().lastChange(), identityKey: running().identityKey() }
  },
  open: (...args: Parameters<Writer['open']>) => {
    warming = null
    return running().open(...args)
  },
  write: (...args: Parameters<Writer['write']>) => running().write(...args),
  take: (batches: WholeBatch[]) => {
    warming = null
    const { value, change } = running().take(batches)
    return { value: value.map((one) => ('error' in one ? { error: sentError(one.error) } : one)), change }
  },
  close: (...args: Parameters<Writer['close']>) => running().close(...args),
  delete: (batch: string) => running().delete(batch),
  adoptIdentityKey: (key: IdentityKey) => running().adoptIdentityKey(key),
  checkSame: () => running().checkSame(),
  checkWritable: () => running().checkWritable(),
  expire: (...args: Parameters<Writer['expire']>) => running().expire(...args),
  erase: (what: Erasure) => running().erase(what),
  /** Asked for every few seconds: no sign of work. */
  abandonDead: (living: string[]) => writer?.abandonDead(living),
  dispose: () => {
    idle.stop()
    writer?.dispose()
  },
}

export type ServedWriter = typeof served
serve(served)
