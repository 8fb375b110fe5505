/** `faultline pull`: one zone, all there is or a range of it, and a report of it all. */
import type { BatchReport } from '../schema/api/batches.js'
import { openStore } from '../schema/open-store.js'
import { commandClock, type WaitingClock } from '../schema/runtime/clock.js'
import { doingInWords } from '../schema/words/doing.js'
import { HOUR, SECOND } from '../schema/words/duration.js'
import { iso } from '../schema/words/iso.js'
import { drain, type DrainHouse } from './inputs/draining.js'
import { logpull } from './inputs/logpull/index.js'
import type { LogpullSettings } from './inputs/logpull/settings.js'
import { momentOf } from './inputs/moment.js'
import { NEWEST } from './inputs/logpull/window.js'
import { ingest } from './pipeline.js'
import type { ReadSettings } from './reader/normalise.js'
import { createReaderPool } from './reader/pool.js'
import { combined, type IngestReport } from './take-files.js'

export interface PullOptions extends Pick<DrainHouse, 'onProgress' | 'onTrouble'> {
  storeUrl: string
  job: LogpullSettings
  reading: ReadSettings
  clock?: WaitingClock
}

/** Like that of `ingest`; `reached` says up to where. */
export type PullReport = IngestReport & { reached: string }

export async function pullZone(options: PullOptions): Promise<PullReport> {
  const { clock = commandClock, onTrouble, onProgress } = options
  const job = settled(options.job, clock.now())
  const readers = createReaderPool()
  const store = await openStore(options.storeUrl)
  const startedAt = performance.now()
  const reports: BatchReport[] = []
  let reached = ''
  try {
    const settings = { ...options.reading, ...logpull.reading?.(job) }
    const house: DrainHouse = {
      checkpoints: store.ledger.checkpoints,
      clock,
      onTrouble,
      onProgress(doing) {
        reached = doingInWords(doing, 'en')
        onProgress?.(doing)
      },
      async take(origin, bytes) {
        const report = await ingest({ origin, bytes, settings }, { store, readers })
        // most minutes of a small zone are empty
        if (report.lines > 0) reports.push(report)
        return report
      },
    }
    await drain('logpull', logpull, job, house, job.to !== undefined)
  } finally {
    await readers.close()
    await store.close()
  }
  return { ...combined(reports, [], [], (performance.now() - startedAt) / 1000), reached }
}

/** Times that are told from now stand still while it runs, and name the same range when it is called again. */
function settled(job: LogpullSettings, now: number): LogpullSettings {
  const { zone, token, api, sampleRate } = job
  const end = job.to === undefined ? null : momentOf(job.to, '--to', now)
  const from = job.from === undefined ? (end === null ? null : end - HOUR) : momentOf(job.from, '--from', now)
  // whoever says where to begin means a range, not the series
  const to = end === null && from !== null ? Math.floor((now - NEWEST) / SECOND) * SECOND : end
  return {
    zone,
    token,
    ...(api === undefined ? {} : { api }),
    ...(sampleRate === undefined ? {} : { sampleRate }),
    ...(from === null ? {} : { from: iso(from) }),
    ...(to === null ? {} : { to: iso(to) }),
  }
}
