/** The store on one SQLite file: a writer, two readers and the small tables in threads of their own, so that nothing here blocks. */
import { randomUUID } from 'node:crypto'
import type { IdentityKey } from '../store/identity.js'
import { FEW_YOUNG, startThread, workerUrl, type Thread } from '../runtime/threads.js'
import type { Part } from '../store/batches.js'
import type { EngineSettings } from '../store/engine.js'
import { buffersOfBlocks } from '../store/moving-block.js'
import { StoreError } from '../store/store-error.js'
import { changesAfter } from '../store/changes.js'
import type { Store } from '../store/store.js'
import { openSmallTables } from './ledger/open.js'
import { createPrecedence } from './precedence.js'
import { openReaders } from './readers.js'
import { reviveError } from './revive-error.js'
import { conditionOf } from './write-ahead-log.js'
import type { ServedWriter, WriterData } from './writer-worker.js'
import { inTurns } from '../store/writing-turns.js'

const ABANDON_MS = 10_000
/** Segments whose records go in one commit when they are too old: posts wait for no longer than that takes. */
const EXPIRED_TOGETHER = 4
/** Whoever asks whether the store can be written is answered by then; a writer that is busy for so long takes nothing soon. */
const CHECK_WITHIN_MS = 5_000

/** Owners of open batches in this process: no other store here may take their batches for abandoned. */
const livingOwners = new Set<string>()

/** Opens the file, making it if it is missing. Rejects with a StoreError that says what to do. */
export async function openSqliteStore(url: string, path: string, settings: EngineSettings = {}): Promise<Store> {
  const { waitMs, warmUpAfterMs = 0, toRead = false } = settings
  const owner = randomUUID()
  livingOwners.add(owner)
  const precedence = createPrecedence()
  const data = { path, owner, precedence, waitMs, warmUpAfterMs, toRead }
  let writing = startWriter(data)
  let seenChange: number
  let identityKey: IdentityKey
  const readers = openReaders(path, checkOpen, settings)
  const small = openSmallTables(path, checkOpen, { precedence, waitMs })
  const stopAll = async () => {
    await small.close()
    await readers.close()
    await writing.stop()
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
    if (!writing.alive) writing = startWriter(data)
    return writing
  }

  const changes = changesAfter(seenChange, () => readers.ask('lastChange'))
  const { changing } = changes
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

  const abandon = setInterval(() => {
    if (!closing)
      writer()
        .call('abandonDead', [...livingOwners])
        .catch(() => {})
  }, ABANDON_MS)
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
      ...readers.records,
      keepsCounts: true,
      async expire(expiry) {
        let removed = 0
        for (let more = true; more;) {
          const step = await changing(
            () => writer().call('expire', expiry, EXPIRED_TOGETHER),
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
    patient: readers.patient,
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
      reports: readers.reports,
      ...small.rooms,
    },
    alerts: small.alerts,
    async backup(target) {
      // a copy of whatever bears the name now would push the copies of this store out
      await writer().call('checkSame')
      await readers.backup(target)
    },
    size: readers.size,
    condition: async () => conditionOf(path),
    checkWritable: () => withinSeconds(path, writer().call('checkWritable')),
    // processes of one machine evaluate and notify side by side: the alert log sees to it that each notice goes once
    onAlerts: () => () => {},
    leases: null,
    onChange: changes.onChange,
    close() {
      closing ??= (async () => {
        changes.stop()
        clearInterval(abandon)
        await turns.over()
        // readers first: the last connection to close folds the write-ahead log into the file
        await readers.close()
        await writing.call('dispose').catch(() => {})
        await stopAll()
      })()
      return closing
    },
  }
}

const buffersOf = ({ blocks }: Pick<Part, 'blocks'>) => buffersOfBlocks(blocks)

function startWriter(data: WriterData): Thread<ServedWriter> {
  return startThread<ServedWriter>(
    workerUrl(import.meta.url, './writer-worker.js'),
    { workerData: data, resourceLimits: FEW_YOUNG },
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
