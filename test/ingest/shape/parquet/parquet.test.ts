/** Parquet, written by Arrow, DuckDB, ClickHouse and in JavaScript: the same records as in NDJSON, to the last field. */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { pack } from 'tar-stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ReadSettings } from '../../../../ingest/reader/normalise.js'
import { startService, type TestService } from '../../../app/service.js'
import { logsOf } from '../../inputs/logpull-server.js'
import { inBites, readAll, readers, type Read } from '../read.js'
import { zipOf } from '../zip-of.js'
import { clickhouse, duck, hasClickHouse, hasDuck } from './engines.js'

const FIXTURES = fileURLToPath(new URL('../../../fixtures/parquet/', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'faultline-parquet-'))
const file = (name: string) => join(folder, name)
afterAll(() => rmSync(folder, { recursive: true }))

const read = (bytes: Uint8Array, fields: ReadSettings['fields'] = {}): Promise<Read> =>
  readAll(inBites(bytes, [65_536, 3, 100_000]), readers.fast({ fields }), fields)

const fixture = (name: string) => readFileSync(join(FIXTURES, name))

describe('of Arrow', () => {
  it.each(['int96.parquet', 'pages-v1.parquet', 'pages-v2.parquet'])('%s', async (name) => {
    const wanted = await read(fixture('same.ndjson'))
    const found = await read(fixture(name))
    expect(wanted.records).toHaveLength(40)
    expect(found.rejected).toEqual([])
    expect(found.records).toEqual(wanted.records)
    expect(found.notes.reading.via).toEqual(['Parquet'])
  })

  it.each(['nested.parquet', 'nested-fixed.parquet'])('%s, whose names somebody maps', async (name) => {
    const mapping = {
      EdgeResponseStatus: 'request.status',
      ClientRequestHost: 'request.host',
      ClientRequestURI: 'request.uri',
    }
    const facts = ({ records }: Read) =>
      records.map((r) => [r.time, r.rayId, r.edgeResponseStatus, r.host, r.path, r.totalMs, r.identity])
    expect(facts(await read(fixture(name), mapping))).toEqual(facts(await read(fixture('same.ndjson'))))
  })

  it('without rows is empty', async () => {
    expect((await read(fixture('empty.parquet'))).records).toEqual([])
  })
})

/** A day of the simulator, as Logpush would write it. */
const { received } = logsOf(Date.UTC(2026, 4, 20), Date.UTC(2026, 4, 21), 3_000)
const ndjson = `${received.map(({ line }) => line).join('\n')}\n`

let wanted: Read
beforeAll(async () => {
  writeFileSync(file('day.ndjson'), ndjson)
  wanted = await read(Buffer.from(ndjson))
  expect(wanted.records.length).toBe(3_000)
})
const sorted = ({ records }: Read) => [...records].sort((a, b) => a.time - b.time || (a.rayId! < b.rayId! ? -1 : 1))

describe.skipIf(!hasDuck)('of DuckDB', () => {
  let db: Awaited<ReturnType<typeof duck>>
  beforeAll(async () => {
    db = await duck()
    await db.run(`create table day as select * from read_ndjson('${file('day.ndjson')}', sample_size = -1)`)
  })

  it.each(['zstd', 'snappy', 'gzip', 'brotli', 'lz4_raw', 'uncompressed'])('packed with %s', async (codec) => {
    await db.run(`copy day to '${file('duck.parquet')}' (format parquet, codec '${codec}', row_group_size 2048)`)
    expect((await read(readFileSync(file('duck.parquet')))).records).toEqual(wanted.records)
  })

  // what a time may be; the simulator's have nanoseconds
  const TIMES = {
    'nanoseconds': 'make_timestamp_ns($)',
    'microseconds': 'make_timestamp($ // 1000)',
    'milliseconds': 'make_timestamp_ms($ // 1000000)::timestamp_ms',
    'with a zone': 'make_timestamp($ // 1000)::timestamptz',
    'as text': `strftime(make_timestamp($ // 1000), '%Y-%m-%dT%H:%M:%S.%fZ')`,
    'as digits': '$::varchar',
    'as a decimal of seconds': '($ // 1000000)::decimal(19, 0)::decimal(22, 3) / 1000',
    'as a decimal': '(($ // 1000000)::decimal(18,3) * 0.001)::decimal(18, 3)',
  }
  it.each(Object.entries(TIMES))('with times %s', async (_what, sql) => {
    const of = (name: string) => `${sql.replaceAll('$', `"${name}"`)} as "${name}"`
    await db.run(
      `copy (select * replace (${of('EdgeStartTimestamp')}, ${of('EdgeEndTimestamp')}) from day)
       to '${file('times.parquet')}' (format parquet, parquet_version v2)`,
    )
    const found = await read(readFileSync(file('times.parquet')))
    expect(found.rejected).toEqual([])
    expect(found.records).toEqual(wanted.records)
  })

  it('with lists and objects as JSON in a text, numbers as text, names in another case', async () => {
    await db.run(
      `copy (select "RayID" as ray_id, "EdgeStartTimestamp"::varchar as edgestarttimestamp, "EdgeEndTimestamp" as EDGEENDTIMESTAMP,
         "EdgeResponseStatus"::varchar as "edgeResponseStatus", "SecurityActions"::json as security_actions, * exclude
         ("RayID", "EdgeStartTimestamp", "EdgeEndTimestamp", "EdgeResponseStatus", "SecurityActions") from day)
       to '${file('text.parquet')}' (format parquet)`,
    )
    expect((await read(readFileSync(file('text.parquet')))).records).toEqual(wanted.records)
  })
})

it.skipIf(!hasClickHouse)('of ClickHouse', async () => {
  clickhouse(
    `select * from file('${file('day.ndjson')}', JSONEachRow) into outfile '${file('click.parquet')}' format Parquet
     settings output_format_parquet_row_group_size = 1000`,
  )
  const found = await read(readFileSync(file('click.parquet')))
  // it reads in several threads
  expect(sorted(found)).toEqual(sorted(wanted))
})

describe('in JavaScript', () => {
  const strings = (rows: { [name: string]: unknown }[]) =>
    Buffer.from(
      parquetWriteBuffer({
        columnData: Object.keys(rows[0]).map((name) => ({ name, data: rows.map((row) => row[name]) })),
        rowGroupSize: 700,
      }),
    )
  const row = (n: number, more: object = {}) => ({
    RayID: (0xaa00_0000 + n).toString(16).padStart(16, '0'),
    EdgeStartTimestamp: new Date(Date.UTC(2026, 4, 20, 10) + n),
    EdgeResponseStatus: 200,
    ClientRequestHost: 'www.example.com',
    ...more,
  })

  it('a row that is longer than a line may be is rejected by its number, and the others are read', async () => {
    const rows = Array.from({ length: 2_000 }, (_, n) =>
      row(n, { ClientRequestUserAgent: n === 1_500 ? 'x'.repeat(1_100_000) : 'y' }),
    )
    const found = await read(strings(rows))
    expect(found.records).toHaveLength(1_999)
    expect(found.rejected).toEqual([{ line: 1_501, reason: 'too-long', of: null }])
  })

  it('hostile texts are what they are in NDJSON', async () => {
    const texts = ['"', '\\', '\n', '\u2028', '\ufeffx', '\u0000', '😀', 'a'.repeat(9_000), '']
    const rows = texts.map((text, n) => row(n, { ClientRequestUserAgent: text, ClientRequestURI: `/${text}` }))
    const lines = rows.map((one) => JSON.stringify(one)).join('\n')
    expect((await read(strings(rows))).records).toEqual((await read(Buffer.from(lines))).records)
  })

  it('without a RayID the whole row tells a record from another', async () => {
    const rows = [1, 2, 1].map((n) => ({ ...row(1), RayID: '', Custom: `${n}` }))
    for (const one of rows) delete (one as { RayID?: string }).RayID
    const { records } = await read(strings(rows))
    expect(records[0].identity).toEqual(records[2].identity)
    expect(records[0].identity).not.toEqual(records[1].identity)
  })
})

describe('a service', () => {
  let service: TestService
  beforeAll(async () => {
    service = await startService()
  })
  afterAll(() => service.stop())
  const post = (body: BodyInit, query = '') => service.post(`/api/v1/logs${query}`, body)
  const [first, second] = [fixture('int96.parquet'), fixture('pages-v2.parquet')]

  it('takes the same records as NDJSON and as Parquet once, whatever they are packed in and whatever they are called', async () => {
    expect(await post(fixture('same.ndjson'))).toMatchObject({ status: 200, body: { stored: 40 } })
    const archive = pack()
    archive.entry({ name: 'a.parquet' }, first)
    archive.entry({ name: 'b.parquet' }, second)
    archive.finalize()
    const tar = await buffer(archive)
    for (const [body, lines] of [
      [first, 40],
      [gzipSync(second), 40],
      [tar, 80],
      [
        zipOf([
          ['x', first],
          ['y.ndjson', fixture('same.ndjson')],
        ]),
        80,
      ],
    ] as const)
      expect(await post(body as Buffer<ArrayBuffer>, '?name=logs.ndjson')).toMatchObject({
        status: 200,
        body: { lines, stored: 0, duplicates: lines },
      })
    // nothing is left of what was kept aside
    expect(readdirSync(tmpdir()).filter((name) => /^faultline-.*\.parquet$/.test(name))).toEqual([])
  })

  it.each([
    ['cut in the middle', first.subarray(0, 7_000), 'TRUNCATED', /cut off: its end/],
    ['cut to its mark', first.subarray(0, 4), 'TRUNCATED', /cut off/],
    ['without its last byte', first.subarray(0, -1), 'TRUNCATED', /cut off/],
    ['encrypted', Buffer.concat([first.subarray(0, -4), Buffer.from('PARE')]), 'CORRUPT', /encrypted/],
    ['with a table of contents of 3 GB', withLength(first, 3_000_000_000), 'CORRUPT', /table of contents/],
    ['with no table of contents', withLength(first, 0), 'CORRUPT', /damaged/],
    ['with a page that was changed', changed(second, 279), 'CORRUPT', /check sum of a page/],
    ['of another data set', other(), 'NOT_NDJSON', /neither EdgeStartTimestamp.*they have name, kind/],
  ])('%s is refused by name', async (_what, body, code, said) => {
    const { status, body: answer } = await post(body as Buffer<ArrayBuffer>)
    expect(answer.message).toMatch(said)
    expect({ status, code: answer.code }).toEqual({ status: 400, code })
  })

  it('names of its own are shown with the mapping that one could give', async () => {
    const { body } = await post(fixture('nested.parquet'))
    expect(body.message).toContain('--field EdgeResponseStatus=request.status --field ClientRequestHost=request.host')
  })
})

it('in a folder it is found by its name', async () => {
  const { filesOf } = await import('../../../../ingest/inputs/files.js')
  mkdirSync(file('logs'))
  copyFileSync(join(FIXTURES, 'int96.parquet'), file('logs/a.parquet'))
  expect(await filesOf([file('logs')])).toEqual({ files: [file('logs/a.parquet')], leftOut: [] })
})

function withLength(bytes: Buffer, length: number): Buffer {
  const copy = Buffer.from(bytes)
  copy.writeUInt32LE(length, copy.length - 8)
  return copy
}

function changed(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] ^= 0x55
  return copy
}

function other(): Buffer {
  return Buffer.from(
    parquetWriteBuffer({
      columnData: [
        { name: 'name', data: ['a'] },
        { name: 'kind', data: ['b'] },
      ],
    }),
  )
}
