/** The store on one SQLite file: a writer, two readers and the small tables in threads of their own, so that nothing here blocks. */
import { randomUUID } from 'node:crypto'
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { IdentityKey } from '../store/identity.js'
import { sharedCalls } from '../runtime/shared-calls.js'
import { startThread, workerUrl, type Thread } from '../runtime/threads.js'
import type { Part } from '../store/batches.js'
import { withBounds } from '../store/buckets.js'
import type { EngineSettings } from '../store/engine.js'
import { StoreError } from '../store/store-error.js'
import type { Changed } from '../store/batches.js'
import type { Store, StoreChange } from '../store/store.js'
import { filesOf } from './database.js'
import { openSmallTables } from './ledger/open.js'
import type { ServedReader } from './reader-worker.js'
import { createPrecedence } from './precedence.js'
import { reviveError } from './revive-error.js'
import type { ServedWriter } from './writer-worker.js'
import { inTurns } from './writing-turns.js'

const READERS = 2
/** how soon commits of other processes are noticed */
const POLL_MS = 1_000
const ABANDON_MS = 10_000
/** Segments whose records go in one commit when they are too old: posts wait for no longer than that takes. */
const EXPIRED_TOGETHER = 4
/** Whoever asks whether the store can be written is answered by then; a writer that is busy for so long takes nothing soon. */
const CHECK_WITHIN_MS = 5_000

/** Owners of open batches in this process: no other store here may take their batches for abandoned. */
const livingOwners = new Set<string>()

/** Opens the file, making it if it is missing. Rejects with a StoreError that says what to do. */
export async function openSqliteStore(url: string, file: string, settings: EngineSettings = {}): Promise<Store> {
  const path = resolve(file)
  const owner = randomUUID()
  livingOwners.add(owner)
  const precedence = createPrecedence()
  let writing = startWriter(path, owner, precedence)
  // readers start with the first question: taking a file in needs none
  const reading: Thread<ServedReader>[] = []
  let seenChange: number
  let identityKey: IdentityKey
  const small = openSmallTables(path, checkOpen, precedence)
  const stopAll = async () => {
    await small.close()
    await Promise.all([writing, ...reading].map((thread) => thread.stop()))
    livingOwners.delete(owner)
  }
  try {
    const started = await writing.call('start', [...livingOwners])
    seenChange = started.change
    identityKey = started.identityKey
  } catch (error) {
    await stopAll()
    throw error
  }

  const listeners = new Set<(change: StoreChange) => void>()
  let closing: Promise<void> | null = null

  function checkOpen(): void {
    if (closing) throw new StoreError('STORE_CLOSED', `The store ${path} is closed.`)
  }

  /** Threads that died are replaced: what they owed was rejected, the next call may succeed. */
  function writer(): Thread<ServedWriter> {
    checkOpen()
    return writerNow()
  }

  /** Also while it closes: what was accepted before is finished. */
  function writerNow(): Thread<ServedWriter> {
    if (!writing.alive) writing = startWriter(path, owner, precedence)
    return writing
  }

  /** The one with least to do. */
  function reader(): Thread<ServedReader> {
    checkOpen()
    for (let i = 0; i < READERS; i++) if (!reading[i]?.alive) reading[i] = startReader(path, settings.namedValues)
    return reading.reduce((best, thread) => (thread.pending < best.pending ? thread : best))
  }

  const ask = sharedCalls(reader)

  function tell(batch: string | null): void {
    for (const listener of listeners) listener({ batch })
  }

  async function changing<T>(
    call: () => Promise<Changed<T>>,
    batchesOf: (value: T) => readonly (string | null)[],
  ): Promise<T> {
    const { value, change } = await call()
    if (change === null) return value
    // a gap in the numbers: another process committed in between, the next poll would have missed it
    const others = change > seenChange + 1
    seenChange = Math.max(seenChange, change)
    for (const batch of batchesOf(value)) tell(batch)
    if (others) tell(null)
    return value
  }

  const turns = inTurns({
    write: (batch, part) =>
      changing(
        () => writerNow().callMoving(buffersOf(part), 'write', batch, part),
        () => [batch],
      ),
    take: (batches) =>
      changing(
        async () => {
          const { value, change } = await writerNow().callMoving(batches.flatMap(buffersOf), 'take', batches)
          return { value: value.map((one) => ('error' in one ? reviveError(one.error) : one.value)), change }
        },
        (outcomes) => outcomes.flatMap((outcome) => (outcome instanceof Error ? [] : [outcome.id])),
      ),
  })

  const poll = setInterval(() => {
    if (listeners.size === 0 || closing) return
    ask('lastChange').then(
      (change) => {
        if (change <= seenChange) return
        seenChange = change
        tell(null)
      },
      () => {},
    )
  }, POLL_MS)
  const abandon = setInterval(() => {
    if (!closing)
      writer()
        .call('abandonDead', [...livingOwners])
        .catch(() => {})
  }, ABANDON_MS)
  poll.unref()
  abandon.unref()

  return {
    url,
    batches: {
      open: (origin, key) =>
        changing(
          () => writer().call('open', origin, key ?? null),
          (id) => [id],
        ),
      write: async (batch, part) => {
        checkOpen()
        return turns.write(batch, part)
      },
      take: async (batch) => {
        checkOpen()
        return turns.take(batch)
      },
      close: (batch, state, progress, message) =>
        changing(
          () => writer().call('close', batch, state, progress, message),
          () => [batch],
        ),
      delete: (batch) =>
        changing(
          () => writer().call('delete', batch),
          () => [batch],
        ),
    },
    records: {
      counts: async (query) => ask('counts', withBounds(query)),
      percentiles: async (query) => ask('percentiles', withBounds(query)),
      newest: async (query) => ask('newest', query),
      scan: async (query) => ask('scan', query),
      byRayId: async (rayId) => ask('byRayId', rayId),
      extent: async () => ask('extent'),
      values: async (query) => ask('values', query),
      presence: async (selection, fields) => ask('presence', selection, fields),
      kept: async () => ask('kept'),
      async expire(before) {
        let removed = 0
        for (let more = true; more;) {
          const step = await changing(
            () => writer().call('expire', before, EXPIRED_TOGETHER),
            () => [null],
          )
          removed += step.removed
          more = step.more
        }
        return removed
      },
      erase: (what) =>
        changing(
          () => writer().call('erase', what),
          () => [null],
        ),
    },
    ledger: {
      identityKey: async () => {
        checkOpen()
        return identityKey
      },
      adoptIdentityKey: async (key) => {
        const adopted = await writer().call('adoptIdentityKey', key)
        if (adopted) identityKey = key
        return adopted
      },
      reports: {
        page: async (query) => ask('reports', query),
        get: async (batch) => ask('report', batch),
        rejectedLines: async (batch, query) => ask('rejectedLines', batch, query),
      },
      ...small.rooms,
    },
    alerts: small.alerts,
    async backup(target) {
      // a thread of its own: a large copy takes its time
      const thread = startReader(path)
      try {
        await thread.call('backup', resolve(target))
      } finally {
        await thread.stop()
      }
    },
    size: async () => filesOf(path).reduce((sum, name) => sum + statSync(name).size, 0),
    checkWritable: () => withinSeconds(path, writer().call('checkWritable')),
    // processes of one machine evaluate and notify side by side: the alert log sees to it that each notice goes once
    onAlerts: () => () => {},
    leases: null,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      closing ??= (async () => {
        clearInterval(poll)
        clearInterval(abandon)
        await turns.over()
        // readers first: the last connection to close folds the write-ahead log into the file
        for (const thread of reading) await thread.call('dispose').catch(() => {})
        await writing.call('dispose').catch(() => {})
        await stopAll()
        listeners.clear()
      })()
      return closing
    },
  }
}

const buffersOf = ({ blocks }: Pick<Part, 'blocks'>) => blocks.map(({ buffer }) => buffer)

function startWriter(path: string, owner: string, precedence: SharedArrayBuffer): Thread<ServedWriter> {
  return startThread<ServedWriter>(
    workerUrl(import.meta.url, './writer-worker.js'),
    { workerData: { path, owner, precedence } },
    reviveError,
  )
}

function startReader(path: string, named?: number): Thread<ServedReader> {
  return startThread<ServedReader>(
    workerUrl(import.meta.url, './reader-worker.js'),
    { workerData: { path, named } },
    reviveError,
  )
}

async function withinSeconds(path: string, check: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const message = `${path} has taken nothing for ${CHECK_WITHIN_MS / 1_000} s: parts wait for each other, or for another process that holds the file.`
  const late = new Promise<void>((_, reject) => {
    timer = setTimeout(() => reject(new StoreError('STORE_BUSY', message)), CHECK_WITHIN_MS)
  })
  check.catch(() => {})
  try {
    await Promise.race([check, late])
  } finally {
    clearTimeout(timer)
  }
}
