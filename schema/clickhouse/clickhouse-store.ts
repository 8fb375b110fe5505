/** The store on ClickHouse: records there, the ledger in a SQLite file beside it. Which carrier goes there it does not know. */
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { hexOfKey, type IdentityKey } from '../store/identity.js'
import type { Batches } from '../store/batches.js'
import { changesAfter } from '../store/changes.js'
import { inTurns, type TogetherAtMost } from '../store/writing-turns.js'
import { plainLimit } from '../store/expiry.js'
import { withBounds } from '../store/buckets.js'
import { StoreError } from '../store/store-error.js'
import type { Fence } from '../store/leases.js'
import type { ReadRecords } from '../store/records.js'
import type { Store } from '../store/store.js'
import type { Connection } from './connection.js'
import { at } from './failpoints.js'
import { keepAbout, tablesOf } from './layout.js'
import { openLedger } from './ledgers.js'
import { text } from './literal.js'
import { openTogether } from './opening.js'
import { forgetOldDays, forgetOldSums, sumUp, sumUpDay } from './rollups/sum-up.js'
import { counts, values } from './questions/counts.js'
import { percentiles } from './questions/percentiles.js'
import { byRayId, extent, newest, presence } from './questions/records.js'
import { scan } from './questions/scan.js'
import { alone } from './turns.js'
import type { StorePlace } from './url.js'
import { deleteBatch, tidyUp, writePart, type Writing } from './writing/batches.js'
import { MOST_PARTS, MOST_TOGETHER } from './writing/insert.js'
import { expireRecords } from './writing/remove.js'
import { takeTogether } from './writing/together.js'
import { keptDays } from './questions/kept.js'

/** how soon what dead processes left is tidied up */
const TIDY_MS = 10_000

/** The lease of whoever tidies and sums up, and how long it holds, ms: a few turns. */
const UPKEEP = 'upkeep'
const UPKEEP_MS = 3 * TIDY_MS

/** A commit takes as long for one small batch as for many: all that came during the one before go into the next. */
const TOGETHER: TogetherAtMost = { rows: MOST_TOGETHER, batches: MOST_PARTS, atOnce: 1, gatherMs: 0 }

/** Hours that nobody has touched for so long are summed up. */
const QUIET_MS = 30_000
/** The same of days, which cost more. */
const QUIET_DAY_MS = 120_000

/** Makes database, tables and ledger where they are missing. Rejects with a StoreError that says what to do. */
export async function openClickHouseStore(connection: Connection, place: StorePlace): Promise<Store> {
  let closing: Promise<void> | null = null
  const ledger = await openLedger(place.ledger, () => {
    if (closing) throw new StoreError('STORE_CLOSED', `The store ${place.url} is closed.`)
  })
  const tables = tablesOf(place.database, place.cluster)
  const writing: Writing = { connection, tables, ledger }
  let identityKey: IdentityKey
  let seenChange: number
  try {
    identityKey = await openTogether(writing, place)
    await ledger.notes.abandonDead()
    await tidyUp(writing)
    seenChange = await ledger.notes.lastChange()
  } catch (error) {
    await ledger.close()
    await connection.close()
    throw error
  }

  const changes = changesAfter(seenChange, () => ledger.notes.lastChange())
  const { changing } = changes

  /** Of several nodes one does it, so that not all of them ask ClickHouse for the same. */
  async function upkeep(): Promise<void> {
    await ledger.notes.abandonDead()
    if (ledger.leases !== null) {
      upkeeping = await ledger.leases.take(UPKEEP, UPKEEP_MS)
      if (upkeeping === null) return
    }
    await tidyUp(writing)
    await sumUp(writing, QUIET_MS)
    await forgetOldSums(writing)
    await sumUpDay(writing, QUIET_DAY_MS)
    await forgetOldDays(writing)
  }
  let upkeeping: Fence | null = null
  let keeping: Promise<void> | null = null
  const tidying = setInterval(() => {
    if (closing || keeping) return
    keeping = upkeep()
      .catch(() => {})
      .finally(() => (keeping = null))
  }, TIDY_MS)
  tidying.unref()

  const asked = <T>(work: () => Promise<T>): Promise<T> => {
    if (closing) return Promise.reject(new StoreError('STORE_CLOSED', `The store ${place.url} is closed.`))
    return work()
  }

  const turns = inTurns(
    {
      write: (batch, part) =>
        changing(
          () => writePart(writing, batch, part),
          () => [batch],
        ),
      take: (batches) =>
        changing(
          () => takeTogether(writing, batches),
          (outcomes) => outcomes.flatMap((outcome) => (outcome instanceof Error ? [] : [outcome.id])),
        ),
    },
    TOGETHER,
  )

  const steps: Pick<Batches, 'open' | 'write' | 'take' | 'close'> = {
    open: (origin, key) =>
      changing(
        async () => {
          const opened = await ledger.notes.open(origin, key ?? null)
          at('open/committed')
          return opened
        },
        (id) => [id],
      ),
    write: async (batch, part) => asked(() => turns.write(batch, part)),
    take: async (batch) => asked(() => turns.take(batch)),
    close: (batch, state, progress, message) =>
      changing(
        async () => {
          const closed = await ledger.notes.close(batch, state, progress, message)
          at('close/committed')
          return closed
        },
        () => [batch],
      ),
  }

  const answers: ReadRecords = {
    counts: async (query) => asked(() => counts(writing, withBounds(query))),
    percentiles: async (query) => asked(() => percentiles(connection, tables, withBounds(query))),
    newest: async (query) => asked(() => newest(connection, tables, query)),
    scan: async (query) => asked(() => scan(connection, tables, query)),
    byRayId: async (rayId) => asked(() => byRayId(writing, rayId)),
    extent: async () => asked(() => extent(writing)),
    values: async (query) => asked(() => values(connection, tables, query)),
    presence: async (selection, fields) => asked(() => presence(connection, tables, selection, fields)),
  }

  return {
    url: place.url,
    batches: {
      ...steps,
      delete: (batch) =>
        changing(
          () => asked(() => deleteBatch(writing, batch)),
          () => [batch],
        ),
    },
    records: {
      ...answers,
      kept: async () => asked(() => keptDays(connection, tables)),
      expire: async (expiry) => {
        const before = plainLimit(expiry)
        return changing(
          () =>
            alone(ledger, async () => {
              await ledger.notes.touchBefore(before)
              const value = await expireRecords(connection, tables, before)
              const { change } = await ledger.notes.expire(before)
              at('expire/committed')
              return { value, change }
            }),
          () => [null],
        )
      },
    },
    // the engine has its own turns
    patient: answers,
    ledger: {
      identityKey: async () => asked(async () => identityKey),
      adoptIdentityKey: (key) =>
        alone(ledger, async () => {
          const [[some] = []] = await connection.columns(`SELECT 1 FROM ${tables.records} LIMIT 1`)
          if (some !== undefined) return false
          await keepAbout(connection, tables, { 'identity-key': hexOfKey(key) })
          await ledger.notes.keepKey(key)
          identityKey = key
          return true
        }),
      reports: ledger.reports,
      ...ledger.rooms,
    },
    alerts: ledger.alerts,
    /** A folder: the ledger, and the tables as ClickHouse's own backup has them. */
    async backup(target) {
      if (place.cluster !== null) {
        const { name, sharded } = place.cluster
        const message = `The tables of ${place.url} lie on a cluster, which makes its own copies. Stop the nodes that take logs in, copy the ledger (pg_dump --schema, or its SQLite file), then the tables: BACKUP DATABASE ${place.database} ON CLUSTER ${name} TO S3(…)${sharded ? ', all shards at once' : ''}; https://clickhouse.com/docs/operations/backup.`
        throw new StoreError('STORE_REFUSED', message)
      }
      const folder = resolve(target)
      await alone(ledger, async () => {
        mkdirSync(folder, { mode: 0o700 })
        await ledger.backup(folder)
        await connection.run(`BACKUP DATABASE ${place.database} AS faultline TO File(${text(join(folder, 'tables'))})`)
      })
    },
    async size() {
      const [[bytes] = []] = await connection.columns(
        `SELECT toFloat64(sum(bytes_on_disk)) FROM ${tables.parts} WHERE database = ${text(place.database)}`,
      )
      return Number(bytes ?? 0) + (await ledger.size())
    },
    condition: () => ledger.condition(),
    async checkWritable() {
      await ledger.notes.checkWritable()
      // nothing is written, everything that a write needs is asked for
      await connection.run(`INSERT INTO ${tables.records} (sec) SELECT toDateTime(0) WHERE 0`)
    },
    onAlerts: (listener) => ledger.onAlerts(listener),
    leases: ledger.leases,
    onChange: changes.onChange,
    close() {
      closing ??= (async () => {
        changes.stop()
        clearInterval(tidying)
        // asked before the store counts as closed
        if (upkeeping !== null) await ledger.leases?.release(upkeeping).catch(() => {})
        await keeping
        await ledger.close()
        await connection.close()
      })()
      return closing
    },
  }
}
