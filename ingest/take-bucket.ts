/** `faultline ingest s3://…`: all objects of a prefix, once; broken off and called again it goes on where it was. */
import type { BatchReport } from '../schema/api/batches.js'
import { commandClock } from '../schema/runtime/clock.js'
import type { Doing } from '../schema/words/doing.js'
import type { Store } from '../schema/store/store.js'
import { IngestError } from './errors.js'
import { wholeBucket } from './inputs/bucket/index.js'
import type { Round } from './inputs/bucket/round.js'
import type { BucketSettings } from './inputs/bucket/settings.js'
import { drain } from './inputs/draining.js'
import type { FetchError } from './inputs/input.js'
import { ingest } from './pipeline.js'
import type { ReadSettings } from './reader/normalise.js'
import type { ReaderPool } from './reader/pool.js'

/** Where buckets are, and the key to them. */
export type StorageAccess = Pick<
  BucketSettings,
  'endpoint' | 'region' | 'accessKeyId' | 'secretAccessKey' | 'sessionToken'
>

export interface TakeBucketOptions {
  store: Store
  readers: ReaderPool
  settings: ReadSettings
  /** without a key in it: the one that AWS lends to what runs there */
  storage?: StorageAccess
  /** how far it is */
  onBucketProgress?(doing: Doing): void
  /** trouble that may pass, and how long is waited, ms */
  onTrouble?(error: FetchError, ms: number): void
}

export interface BucketTaken {
  reports: BatchReport[]
  refused: { input: string; code: string; message: string }[]
  leftOut: string[]
}

/** Rejects with an error that says what to do. */
export async function takeBucket(url: string, options: TakeBucketOptions): Promise<BucketTaken> {
  const { store, readers, settings, storage = {}, onBucketProgress, onTrouble } = options
  const place = /^(s3|r2):\/\/[^/{}?]+(\/[^?]*)?$/.test(url)
  if (!place) throw unreadable(`${url} names no bucket. Write it like s3://logs/http_requests/20260520/`)
  if (storage.accessKeyId === undefined && url.startsWith('r2:'))
    throw unreadable(
      `${url} needs the key to its bucket: set FAULTLINE_S3_ACCESS_KEY_ID and FAULTLINE_S3_SECRET_ACCESS_KEY.`,
    )
  if (url.startsWith('r2:') && storage.endpoint === undefined)
    throw unreadable(`${url} needs --s3-endpoint https://ACCOUNT.r2.cloudflarestorage.com with the id of your account.`)
  const reports: BatchReport[] = []
  let round: Round | null = null
  const input = wholeBucket((done) => {
    round = done
  })
  await drain(
    'bucket',
    input,
    { url, ...storage },
    {
      checkpoints: store.ledger.checkpoints,
      clock: commandClock,
      onProgress: onBucketProgress,
      onTrouble,
      async take({ name }, bytes) {
        // asked for by hand: it says nothing of how far live logs are
        const report = await ingest({ origin: { input: 'file', name }, bytes, settings }, { store, readers })
        if (report.lines > 0) reports.push(report)
        return report
      },
    },
    true,
  )
  const { refused = [], leftOut = [] } = (round as Round | null) ?? {}
  return { reports, refused: refused.map(({ name, ...why }) => ({ input: name, ...why })), leftOut }
}

const unreadable = (message: string) => new IngestError('UNREADABLE', message)
