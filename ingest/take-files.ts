/** `faultline ingest`: files, folders and stdin, one batch each, one report for all. */
import type { After, BatchReport, LeftOut, MissingField, RejectedLine } from '../schema/api/batches.js'
import { IngestError } from './errors.js'
import { file as fileInput, filesOf } from './inputs/files.js'
import { stdin } from './inputs/stdin.js'
import { ingest } from './pipeline.js'
import type { TakeBucketOptions } from './take-bucket.js'
import { isChallenge } from './shape/shape.js'

export interface Refused {
  input: string
  code: string
  message: string
}

/** What `ingest --json` prints. With several inputs the numbers are sums; `batches` has each. */
export interface IngestReport {
  id: string | null
  lines: number
  stored: number
  duplicates: number
  rejected: number
  rejections: RejectedLine[]
  missingFields: MissingField[]
  via: string[]
  weighted: boolean
  /** what came behind the compressed data of the first input that has such a thing */
  after: After | null
  leftOut: LeftOut[]
  from: string | null
  to: string | null
  seconds: number
  refused: Refused[]
  batches: BatchReport[]
}

const isBucket = (path: string): boolean => /^(s3|r2):\/\//.test(path)

export interface TakeFilesOptions extends TakeBucketOptions {
  onProgress?: (input: string, read: number, size: number | null, report: BatchReport | null) => void
}

export async function takeFiles(paths: readonly string[], options: TakeFilesOptions): Promise<IngestReport> {
  const startedAt = performance.now()
  const reports: BatchReport[] = []
  const refused: Refused[] = []
  const { files, leftOut } = await filesOf(paths.filter((path) => !isBucket(path)))
  for (const url of paths.filter(isBucket)) {
    const { takeBucket } = await import('./take-bucket.js')
    const found = await takeBucket(url, options)
    reports.push(...found.reports)
    refused.push(...found.refused)
    leftOut.push(...found.leftOut)
  }
  for (const path of files) {
    try {
      reports.push(await takeFile(path, options))
    } catch (error) {
      if (!(error instanceof IngestError) || error.code === 'UNREADABLE') throw error
      refused.push({ input: path, code: error.code, message: error.message })
      if (error.report) reports.push(error.report)
    }
  }
  const left = leftOut.map((name): LeftOut => ({ name, why: isChallenge('', name) ? 'ownership-challenge' : 'no-log' }))
  return combined(reports, refused, left, (performance.now() - startedAt) / 1000)
}

async function takeFile(
  path: string,
  { store, readers, settings, onProgress }: TakeFilesOptions,
): Promise<BatchReport> {
  const input = path === '-' ? 'stdin' : 'file'
  const file = await (input === 'stdin' ? stdin : fileInput).open(path)
  let latest: BatchReport | null = null
  const onRead = (read: number) => onProgress?.(file.name, read, file.size, latest)
  return ingest(
    {
      origin: { input, name: file.name },
      settings,
      bytes: onProgress ? counted(file.bytes, onRead) : file.bytes,
      ...(file.regular ? { file: { path, onRead } } : {}),
    },
    {
      store,
      readers,
      onProgress: (report) => {
        latest = report
      },
    },
  )
}

async function* counted(bytes: AsyncIterable<Uint8Array>, onRead: (read: number) => void): AsyncGenerator<Uint8Array> {
  let read = 0
  for await (const chunk of bytes) {
    read += chunk.length
    onRead(read)
    yield chunk
  }
}

const SHOWN_REJECTIONS = 100

/** One report for several. */
export function combined(
  reports: readonly BatchReport[],
  refused: Refused[],
  leftOut: readonly LeftOut[],
  seconds: number,
): IngestReport {
  const sum = (key: 'lines' | 'stored' | 'duplicates' | 'rejected') =>
    reports.reduce((total, report) => total + report[key], 0)
  const missing = new Map(reports.flatMap((report) => report.missingFields.map((m) => [m.field, m] as const)))
  const times = reports
    .flatMap((report) => [report.from, report.to])
    .filter((time) => time !== null)
    .sort()
  return {
    id: reports.length === 1 ? reports[0].id : null,
    lines: sum('lines'),
    stored: sum('stored'),
    duplicates: sum('duplicates'),
    rejected: sum('rejected'),
    rejections: reports.flatMap((report) => report.rejections).slice(0, SHOWN_REJECTIONS),
    missingFields: [...missing.values()],
    via: [...new Set(reports.flatMap((report) => report.via))],
    weighted: reports.some((report) => report.weighted),
    after: reports.find((report) => report.after !== null)?.after ?? null,
    leftOut: [...reports.flatMap((report) => report.leftOut), ...leftOut],
    from: times[0] ?? null,
    to: times.at(-1) ?? null,
    seconds,
    refused,
    batches: [...reports],
  }
}
