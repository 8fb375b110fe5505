/**
 * Files as people have them (test/fixtures/shapes), each taken in through the command's own way: how many records, and the
 * right ones, or refused in words that are true of it.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../../schema/open-store.js'
import type { Store } from '../../../schema/store/store.js'
import type { Record } from '../../../schema/words/record.js'
import { DEFAULT_READ_SETTINGS, type ReadSettings } from '../../../ingest/reader/normalise.js'
import { createReaderPool, type ReaderPool } from '../../../ingest/reader/pool.js'
import { takeFiles, type IngestReport } from '../../../ingest/take-files.js'

const FOLDER = fileURLToPath(new URL('../../fixtures/shapes/', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'faultline-cases-'))

let readers: ReaderPool
let store: Store
beforeAll(async () => {
  readers = createReaderPool(1)
  store = await openStore(`sqlite:${join(folder, 'faultline.sqlite')}`)
})
afterAll(async () => {
  await readers.close()
  await store.close()
  rmSync(folder, { recursive: true })
})

/** Most files bring the same records: each finds an empty store, and leaves one. */
async function taken(
  names: string | string[],
  settings: Partial<ReadSettings> = {},
): Promise<{ report: IngestReport; records: Record[]; reports: IngestReport[] }> {
  try {
    const reports: IngestReport[] = []
    for (const name of [names].flat())
      reports.push(
        await takeFiles([join(FOLDER, name)], { store, readers, settings: { ...DEFAULT_READ_SETTINGS, ...settings } }),
      )
    const selection = { from: 0, to: Date.UTC(2100, 0, 1), filters: [], audience: 'all' as const }
    const { records } = await store.records.newest({ ...selection, limit: 100, after: null })
    records.sort((a, b) => (a.rayId ?? '').localeCompare(b.rayId ?? ''))
    return { report: reports[reports.length - 1], reports, records }
  } finally {
    for (const { id } of (await store.ledger.reports.page({ limit: 100, after: null })).items)
      await store.batches.delete(id)
  }
}

/** The five that most files hold. */
const FIVE = [401, 402, 403, 404, 405].map((n) => ({
  rayId: `aa00000000000${n}`,
  time: Date.UTC(2026, 2, 2, 10),
  edgeResponseStatus: n === 405 ? 502 : 200,
  originResponseStatus: n === 405 ? 502 : 200,
  host: 'www.example.com',
  path: '/a',
}))

const THROUGH: { [file: string]: string[] } = {
  '04a-events-info-wrapper.json': ['events', 'info'],
  '04c-record-delimiter-comma.json': ['JSON array'],
  '04d-trailing-commas.ndjson': [],
  '04e-no-newline-concatenated.json': [],
  '04f-array-one-line.json': ['JSON array'],
  '04g-arrays-per-line.ndjson': ['JSON array'],
  '04h-double-encoded.ndjson': ['JSON in a string'],
  '04i-pretty-jq.json': ['JSON over several lines'],
  '04j-ndjson-then-array.ndjson': ['JSON array'],
  '05a-csv-header.csv': ['CSV'],
  '06b-log-explorer-response.json': ['result'],
  '06c-log-explorer-response-pretty.json': ['result'],
  '06d-log-explorer.csv': ['CSV'],
  '06e-snake-case.ndjson': [],
  '06f-camel.ndjson': [],
  '12a-multi-member.log.gz': [],
  '12b-gzip-trailing-zeros.log.gz': [],
  '12d-member-without-newline.log.gz': [],
  '12f-empty-first-member.log.gz': [],
  '13-20260302T100000Z_20260302T100030Z_f27449c5.log.gz': [],
  '14-double-gzip.log.gz': ['gzip in gzip'],
  '18a-logcli-jsonl.ndjson': ['Loki (line)'],
  '18b-logcli-default.log': ['logcli (time and labels before the line)'],
  '18c-grafana-download.txt': ['Grafana (time before the line)'],
  '19a-vector-message.ndjson': ['Vector (message)'],
  '19b-fluentbit-log.ndjson': ['Fluent Bit (log)'],
  '19c-splunk-hec.ndjson': ['Splunk HEC (event)'],
  '19d-splunk-export.ndjson': ['Splunk export (_raw)'],
  '19e-elastic-source.ndjson': ['Elastic (_source)'],
  '19f-elastic-bulk.ndjson': ['Elastic bulk'],
  '19g-otel-body.ndjson': ['OpenTelemetry (body)'],
  '19h-datadog-attributes.ndjson': ['Datadog (attributes)'],
  '21b-window-again.ndjson': [],
  '22b-plain-logs.tar': ['tar'],
  '22c-gz-logs.tar': ['tar'],
  '22d-gz-logs.tgz': ['tar'],
  '23-bom-in-the-middle.ndjson': [],
  '23b-bom-per-gz-member.log.gz': [],
  '26-record-over-two-lines.ndjson': ['JSON over several lines'],
  '35-plain.gz': [],
}

describe('read whole', () => {
  it.each(Object.entries(THROUGH))('%s', async (file, via) => {
    const { report, records } = await taken(file)
    expect(report).toMatchObject({ lines: 5, stored: 5, duplicates: 0, rejected: 0, refused: [] })
    expect(records).toMatchObject(FIVE)
    expect(report.via).toEqual(expect.arrayContaining(via))
    if (via.length === 0 && !/04e|12d/.test(file)) expect(report.via).toEqual([])
  })

  it('06g: one line with lower-case names among five usual ones', async () => {
    const { report, records } = await taken('06g-one-lower-among-many.ndjson')
    expect(report).toMatchObject({ lines: 6, stored: 6, rejected: 0 })
    expect(new Set(records.map(({ rayId }) => rayId)).size).toBe(6)
    expect(records.every(({ host, colo }) => host === 'www.example.com' && colo === 'FRA')).toBe(true)
  })
})

describe('values', () => {
  it('01: paths as they came', async () => {
    const { records } = await taken('01-uri-double-slash.ndjson')
    expect(records.map(({ path }) => path).slice(0, 2)).toEqual(['//icons/a-192x192.png', '*'])
    expect(records).toHaveLength(4)
  })
  it('02, 02b: separators and bad bytes in values', async () => {
    expect((await taken('02-line-separators-in-values.ndjson')).report).toMatchObject({ stored: 3, rejected: 0 })
    const { report } = await taken('02b-raw-control-and-bad-utf8.ndjson')
    expect(report).toMatchObject({
      stored: 2,
      rejected: 1,
      rejections: [{ line: 1, reason: 'not-json', at: expect.any(Number) }],
    })
  })
  it('03, 15: fractions of seconds, and impossible times', async () => {
    expect((await taken('03-rfc3339ms-ns.ndjson')).report).toMatchObject({ stored: 4, rejected: 2 })
    const { records, report } = await taken('15-unixnano-rounded.ndjson')
    expect(report).toMatchObject({ stored: 5, rejected: 3 })
    expect(records).toHaveLength(5)
  })
  it('11: statuses', async () => {
    expect((await taken('11-websocket-and-odd-status.ndjson')).report).toMatchObject({
      lines: 33,
      stored: 29,
      rejected: 4,
    })
  })
  it('16, 27: numbers in strings, types of OriginResponseTime', async () => {
    const { records } = await taken('16-bigquery-export.ndjson')
    expect(records[0]).toMatchObject({
      edgeResponseStatus: 200,
      originResponseStatus: 200,
      asn: 64_500,
      totalMs: 1_250,
      userAgent: null,
    })
    expect(records).toHaveLength(5)
    expect((await taken('27-origin-time-types.ndjson')).report).toMatchObject({ stored: 7, rejected: 0 })
  })
  it('24: only the line’s own names count', async () => {
    const { records } = await taken('24-nested-names-and-duplicate-keys.ndjson')
    expect(records.map(({ rayId, edgeResponseStatus }) => [rayId, edgeResponseStatus])).toEqual([
      ['aa00000000002401', 200],
      ['aa00000000002402', 503],
      ['aa00000000002403', 502],
      ['aa00000000002404', 502],
    ])
  })
})

describe('evidence inside the record', () => {
  it('07: what a record stands for', async () => {
    const { report, records } = await taken('07-instant-logs-sampleinterval.ndjson')
    expect(report).toMatchObject({ stored: 5, weighted: true })
    expect(records.map(({ weight }) => weight)).toEqual([100, 100, 100, 100, 100])
  })
  it('08: sub-requests as if exported apart', async () => {
    const { report, records } = await taken('08-subrequests-merged.ndjson')
    expect(report).toMatchObject({ lines: 7, stored: 7, rejected: 0, weighted: false, via: ['Subrequests'] })
    expect(records.filter(({ rayId }) => rayId?.startsWith('ab'))).toMatchObject([
      {
        rayId: 'ab00000000000801',
        parentRayId: 'aa00000000000801',
        visitor: false,
        edgeResponseStatus: 503,
        source: 'origin',
        zone: 'example.com',
        originIp: '198.51.100.4',
      },
      { rayId: 'ab00000000000802', parentRayId: 'aa00000000000801', visitor: false, edgeResponseStatus: 200 },
      { rayId: 'ab00000000000803', parentRayId: 'aa00000000000801', visitor: false, edgeResponseStatus: 503 },
    ])
  })
})

const REFUSED: { [file: string]: RegExp } = {
  '05b-csv-no-header.csv': /CSV without a header.*batch_prefix/,
  '05c-csv-array-column.csv': /CSV without a header/,
  '05d-tsv.tsv': /CSV without a header/,
  '09-firewall-event.ndjson': /another dataset.*Datetime/,
  '17-pandas-nan.ndjson': /Line 1 stops being JSON at character 163: NaN/,
  '20a-logpull-range-error.txt': /logs older than 168h0m0s are not available/,
  '20b-api-error.json': /Authentication error \(10000\)/,
  '20c-logpull-retention-off.txt': /log retention is not turned on.*Turn on log retention/,
  '20d-graphql-answer.json': /GraphQL/,
  '25-record-template-renamed.ndjson':
    /--field EdgeStartTimestamp=ts --field EdgeResponseStatus=status --field RayID=ray --field ClientRequestHost=host/,
  '29-python-repr.log': /character 2: '.*Python/,
}

describe('refused as a whole, in words that are true', () => {
  it.each(Object.entries(REFUSED))('%s', async (file, words) => {
    const { report } = await taken(file)
    expect(report).toMatchObject({
      stored: 0,
      refused: [{ code: 'NOT_NDJSON', message: expect.stringMatching(words) }],
    })
  })
  it('10: several datasets mixed', async () => {
    const { report } = await taken('10-mixed-datasets.ndjson')
    expect(report).toMatchObject({ lines: 7, stored: 1, rejected: 6 })
    expect(report.rejections.every(({ reason }) => reason === 'other-dataset')).toBe(true)
  })
  it('25: read with the mapping that was shown', async () => {
    const fields = { EdgeStartTimestamp: 'ts', EdgeResponseStatus: 'status', RayID: 'ray', ClientRequestHost: 'host' }
    const { records } = await taken('25-record-template-renamed.ndjson', { fields })
    expect(records).toMatchObject(
      FIVE.map(({ rayId, time, edgeResponseStatus, host }) => ({ rayId, time, edgeResponseStatus, host })),
    )
  })
})

describe('what came behind, and what broke off', () => {
  it('12b: zeros are told', async () => {
    expect((await taken('12b-gzip-trailing-zeros.log.gz')).report.after).toMatchObject({ what: 'zeros' })
  })
  it('12e: a second member that is cut', async () => {
    const { report, records } = await taken('12e-truncated-second-member.log.gz')
    expect(report).toMatchObject({ stored: 3, refused: [{ code: 'TRUNCATED' }] })
    expect(records).toMatchObject(FIVE.slice(0, 3))
  })
  it('21a, 21b: a window that broke off, and again', async () => {
    const { reports } = await taken(['21a-window-failed.ndjson', '21b-window-again.ndjson'])
    expect(reports).toMatchObject([
      { stored: 3, refused: [{ code: 'STREAM_ERROR' }] },
      { stored: 2, duplicates: 3, refused: [] },
    ])
  })
})

describe('empty is no error', () => {
  it.each([
    '28b-empty.gz',
    '28c-test-upload.json',
    '28d-test-spaced.json',
    '35-test.txt.gz',
    '40-logpull-minutes/202603020602.json',
  ])('%s', async (file) => {
    expect((await taken(file)).report).toMatchObject({ lines: 0, stored: 0, rejected: 0, refused: [] })
  })
  it('28a: empty objects are rejected lines', async () => {
    expect((await taken('28a-empty-object-lines.ndjson')).report).toMatchObject({
      lines: 2,
      stored: 0,
      rejected: 2,
      refused: [],
    })
  })
  it('28e: the ownership challenge is known', async () => {
    const { report } = await taken('28e-ownership-challenge-1a2b3c.txt')
    expect(report).toMatchObject({ stored: 0, rejected: 0, refused: [], leftOut: [{ why: 'ownership-challenge' }] })
  })
  it('40: minutes pulled one by one, some empty', async () => {
    const { report } = await taken('40-logpull-minutes')
    expect(report.refused).toEqual([])
    expect(report.batches).toHaveLength(4)
    expect(report.batches.map(({ stored }) => stored > 0)).toEqual([true, true, false, true])
  })
  it('44: the logs of a bucket are read, the others named', async () => {
    const { report } = await taken('44-bucket')
    expect(report.stored).toBeGreaterThan(0)
    expect(report.leftOut).toMatchObject([
      { name: expect.stringContaining('ownership-challenge-5e6f.txt'), why: 'ownership-challenge' },
    ])
    expect(report.refused).toMatchObject([
      { input: expect.stringContaining('firewall_events'), message: expect.stringContaining('another dataset') },
    ])
  })
})

describe('whole days', () => {
  it.each([
    ['36-one-colo-slow.ndjson.gz', 14_400],
    ['37-websocket-reconnect.ndjson.gz', 7_600],
    ['38h20-hosts.ndjson.gz', 17_400],
    ['38t60-hosts-522.ndjson.gz', 14_400],
    ['39-nonsense-method-501.ndjson.gz', 15_300],
    ['43-scanner-404s-tiny-site.ndjson.gz', 717],
  ])('%s', async (file, lines) => {
    expect((await taken(file)).report).toMatchObject({ lines, stored: lines, rejected: 0, refused: [] })
  })
})

it('every file of the folder is in a table above', () => {
  const here = readdirSync(FOLDER)
  const told = [...Object.keys(THROUGH), ...Object.keys(REFUSED)].map((name) => name.split('-')[0])
  const others =
    '01 02 02b 03 06g 07 08 10 11 12e 15 16 21a 24 27 28a 28b 28c 28d 28e 35 36 37 38h20 38t60 39 40 43 44'.split(' ')
  expect(here.map((name) => name.split('-')[0]).filter((n) => ![...told, ...others].includes(n))).toEqual([])
})
