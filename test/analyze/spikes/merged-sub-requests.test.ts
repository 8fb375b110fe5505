/** Sub-requests merged into their parent (`Subrequests`) say what the same ones say as records of their own. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectedBand, run } from '../../../analyze/spikes/detect/index.js'
import { createSpikeService } from '../../../analyze/spikes/service.js'
import { ingest } from '../../../ingest/pipeline.js'
import { DEFAULT_READ_SETTINGS } from '../../../ingest/reader/normalise.js'
import { createReaderPool } from '../../../ingest/reader/pool.js'
import { openStore } from '../../../schema/open-store.js'
import { loadCatalogue } from '../../../schema/status/catalogue.js'
import { seeded } from '../worlds/random.js'
import type { Fields } from './logs.js'

const MINUTE = 60_000
const FROM = Date.UTC(2026, 9, 13, 6)
const MINUTES = 150

/** What the Worker's fetches come to, and what it answers while the origin fails. */
interface Trouble {
  child: number
  answer: number
  fetches: number
  failing: number
  seed: number
}

function* pairs({ child, answer, fetches, failing, seed }: Trouble): Generator<{ parent: Fields; children: Fields[] }> {
  const random = seeded(seed)
  let made = 0
  const ray = () => (0x7000_0000_0000 + made++).toString(16).padStart(16, '0')
  for (let minute = 0; minute < MINUTES; minute++)
    for (let n = random.poisson(18); n > 0; n--) {
      const at = FROM + minute * MINUTE + random.whole(0, MINUTE - 1)
      const fails = minute >= 100 && minute < 125 && random.chance(failing)
      const parent: Fields = {
        RayID: ray(),
        EdgeStartTimestamp: new Date(at).toISOString(),
        EdgeEndTimestamp: new Date(at + 80).toISOString(),
        EdgeResponseStatus: fails ? answer : 200,
        OriginResponseStatus: 0,
        CacheCacheStatus: 'dynamic',
        ClientRequestHost: 'www.example.com',
        ClientRequestMethod: 'GET',
        ClientRequestPath: random.pick(['/', '/cart', '/search']),
        ClientRequestSource: 'eyeball',
        ClientIP: `198.51.${random.whole(0, 9)}.${random.whole(1, 250)}`,
        ClientCountry: 'de',
        ClientASN: 3320,
        ClientRequestUserAgent: 'okhttp/4.12.0',
        EdgeColoCode: 'FRA',
        WorkerStatus: 'ok',
        WorkerSubrequest: false,
        ParentRayID: '00',
        OriginIP: '',
        EdgeTimeToFirstByteMs: 80,
        OriginResponseDurationMs: 0,
      }
      const children = Array.from({ length: fetches }, (_, i) => ({
        ...parent,
        RayID: ray(),
        ParentRayID: parent.RayID,
        WorkerSubrequest: true,
        ClientRequestSource: 'edgeWorkerFetch',
        ClientRequestHost: 'api.example.com',
        ClientRequestPath: '/v1',
        EdgeResponseStatus: fails && i === 0 ? child : 200,
        OriginResponseStatus: fails && i === 0 ? (child >= 520 ? 0 : child) : 200,
        OriginIP: '198.51.100.4',
        WorkerStatus: 'unknown',
        OriginResponseDurationMs: 60,
      }))
      yield { parent: { ...parent, WorkerSubrequestCount: fetches }, children }
    }
}

async function toldOf(lines: Generator<Fields>) {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-merged-'))
  const store = await openStore(`sqlite:${join(folder, 'faultline.sqlite')}`)
  const readers = createReaderPool(1)
  try {
    const bytes = (async function* () {
      let text = ''
      for (const line of lines) text += `${JSON.stringify(line)}\n`
      yield Buffer.from(text)
    })()
    await ingest(
      { origin: { input: 'upload', name: null }, bytes, settings: DEFAULT_READ_SETTINGS },
      { store, readers },
    )
    const service = createSpikeService({
      store,
      catalogue: loadCatalogue(),
      run: async (traffic, options) => run(traffic, options),
      band: async (traffic, scope) => expectedBand(traffic, scope),
    })
    const { spikes } = await service.report({ from: FROM, to: FROM + MINUTES * MINUTE, filters: [] }, 'en')
    return spikes.map(({ status, source, start, end, observed, scope, causes }) => ({
      status,
      source,
      start,
      end,
      observed,
      scope,
      causes: causes.map(({ id, confidence, evidence }) => ({ id, confidence, evidence })),
    }))
  } finally {
    await readers.close()
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

test('merged or apart, the causes are the same, with the same figures', () =>
  fc.assert(
    fc.asyncProperty(
      fc.record({
        child: fc.constantFrom(503, 500, 429, 522, 404),
        answer: fc.constantFrom(500, 502, 503),
        fetches: fc.integer({ min: 1, max: 3 }),
        failing: fc.constantFrom(0.4, 0.9),
        seed: fc.integer({ min: 1, max: 1e6 }),
      }),
      async (trouble) => {
        const merged = await toldOf(
          (function* () {
            for (const { parent, children } of pairs(trouble)) yield { ...parent, Subrequests: children }
          })(),
        )
        const apart = await toldOf(
          (function* () {
            for (const { parent, children } of pairs(trouble)) {
              yield parent
              yield* children
            }
          })(),
        )
        expect(merged.length).toBeGreaterThan(0)
        expect(merged).toEqual(apart)
      },
    ),
    { numRuns: 2 },
  ))
