/** Log lines of a small site, taken in by the real pipeline into a real store, and the spikes that are told of them. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll } from 'vitest'
import { run, expectedBand } from '../../../analyze/spikes/detect/index.js'
import { createSpikeService, type SpikeService } from '../../../analyze/spikes/service.js'
import { ingest } from '../../../ingest/pipeline.js'
import { DEFAULT_READ_SETTINGS } from '../../../ingest/reader/normalise.js'
import { createReaderPool, type ReaderPool } from '../../../ingest/reader/pool.js'
import type { Spike } from '../../../schema/api/spikes.js'
import { openStore } from '../../../schema/open-store.js'
import type { Store } from '../../../schema/store/store.js'
import { loadCatalogue } from '../../../schema/status/catalogue.js'
import { seeded, type Random } from '../worlds/random.js'

export type Fields = { [name: string]: unknown }

/** One request, before anything goes wrong. */
export interface Request {
  minute: number
  host: string
  path: string
  country: string
  random: Random
}

export interface Logs {
  minutes: number
  /** Requests due in a minute. */
  perMinute: number
  hosts: readonly string[]
  /** What goes wrong: fields in place of those of an ordinary request, which may be a 404 too; null where nothing does. */
  trouble: (request: Request) => Fields | null
  /** Fields that each request has besides. */
  usual?: (request: Request) => Fields
  /** Requests of a minute that are none of the ordinary visitors', by the fields that set them apart. */
  besides?: (minute: number, random: Random) => Fields[]
  /** Fields that the export lacks. */
  without?: readonly string[]
  sampleRate?: number
  seed?: number
}

const MINUTE = 60_000
/** A Tuesday. */
export const FROM = Date.UTC(2026, 9, 13, 6)
const PATHS = ['/', '/products/4711', '/products/815', '/search', '/cart', '/login']
const COUNTRIES: [string, string, number][] = [
  ['us', 'IAD', 7922],
  ['de', 'FRA', 3320],
  ['fr', 'CDG', 3215],
  ['br', 'GRU', 28573],
]
const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64)',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X)',
  'okhttp/4.12.0',
]

/** A monitor asks once a minute, whatever happens. */
const MONITOR = {
  ClientRequestPath: '/healthz',
  ClientRequestUserAgent: 'UptimeCheck/1.0',
  EdgeTimeToFirstByteMs: 9,
  OriginResponseDurationMs: 8,
}

/** The lines of a minute at a time. */
function* lines({
  minutes,
  perMinute,
  hosts,
  trouble,
  usual,
  besides,
  without = [],
  seed = 1,
}: Logs): Generator<string> {
  const random = seeded(seed)
  let made = 0
  const line = (minute: number, host: string, path: string, client: [string, string, number], fields: Fields) => {
    const at = FROM + minute * MINUTE + random.whole(0, MINUTE - 1)
    const ms = Math.round(40 * Math.exp(random.between(-0.7, 1.5)))
    const all: Fields = {
      RayID: (0x7000_0000_0000 + made++).toString(16).padStart(16, '0'),
      EdgeStartTimestamp: new Date(at).toISOString(),
      ClientRequestHost: host,
      ClientRequestPath: path,
      ClientRequestMethod: 'GET',
      ClientRequestUserAgent: AGENTS[random.whole(0, 2)],
      ClientCountry: client[0],
      EdgeColoCode: client[1],
      ClientASN: client[2],
      ClientIP: `198.51.100.${random.whole(1, 250)}`,
      ClientRequestSource: 'eyeball',
      EdgeResponseStatus: 200,
      OriginResponseStatus: 200,
      CacheCacheStatus: 'dynamic',
      EdgeTimeToFirstByteMs: ms,
      OriginResponseDurationMs: ms - 3,
      SecurityAction: '',
      SecuritySources: [],
      SecurityRuleID: '',
      ...fields,
    }
    all.EdgeEndTimestamp = new Date(at + Number(all.EdgeTimeToFirstByteMs) + 2).toISOString()
    for (const name of without) delete all[name]
    return `${JSON.stringify(all)}\n`
  }
  for (let minute = 0; minute < minutes; minute++) {
    let text = line(minute, hosts[0], '/healthz', ['us', 'IAD', 14618], MONITOR)
    for (let n = random.poisson(perMinute); n > 0; n--) {
      const [host, path, client] = [
        hosts[random.whole(0, hosts.length - 1)],
        random.pick(PATHS),
        random.pick(COUNTRIES),
      ]
      const request: Request = { minute, host, path, country: client[0], random }
      text += line(minute, host, path, client, { ...usualTrouble(random), ...usual?.(request), ...trouble(request) })
    }
    for (const fields of besides?.(minute, random) ?? [])
      text += line(minute, hosts[0], random.pick(PATHS), random.pick(COUNTRIES), fields)
    yield text
  }
}

function usualTrouble(random: Random): Fields {
  const x = random.next()
  if (x < 0.015) return { EdgeResponseStatus: 404, OriginResponseStatus: 404 }
  if (x < 0.02) return gaveUp(random.whole(100, 3_000))
  return x < 0.021 ? { EdgeResponseStatus: 500, OriginResponseStatus: 500 } : {}
}

export const gaveUp = (ms: number): Fields => ({
  EdgeResponseStatus: 499,
  OriginResponseStatus: 0,
  EdgeTimeToFirstByteMs: ms,
  OriginResponseDurationMs: 0,
})
export const ofOrigin = (status: number): Fields => ({ EdgeResponseStatus: status, OriginResponseStatus: status })
export const originFailed = (status: number, ms: number): Fields => ({
  EdgeResponseStatus: status,
  OriginResponseStatus: 0,
  EdgeTimeToFirstByteMs: ms,
  OriginResponseDurationMs: 0,
})
export const blocked = (status: number, source: string, rule: string): Fields => ({
  EdgeResponseStatus: status,
  OriginResponseStatus: 0,
  CacheCacheStatus: 'unknown',
  SecurityAction: 'block',
  SecuritySources: [source],
  SecurityRuleID: rule,
})

const catalogue = loadCatalogue()
/** Of all the tests of a file, begun by the first that asks. */
let readers: ReaderPool | null = null
afterAll(() => readers?.close())

/** All spikes of these logs, in English, oldest first. */
export const spikesOf = (logs: Logs): Promise<Spike[]> =>
  stored(logs, async ({ service }) => {
    const { spikes } = await service.report({ from: FROM, to: FROM + logs.minutes * MINUTE, filters: [] }, 'en')
    return spikes.sort((a, b) => (a.start < b.start ? -1 : 1))
  })

/** These logs in a store, and whoever finds spikes in it, for as long as it takes. */
export async function stored<T>(
  logs: Logs,
  use: (them: { store: Store; service: SpikeService }) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-spikes-'))
  const store = await openStore(`sqlite:${join(folder, 'faultline.sqlite')}`)
  readers ??= createReaderPool(1)
  try {
    const settings = { ...DEFAULT_READ_SETTINGS, weight: 1 / (logs.sampleRate ?? 1) }
    const bytes = Readable.from(
      (function* () {
        for (const text of lines(logs)) yield Buffer.from(text)
      })(),
    )
    await ingest({ origin: { input: 'upload', name: null }, bytes, settings }, { store, readers })
    const service = createSpikeService({
      store,
      catalogue,
      run: async (traffic, options) => run(traffic, options),
      band: async (traffic, scope) => expectedBand(traffic, scope),
    })
    return await use({ store, service })
  } finally {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Minutes since the beginning. */
export const minuteOf = (time: string): number => (Date.parse(time) - FROM) / MINUTE
