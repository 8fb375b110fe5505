/** A real store on disk, filled with real lines by the real pipeline. */
import { Readable } from 'node:stream'
import { ingest } from '../../../../ingest/pipeline.js'
import { DEFAULT_READ_SETTINGS } from '../../../../ingest/reader/normalise.js'
import { createReaderPool } from '../../../../ingest/reader/pool.js'
import type { BatchReport } from '../../../../schema/api/batches.js'
import type { BatchOrigin } from '../../../../schema/store/batches.js'
import type { Store } from '../../../../schema/store/store.js'

export interface Line {
  time: number
  status: number
  origin?: number
  host?: string
  path?: string
}

let made = 0

/** One line of Logpush with the fields that decide; each with a RayID of its own, from one of two hundred visitors. */
export function lineOf({ time, status, origin = status, host = 'www.example.com', path = '/' }: Line): string {
  made++
  return `${JSON.stringify({
    EdgeStartTimestamp: new Date(time).toISOString(),
    RayID: made.toString(16).padStart(16, '0'),
    EdgeResponseStatus: status,
    OriginResponseStatus: origin,
    ClientRequestHost: host,
    ClientRequestPath: path,
    ClientRequestURI: path,
    ClientRequestMethod: 'GET',
    ClientRequestSource: 'eyeball',
    ClientCountry: 'fr',
    EdgeColoCode: 'CDG',
    CacheCacheStatus: 'dynamic',
    ClientIP: `203.0.113.${made % 200}`,
    ClientRequestUserAgent: 'curl/8',
    ZoneName: 'example.com',
    SecurityAction: '',
    SecuritySources: [],
  })}\n`
}

export async function fill(
  store: Store,
  lines: Iterable<string>,
  input: BatchOrigin['input'] = 'logpush',
): Promise<BatchReport> {
  const readers = createReaderPool(1)
  try {
    const bytes = Readable.from(
      (function* () {
        for (const line of lines) yield Buffer.from(line)
      })(),
    )
    return await ingest({ origin: { input, name: null }, bytes, settings: DEFAULT_READ_SETTINGS }, { store, readers })
  } finally {
    await readers.close()
  }
}
