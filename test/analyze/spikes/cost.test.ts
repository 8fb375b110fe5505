/** What a new minute costs in a running service: the store is asked for the last hours, however many hosts there are. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { expectedBand, run, type Traffic } from '../../../analyze/spikes/detect/index.js'
import { createSpikeService } from '../../../analyze/spikes/service.js'
import { ingest } from '../../../ingest/pipeline.js'
import { DEFAULT_READ_SETTINGS } from '../../../ingest/reader/normalise.js'
import { createReaderPool } from '../../../ingest/reader/pool.js'
import { openStore } from '../../../schema/open-store.js'
import { loadCatalogue } from '../../../schema/status/catalogue.js'
import type { ReadRecords } from '../../../schema/store/records.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const FROM = Date.UTC(2026, 9, 13)

function* linesOf(from: number, minutes: number, hosts: number): Generator<string> {
  for (let minute = from; minute < from + minutes; minute++)
    for (let n = 0; n < 6; n++) {
      const i = minute * 6 + n
      yield `${JSON.stringify({
        RayID: (0x7000_0000_0000 + i).toString(16).padStart(16, '0'),
        EdgeStartTimestamp: new Date(FROM + minute * MINUTE + n * 9_000).toISOString(),
        EdgeEndTimestamp: new Date(FROM + minute * MINUTE + n * 9_000 + 50).toISOString(),
        ClientRequestHost: `s${(i * 7) % hosts}.example.com`,
        ClientRequestPath: `/p${i % 9}`,
        ClientIP: `198.51.${i % 200}.${i % 250}`,
        ClientRequestSource: 'eyeball',
        EdgeResponseStatus: i % 5 === 0 ? 404 : 200,
        OriginResponseStatus: i % 5 === 0 ? 404 : 200,
        CacheCacheStatus: 'dynamic',
        EdgeTimeToFirstByteMs: 40 + (i % 7),
      })}\n`
    }
}

test('a minute more of three days on 600 hosts', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-cost-'))
  const store = await openStore(`sqlite:${join(folder, 'faultline.sqlite')}`)
  const readers = createReaderPool(1)
  const take = (from: number, minutes: number) =>
    ingest(
      {
        origin: { input: 'upload', name: null },
        bytes: (async function* () {
          let text = ''
          for (const line of linesOf(from, minutes, 600)) text += line
          yield Buffer.from(text)
        })(),
        settings: DEFAULT_READ_SETTINGS,
      },
      { store, readers },
    )
  try {
    let asked: { hours: number; name: string }[] = []
    let runs: Traffic[] = []
    const watched = new Proxy(store.records, {
      get: (records, name: keyof ReadRecords) => {
        const own = records[name] as (...args: unknown[]) => unknown
        return (...args: { from: number; to: number; apart?: string }[]) => {
          const [query] = args
          // whole hours and days are summed up beforehand: what is read record by record is what costs
          if (query?.apart !== undefined || name === 'percentiles')
            asked.push({ name, hours: (query.to - query.from) / HOUR })
          return own.apply(records, args)
        }
      },
    })
    const service = createSpikeService({
      store: { ...store, records: watched },
      catalogue: loadCatalogue(),
      run: async (traffic, options) => {
        runs.push(traffic)
        return run(traffic, options)
      },
      band: async (traffic, scope) => expectedBand(traffic, scope),
    })
    const look = async (minutes: number) => {
      service.forget()
      await service.find({ from: FROM, to: FROM + minutes * MINUTE, filters: [] })
    }
    const days = 3 * 24 * 60
    await take(0, days + 7)
    await look(days + 7)
    asked = []
    runs = []
    await take(days + 7, 1)
    await look(days + 8)
    expect(runs.length).toBeGreaterThan(0)
    for (const { minutes, series } of runs) {
      expect(minutes).toBeLessThanOrEqual(12 * 60)
      // 150 hosts of hours, as many that are known, the busiest
      expect(new Set(series.map(({ host }) => host)).size).toBeLessThanOrEqual(320)
    }
    expect(Math.max(...asked.map(({ hours }) => hours))).toBeLessThanOrEqual(13)
    expect(asked.reduce((sum, { hours }) => sum + hours, 0)).toBeLessThanOrEqual(100)
  } finally {
    await readers.close()
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
