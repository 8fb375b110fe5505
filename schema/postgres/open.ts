/** A ledger in PostgreSQL, for many nodes: a pool of connections, and what this node does by itself to show that it lives. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { WAIT, type BesideNotes, type LedgerBeside } from '../store/beside.js'
import { alertLog } from './alerts/index.js'
import { besideNotes } from './beside/notes.js'
import { reports } from './beside/reports.js'
import { copyOut } from './copy.js'
import { openDatabase } from './database.js'
import { leases } from './leases.js'
import { rooms } from './rooms/index.js'
import type { PostgresPlace } from './url.js'

/** Owners of what was begun in this process: nobody here may take it for abandoned. */
const livingOwners = new Set<string>()

/** Without a sign of life whoever writes loses the turn after so long, ms. */
const TURN_MS = 15_000
/** How soon what other nodes changed of the alerts is noticed, ms. */
const POLL_MS = 1_000

/** `checkOpen` throws when the store was closed. Nothing is connected before the first call. */
export function openLedgerPostgres(place: PostgresPlace, checkOpen: () => void): LedgerBeside {
  const owner = randomUUID()
  livingOwners.add(owner)
  const db = openDatabase(place, checkOpen)
  const notes = besideNotes(db, { owner, living: () => [...livingOwners], turnMs: TURN_MS })
  const turn = keepTurn(notes, notes.renew)
  const news = alertNews(async () => {
    const asked = 'select edits, news from alert_revision'
    return (await db.read('read', (ask) => ask.row<AlertCounters>(asked))) ?? { edits: 0, news: 0 }
  })
  return {
    place: place.url,
    rooms: rooms(db),
    reports: reports(db),
    alerts: alertLog(db),
    notes: turn.notes,
    leases: leases(db, owner),
    // its log is the server's affair
    condition: async () => ({ logBytes: 0, advice: [] }),
    size: () =>
      db.read('ask the size of', async (ask) => {
        const sum = `select sum(pg_total_relation_size(c.oid)) from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where n.nspname = @schema and c.relkind = 'r'`
        return (await ask.value<number | null>(sum, { schema: place.schema })) ?? 0
      }),
    backup: (folder) => copyOut(db, join(folder, 'ledger.ndjson')),
    onAlerts: news.listen,
    async close() {
      news.stop()
      turn.stop()
      await db.close()
      livingOwners.delete(owner)
    },
  }
}

/** While this process has the turn to write, it says so again and again. */
function keepTurn(notes: BesideNotes, renew: () => Promise<boolean>) {
  let timer: NodeJS.Timeout | undefined
  const stop = () => clearInterval(timer)
  const keep = () => {
    stop()
    timer = setInterval(() => void renew().catch(() => {}), TURN_MS / 3)
    timer.unref()
  }
  const kept: BesideNotes = {
    ...notes,
    async begin(...args) {
      const begun = await notes.begin(...args)
      if (typeof begun === 'object' && 'turn' in begun) keep()
      return begun
    },
    async beginTogether(batches) {
      const begun = await notes.beginTogether(batches)
      if (begun !== WAIT) keep()
      return begun
    },
    async finishTogether(parts) {
      const done = await notes.finishTogether(parts)
      stop()
      return done
    },
    async takeLease() {
      const taken = await notes.takeLease()
      if (taken) keep()
      return taken
    },
    async finish(...args) {
      const done = await notes.finish(...args)
      stop()
      return done
    },
    async releaseLease() {
      stop()
      await notes.releaseLease()
    },
  }
  return { notes: kept, stop }
}

interface AlertCounters {
  edits: number
  news: number
}

/** Asked once a second while somebody listens: a notification that is lost with a connection would be lost for good. */
function alertNews(ask: () => Promise<AlertCounters>) {
  const listeners = new Set<(edited: boolean) => void>()
  let seen: AlertCounters | null = null
  let timer: NodeJS.Timeout | undefined
  async function look(): Promise<void> {
    const now = await ask()
    const before = seen
    seen = now
    if (before === null || now.news === before.news) return
    for (const listener of listeners) listener(now.edits !== before.edits)
  }
  return {
    listen(listener: (edited: boolean) => void) {
      listeners.add(listener)
      timer ??= setInterval(() => void look().catch(() => {}), POLL_MS).unref()
      return () => listeners.delete(listener)
    },
    stop() {
      clearInterval(timer)
      listeners.clear()
    },
  }
}
