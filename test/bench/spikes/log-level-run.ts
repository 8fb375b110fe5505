import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createDetector } from '../../../analyze/spikes/detect-thread.js'
import type { Episode } from '../../../analyze/spikes/detect/index.js'
import { createSpikeService } from '../../../analyze/spikes/service.js'
import { trafficOf } from '../../../analyze/spikes/traffic.js'
import { ingest } from '../../../ingest/pipeline.js'
import { DEFAULT_READ_SETTINGS } from '../../../ingest/reader/normalise.js'
import { createReaderPool } from '../../../ingest/reader/pool.js'
import type { Spikes } from '../../../schema/api/spikes.js'
import { openStore } from '../../../schema/open-store.js'
import { loadCatalogue } from '../../../schema/status/catalogue.js'
import type { LogScenario, Truth } from './log-level-scenario.js'
import { cloudflareRule } from './cloudflare-rule.js'

export interface Outcome {
  truth: Truth
  report: Spikes
  /** What the rule that Cloudflare documents says of the same counts; with more than 200 and more than 20 requests. */
  rules: [Episode[], Episode[]]
  seconds: { intake: number; spikes: number }
}

const detector = createDetector()
const readers = createReaderPool(1)

export async function stop(): Promise<void> {
  await detector.close()
  await readers.close()
}

/** Simulated lines → the real pipeline → a real store in `folder` → the real service. A folder that holds the store is used as it is. */
export async function runScenario(scenario: LogScenario, folder: string): Promise<Outcome> {
  mkdirSync(folder, { recursive: true })
  const truthFile = join(folder, 'truth.json')
  const known = existsSync(truthFile)
  if (!known) rmSync(join(folder, 'faultline.sqlite'), { force: true })
  const store = await openStore(`sqlite:${join(folder, 'faultline.sqlite')}`)
  try {
    const started = performance.now()
    if (!known) {
      const { chunks, truth } = scenario.open()
      await ingest(
        { origin: { input: 'simulate', name: null }, bytes: asAsync(chunks), settings: DEFAULT_READ_SETTINGS },
        { store, readers },
      )
      writeFileSync(truthFile, JSON.stringify(truth()))
    }
    const truth = JSON.parse(readFileSync(truthFile, 'utf8')) as Truth
    const taken = performance.now()
    const service = createSpikeService({
      store,
      catalogue: loadCatalogue(),
      run: detector.run,
      band: detector.band,
    })
    const extent = await store.records.extent()
    const report = await service.report({ from: extent.from ?? 0, to: (extent.to ?? 0) + 1, filters: [] }, 'en')
    const done = performance.now()
    const counts = await trafficOf(store.records, { from: extent.from ?? 0, to: (extent.to ?? 0) + 1, filters: [] })
    const rules = [cloudflareRule(counts, 200), cloudflareRule(counts, 20)] satisfies [Episode[], Episode[]]
    return { truth, report, rules, seconds: { intake: (taken - started) / 1000, spikes: (done - taken) / 1000 } }
  } finally {
    await store.close()
  }
}

/** Lines → pipeline → a store in `folder` → the service: what is told of all of it. A folder that holds the store is used as it is. */
export async function reportOf(
  chunks: () => Iterable<Uint8Array>,
  folder: string,
): Promise<{ report: Spikes; span: { from: number; to: number }; seconds: number }> {
  mkdirSync(folder, { recursive: true })
  const done = join(folder, 'taken-in')
  const known = existsSync(done)
  if (!known) rmSync(join(folder, 'faultline.sqlite'), { force: true })
  const store = await openStore(`sqlite:${join(folder, 'faultline.sqlite')}`)
  try {
    if (!known) {
      await ingest(
        { origin: { input: 'simulate', name: null }, bytes: asAsync(chunks()), settings: DEFAULT_READ_SETTINGS },
        { store, readers },
      )
      writeFileSync(done, '')
    }
    const extent = await store.records.extent()
    const span = { from: extent.from ?? 0, to: (extent.to ?? 0) + 1 }
    const started = performance.now()
    const service = createSpikeService({
      store,
      catalogue: loadCatalogue(),
      run: detector.run,
      band: detector.band,
    })
    const report = await service.report({ ...span, filters: [] }, 'en')
    return { report, span, seconds: (performance.now() - started) / 1000 }
  } finally {
    await store.close()
  }
}

async function* asAsync(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* chunks
}
