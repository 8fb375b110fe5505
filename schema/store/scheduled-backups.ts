/** Copies of the store by the clock: one a day (or as often as is said), the newest few kept. */
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { HOUR } from '../words/duration.js'
import type { Store } from './store.js'

export interface ScheduledBackups {
  /** Resolves when a copy under way has ended. */
  stop(): Promise<void>
}

export interface ScheduledBackupOptions {
  store: Pick<Store, 'backup'>
  /** made if it is missing; nothing in it but what bears the names of such copies is ever removed */
  folder: string
  keep: number
  hours: number
  onDone?(path: string): void
  /** it is tried again at the next look */
  onError(error: Error): void
  now?: () => number
  /** how often it looks whether a copy is due: a machine may have slept */
  everyMs?: number
}

const NAME = /^faultline-\d{8}T\d{6}Z\.sqlite$/
const UNFINISHED = /^faultline-\d{8}T\d{6}Z\.sqlite\.unfinished$/
/** Clocks are not exact, ms. */
const EARLY_MS = 60_000

export function backUpByTheClock(options: ScheduledBackupOptions): ScheduledBackups {
  const { store, folder, keep, hours, onDone, onError, now = Date.now, everyMs = HOUR / 4 } = options
  let turning: Promise<void> = Promise.resolve()

  async function backUpIfDue(): Promise<void> {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const newest = copiesIn(folder, now()).at(-1)
    const age = newest === undefined ? Infinity : now() - timeOf(newest)
    // a copy a minute early does no harm, one that is left out because the clock is a second late does
    if (age > -EARLY_MS && age < hours * HOUR - EARLY_MS) return
    removeUnfinished(folder, now())
    const name = `faultline-${new Date(now()).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z.sqlite`
    const path = join(folder, name)
    await store.backup(path)
    // only when the new one is whole do old ones go
    for (const old of copiesIn(folder, now()).slice(0, -keep)) rmSync(join(folder, old), { recursive: true })
    onDone?.(path)
  }

  function turn(): void {
    turning = turning.then(backUpIfDue).catch(onError)
  }

  turn()
  const timer = setInterval(turn, everyMs)
  timer.unref()
  return {
    async stop() {
      clearInterval(timer)
      await turning
    },
  }
}

/**
 * Oldest first: their names are in the order of their times. What bears a time to come is of a clock that was set back since, and
 * was made before the others: else it would be the newest for as long as the clock was wrong, and nothing would be copied.
 */
function copiesIn(folder: string, now: number): string[] {
  const copies = readdirSync(folder)
    .filter((name) => NAME.test(name) && statSync(join(folder, name), { throwIfNoEntry: false }) !== undefined)
    .sort()
  const isToCome = (name: string) => timeOf(name) >= now + EARLY_MS
  return [...copies.filter(isToCome), ...copies.filter((name) => !isToCome(name))]
}

/** What a service that was killed left half written: nobody has written on it for an hour. */
function removeUnfinished(folder: string, now: number): void {
  for (const name of readdirSync(folder).filter((one) => UNFINISHED.test(one))) {
    const written = statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs
    if (written !== undefined && Math.abs(now - written) > HOUR)
      rmSync(join(folder, name), { recursive: true, force: true })
  }
}

function timeOf(name: string): number {
  return Date.parse(name.replace(/^faultline-(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z.*$/, '$1-$2-$3T$4:$5:$6Z'))
}
