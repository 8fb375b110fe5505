/** What a process is doing when it is killed, and what is then owed to whom. */
import { existsSync, rmSync, writeFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { openStore } from '../../schema/open-store.js'
import { verify } from '../../schema/sqlite/verify.js'
import { firingStore } from '../analyze/alerts/kit/firing-store.js'
import { DAYS, found, linesOf, timeOf } from './lines.js'
import { run, type Stop } from './process.js'

const DAY = 86_400_000

/** What is known to rest, and where it does. */
export interface World {
  folder: string
  path: string
  /** line → the batch that stored it */
  held: ReadonlyMap<number, string>
  random: () => number
  /** lines that were never sent */
  fresh: (count: number) => number[]
}

/** What a round did to the world; what it does not name rests as it did. */
export interface Outcome {
  killed: boolean
  /** how long the work took, where it came to its end */
  ms: number
  /** acknowledged: there, whatever happened */
  must: readonly number[]
  /** sent, and nobody answered: there or not */
  may: readonly number[]
  /** said to be gone */
  gone: readonly number[]
  /** there or gone */
  mayGo: readonly number[]
  /** each of these lists is there as a whole or not at all */
  whole: readonly (readonly number[])[]
  /** sentences about what should not be */
  faults: readonly string[]
}

export interface Kind {
  name: string
  /** where it can be stopped, and how often it passes at most */
  places: readonly (readonly [place: string, passings: number])[]
  /** a first guess how long the work takes, ms */
  takesMs: number
  round(world: World, stop: Stop | null): Promise<Outcome>
}

const nothing = { must: [], may: [], gone: [], mayGo: [], whole: [], faults: [] } satisfies Partial<Outcome>

const pick = <T>(world: World, list: readonly T[]): T => list[Math.floor(world.random() * list.length)]
/** Some that rest already: they come again. */
const again = (world: World, count: number): number[] => {
  const held = [...world.held.keys()]
  return held.length === 0 ? [] : Array.from({ length: count }, () => pick(world, held))
}

/** A service on the store, killed while `work` asks it things, or stopped by a signal afterwards. */
async function serving(
  { path }: World,
  stop: Stop | null,
  work: (url: string, text: () => string) => Promise<void>,
  args: readonly string[] = [],
  atOnce = false,
): Promise<{ killed: boolean; ms: number }> {
  const service = run(['serve', '--port', '0', '--store', `sqlite:${path}`, ...args], stop)
  if (atOnce) service.begin()
  const ended = service.ended.then((end) => ({ end }))
  const url = new Promise<{ url: string }>((resolve) => {
    service.child.stdout?.on('data', () => {
      const url = /on (http:\/\/\S+)/.exec(service.text())?.[1]
      if (url) resolve({ url })
    })
  })
  const first = await Promise.race([ended, url])
  let ms = Number.NaN
  if ('url' in first) {
    if (!atOnce) service.begin()
    const begun = performance.now()
    await work(first.url, service.text)
    ms = performance.now() - begun
    service.child.kill('SIGTERM')
  }
  const { killed, status, signal, text } = await service.ended
  // in its first moment it has nothing to finish, and the signal ends it as it ends any process
  // on a machine that is starved its start is given up: nothing was asked of it
  const isStarved = /hook timed out/.test(text) && !('url' in first)
  if (!killed && status !== 0 && signal !== 'SIGTERM' && !isStarved)
    throw new Error(`the service ended with ${status}: ${text.slice(-2_000)}`)
  return { killed, ms }
}

/** Whether it was answered 200; nobody answers where the service is gone. */
async function isDone(url: string, init: RequestInit): Promise<boolean> {
  try {
    const answer = await fetch(url, init)
    const text = await answer.text()
    if (answer.status === 200) return true
    if (answer.status !== 503) throw new Refused(`${init.method} ${url} was answered ${answer.status}: ${text}`)
  } catch (error) {
    if (error instanceof Refused) throw error
  }
  return false
}
class Refused extends Error {}

const posts: Kind = {
  name: 'posts',
  places: [
    ['take/opened', 3],
    ['take/records', 3],
    ['take/reports', 3],
    ['take/committed', 3],
  ],
  takesMs: 250,
  async round(world, stop) {
    const bodies = Array.from({ length: 30 }, () => [...world.fresh(10), ...again(world, 3)])
    const must: number[] = []
    const served = await serving(world, stop, async (url) => {
      for (let i = 0; i < bodies.length; i += 10)
        await Promise.all(
          bodies.slice(i, i + 10).map(async (numbers, k) => {
            const to = `${url}/api/v1/logs?job=${k % 3}`
            if (await isDone(to, { method: 'POST', body: linesOf(numbers) })) must.push(...numbers)
          }),
        )
    })
    return { ...nothing, ...served, must, may: bodies.flat() }
  },
}

const PART_PLACES = [
  ['open/inserted', 1],
  ['open/committed', 1],
  ['write/records', 2],
  ['write/report', 2],
  ['write/committed', 2],
  ['close/report', 1],
  ['close/committed', 1],
] as const

const uploads: Kind = {
  name: 'uploads',
  places: [...PART_PLACES, ['take/records', 1], ['take/committed', 1]],
  takesMs: 900,
  async round(world, stop) {
    const numbers = [...world.fresh(600), ...again(world, 60)]
    // one that comes slowly is stored in parts, which have places of their own
    const inParts = stop !== null && 'failpoint' in stop ? !stop.failpoint.includes('/take/') : world.random() < 0.2
    const pauseMs = inParts ? 450 : 15
    const must: number[] = []
    const served = await serving(world, stop, async (url) => {
      async function* pieces() {
        for (let i = 0; i < numbers.length; i += 100) {
          yield new TextEncoder().encode(linesOf(numbers.slice(i, i + 100)))
          await new Promise((resolve) => setTimeout(resolve, pauseMs))
        }
      }
      const body = pieces() as unknown as BodyInit
      const init = { method: 'POST', body, duplex: 'half' } as RequestInit
      if (await isDone(`${url}/api/v1/logs`, init)) must.push(...numbers)
    })
    return { ...nothing, ...served, must, may: numbers }
  },
}

const ingest: Kind = {
  name: 'ingest',
  places: PART_PLACES,
  takesMs: 900,
  async round(world, stop) {
    const numbers = [...world.fresh(600), ...again(world, 60)]
    const file = join(world.folder, 'lines.ndjson')
    writeFileSync(file, linesOf(numbers))
    const command = run(['ingest', file, '--store', `sqlite:${world.path}`], stop)
    command.begin()
    const { killed, status, text, ms } = await command.ended
    const faults = killed || status === 0 ? [] : [`ingest ended with ${status}: ${text}`]
    return { ...nothing, killed, ms, must: status === 0 ? numbers : [], may: numbers, faults }
  },
}

const deletes: Kind = {
  name: 'deletes',
  places: [
    ['delete/records', 3],
    ['delete/report', 3],
    ['delete/committed', 3],
  ],
  takesMs: 150,
  async round(world, stop) {
    const batches = [...new Set(world.held.values())].sort(() => world.random() - 0.5).slice(0, 3)
    const linesOfBatch = (batch: string) => [...world.held].filter(([, of]) => of === batch).map(([n]) => n)
    const gone: number[] = []
    const served = await serving(world, stop, async (url) => {
      for (const batch of batches)
        if (await isDone(`${url}/api/v1/batches/${batch}`, { method: 'DELETE' })) gone.push(...linesOfBatch(batch))
    })
    const whole = batches.map(linesOfBatch)
    return { ...nothing, ...served, gone, mayGo: whole.flat(), whole }
  },
}

const compaction: Kind = {
  name: 'compaction',
  places: [
    ['merge/replaced', 8],
    ['merge/committed', 8],
  ],
  takesMs: 600,
  async round(world, stop) {
    const command = run([world.path], stop, join(import.meta.dirname, 'tidy.mjs'))
    command.begin()
    const { killed, status, text, ms } = await command.ended
    return { ...nothing, killed, ms, faults: killed || status === 0 ? [] : [`tidying ended with ${status}: ${text}`] }
  },
}

const retention: Kind = {
  name: 'retention',
  places: [
    ['expire/records', 4],
    ['expire/committed', 4],
  ],
  takesMs: 1_500,
  async round(world, stop) {
    const days = Math.floor(DAYS - 1 - world.random() * 3)
    // at noon and in the hour after it: whether they are as old as that is known but for those of one day
    const before = Date.now() - days * DAY
    const old = [...world.held.keys()].filter((n) => timeOf(n) < before)
    const near = [...world.held.keys()].filter((n) => Math.abs(timeOf(n) - before) < 600_000)
    let told = false
    const served = await serving(
      world,
      stop,
      async (_, text) => {
        for (let i = 0; i < 100 && !(told = text().includes('Removed ')); i++)
          await new Promise((resolve) => setTimeout(resolve, 20))
      },
      ['--retention-days', String(days)],
      true,
    )
    const gone = told ? old.filter((n) => !near.includes(n)) : []
    return { ...nothing, ...served, gone, mayGo: [...old, ...near] }
  },
}

const OLD_STORE = join(import.meta.dirname, '../fixtures/store-of-layout-1.sqlite.gz')
const OLD_RECORDS = 300

const migration: Kind = {
  name: 'migration',
  places: [
    ['migrate/applied', 7],
    ['renew/replaced', 4],
    ['renew/committed', 4],
  ],
  takesMs: 700,
  async round(world, stop) {
    const path = join(world.folder, 'old.sqlite')
    for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true })
    writeFileSync(path, gunzipSync(readFileSync(OLD_STORE)))
    const file = join(world.folder, 'lines.ndjson')
    writeFileSync(file, linesOf([1, 2, 3]))
    const command = run(['ingest', file, '--store', `sqlite:${path}`], stop)
    command.begin()
    const { killed, status, text, ms } = await command.ended
    const faults = killed || status === 0 ? [] : [`ingest into an old store ended with ${status}: ${text}`]
    const store = await openStore(`sqlite:${path}`)
    const { records } = await store.records.extent()
    const counts = await store.records.counts({
      from: 0,
      to: Date.now(),
      filters: [],
      audience: 'all',
      bounds: null,
      by: ['status'],
    })
    await store.close()
    if (records !== OLD_RECORDS + 3 && (status === 0 || records !== OLD_RECORDS))
      faults.push(`an old store has ${records} records`)
    if (counts.total.records !== records)
      faults.push(`an old store's figures are ${counts.total.records} of ${records}`)
    faults.push(...findingsOf(path))
    return { ...nothing, killed, ms, faults }
  },
}

const backup: Kind = {
  name: 'backup',
  places: [['backup/written', 1]],
  takesMs: 700,
  async round(world, stop) {
    const target = join(world.folder, 'copy.sqlite')
    for (const end of ['', '-wal', '-shm', '.unfinished']) rmSync(target + end, { force: true })
    const args = ['backup', target, '--store', `sqlite:${world.path}`]
    const command = run(args, stop)
    command.begin()
    const { killed, ms } = await command.ended
    const faults: string[] = []
    // what bears the name is whole, and so is what the next one makes
    if (!existsSync(target)) {
      const { status, text } = await run(args, null).ended
      if (status !== 0) faults.push(`the backup after a killed one ended with ${status}: ${text}`)
    }
    if (existsSync(target)) {
      const { batches, doubled, wrong } = found(target)
      if (batches.size !== world.held.size || doubled.length > 0 || [...batches.keys()].some((n) => !world.held.has(n)))
        faults.push(`a backup has ${batches.size} records of ${world.held.size}, ${doubled.length} of them twice`)
      faults.push(...wrong, ...findingsOf(target))
    }
    return { ...nothing, killed, ms, faults }
  },
}

/** past the lease of a notice that a dead process had taken */
const LATER_MS = 120_000

const alerts: Kind = {
  name: 'alerts',
  places: [],
  takesMs: 900,
  async round(world, stop) {
    const path = join(world.folder, 'alerting.sqlite')
    for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true })
    const { receiver, heard, child } = await firingStore(path)
    try {
      const command = run([path, 'go', '0'], stop, child)
      command.begin()
      const { killed, ms } = await command.ended
      const next = await run([path, 'go', String(LATER_MS)], null, child).ended
      const faults = next.status === 0 ? [] : [`the next evaluation ended with ${next.status}: ${next.text}`]
      if (heard().join() !== 'firing') faults.push(`the receiver heard ${heard().join() || 'nothing'}, not one notice`)
      return { ...nothing, killed, ms, faults }
    } finally {
      await receiver.close()
    }
  },
}

export const findingsOf = (path: string) => verify(path, false).findings.map(({ what }) => `verify: ${what}`)

export const KINDS: readonly Kind[] = [
  posts,
  uploads,
  ingest,
  compaction,
  backup,
  deletes,
  retention,
  migration,
  alerts,
]
