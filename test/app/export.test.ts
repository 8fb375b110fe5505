/** Records streamed out: whole, in order, safe for spreadsheets, no faster than they are taken. */
import { createReadStream, readFileSync, writeFileSync } from 'node:fs'
import { get as httpGet } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import ndjson from 'ndjson'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createParquetTable } from '../../analyze/export/parquet-table.js'
import { scanPages } from '../../schema/store/scan-pages.js'
import type { FieldName } from '../../schema/words/fields.js'
import type { RecordJson } from '../../schema/words/record.js'
import { clickhouse, duck, hasClickHouse, hasDuck } from '../ingest/shape/parquet/engines.js'
import { faultline } from '../main/command.js'
import { ndjson as linesOf, traffic, type Line } from '../dashboard/browser/traffic.js'
import { startService, type TestService } from './service.js'

const FORMULAS = [
  '/a;=1+1;b',
  '/a|"=1+1"',
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '＝1+1',
  'a "quoted", one',
  'two\nlines',
]
const { lines, incident } = traffic(Date.UTC(2026, 4, 20, 12))
const hostile: Line[] = FORMULAS.map((userAgent, i) => ({
  ...lines[i],
  RayID: (0xa000_0000_0000 + i).toString(16).padStart(16, '0'),
  EdgeStartTimestamp: new Date(Date.UTC(2026, 4, 20, 11, 59, 58, i)).toISOString(),
  EdgeEndTimestamp: new Date(Date.UTC(2026, 4, 20, 11, 59, 59, i)).toISOString(),
  OriginResponseStatus: 200,
  EdgeResponseStatus: 418,
  ClientRequestUserAgent: userAgent,
}))
const all = [...lines, ...hostile]
let service: TestService

beforeAll(async () => {
  service = await startService()
  await service.post('/api/v1/logs', linesOf(all))
}, 60_000)
afterAll(() => service.stop())

const exported = (query = '') => service.get(`/api/v1/export${query}`)

/** Cells of a CSV as RFC 4180 has them. */
function cellsOf(csv: string): string[][] {
  const rows: string[][] = [[]]
  for (const [, quoted, plain = '', after] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (after === '\r\n') rows.push([])
    if (after === '') break
  }
  return rows.slice(0, -1)
}

async function parsed(file: string): Promise<RecordJson[]> {
  const found: RecordJson[] = []
  await pipeline(createReadStream(file), ndjson.parse(), async (records: AsyncIterable<RecordJson>) => {
    for await (const one of records) found.push(one)
  })
  return found
}

describe('an export', () => {
  it('is NDJSON of the same records as /records gives, oldest first', async () => {
    const { status, headers, body } = await exported('?status=403')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('application/x-ndjson')
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="faultline-20260520T0600Z-\w+\.ndjson"$/)
    const records = (body as string)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as RecordJson)
    expect(records).toHaveLength(600)
    expect(records.map(({ time }) => time)).toEqual(records.map(({ time }) => time).sort())
    const newest = (await service.get('/api/v1/records?status=403&limit=1')).body.records
    expect(records.at(-1)).toEqual(newest[0])
    expect(Object.keys(records[0]).sort()).toEqual(Object.keys(newest[0]).sort())
  })

  it('is CSV with the same, and no cell begins a formula', async () => {
    const { headers, body } = await exported('?format=csv&status=418')
    expect(headers.get('content-type')).toContain('text/csv')
    const [head, ...rows] = cellsOf(body)
    const records = (await exported('?status=418')).body
      .trimEnd()
      .split('\n')
      .map((line: string) => JSON.parse(line))
    expect(head).toEqual(Object.keys(records[0]))
    expect(rows).toHaveLength(hostile.length)
    const agents = rows.map((row) => row[head.indexOf('userAgent')])
    expect(agents.map((agent) => agent.replaceAll("'", ''))).toEqual(records.map((r: RecordJson) => r.userAgent))
    for (const cell of rows.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r＝＋－＠]/)
    expect(rows.map((row) => row[head.indexOf('originResponseStatus')])).toEqual(rows.map(() => '200'))
  })

  it('has the fields that are asked for, in that order, in the language asked for', async () => {
    const { body } = await exported('?format=csv&fields=host,time,sourceReason&status=418&lang=zh')
    const [head, first] = cellsOf(body)
    expect(head).toEqual(['host', 'time', 'sourceReason'])
    expect(first[2]).toMatch(/\p{Script=Han}/u)
  })

  it('is not taken in again: its records would count twice', async () => {
    for (const asked of [
      '?status=403',
      '?format=csv&status=403',
      '?format=parquet&status=403',
      '?format=csv&fields=host,time,country',
    ]) {
      const response = await fetch(`${service.url}/api/v1/export${asked}`)
      const { status, body } = await service.post('/api/v1/logs', await response.arrayBuffer())
      expect([status, body.code, body.seen], asked).toEqual([400, 'NOT_NDJSON', 'own-export'])
      expect(body.message).toContain('faultline copy')
    }
    const theirs = JSON.stringify({ time: '2026-05-20T12:00:00Z', host: 'a.example', path: '/', answered: 200 })
    expect((await service.post('/api/v1/logs', theirs)).body.seen).not.toBe('own-export')
  })

  it('takes range and filters as every question does', async () => {
    const { from, to } = incident
    const { body } = await exported(`?from=${from}&to=${to}&not.status=403&path=/ch*`)
    const records = body
      .trimEnd()
      .split('\n')
      .map((line: string) => JSON.parse(line))
    const wanted = all.filter((line) => {
      const at = Date.parse(line.EdgeStartTimestamp)
      return at >= from && at < to && line.EdgeResponseStatus !== 403 && line.ClientRequestPath === '/checkout'
    })
    expect(records.map((r: RecordJson) => r.rayId).sort()).toEqual(wanted.map((line) => line.RayID).sort())
    expect((await exported('?status=599')).body).toBe('')
    expect((await exported('?status=599&format=csv')).body).toMatch(/^time,rayId,.*\r\n$/)
  })

  it.each([
    ['?format=xlsx', 'BAD_FORMAT'],
    ['?fields=hots', 'UNKNOWN_FIELD'],
    ['?fields=', 'UNKNOWN_FIELD'],
    ['?stats=403', 'UNKNOWN_PARAMETER'],
  ])('%s is refused as %s', async (query, code) => {
    expect(await exported(query)).toMatchObject({ status: 400, body: { code } })
  })

  it('waits for its reader, and ends when that leaves', async () => {
    let pages = 0
    const scan = service.store.records.scan.bind(service.store.records)
    service.store.records.scan = (query) => {
      pages++
      return scan({ ...query, limit: 500 })
    }
    try {
      const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) =>
        httpGet(`${service.url}/api/v1/export`, resolve).on('error', reject),
      )
      response.pause()
      const settled = async () => {
        for (let before = -1; before !== pages;) {
          before = pages
          await new Promise((resolve) => setTimeout(resolve, 300))
        }
        return pages
      }
      const whole = Math.ceil(all.length / 500)
      const read = await settled()
      expect(read).toBeLessThan(whole)
      response.destroy()
      expect(await settled()).toBeLessThan(whole)
    } finally {
      service.store.records.scan = scan
    }
  })
})

/** What an engine finds in the file: records by status, bytes, times, and how many have none of it. */
const ASKED = `count(*), count(distinct "rayId"), sum("edgeResponseStatus"), count("originResponseStatus"), sum("edgeResponseBytes"),
  count(*) filter (where "visitor"), min("host"), max("host")`

describe('an export as Parquet', () => {
  const figures = (records: RecordJson[]) => {
    const sum = (of: (one: RecordJson) => number | null) => records.reduce((total, one) => total + (of(one) ?? 0), 0)
    const hosts = records.map((one) => one.host ?? '').sort()
    return [
      records.length,
      new Set(records.map((one) => one.rayId)).size,
      sum((one) => one.edgeResponseStatus),
      records.filter((one) => one.originResponseStatus !== null).length,
      sum((one) => one.edgeResponseBytes),
      records.filter((one) => one.visitor).length,
      hosts[0],
      hosts.at(-1),
    ]
  }
  const file = (name: string) => join(service.folder, name)
  let records: RecordJson[]
  beforeAll(async () => {
    records = (await exported()).body
      .trimEnd()
      .split('\n')
      .map((line: string) => JSON.parse(line))
    const response = await fetch(`${service.url}/api/v1/export?format=parquet`)
    expect(response.headers.get('content-type')).toBe('application/vnd.apache.parquet')
    expect(response.headers.get('content-disposition')).toMatch(/\.parquet"$/)
    writeFileSync(file('all.parquet'), Buffer.from(await response.arrayBuffer()))
  })

  it('holds the records of NDJSON, to the last field, in row groups', async () => {
    const fields = Object.keys(records[0]) as FieldName[]
    const table = createParquetTable(fields, 'en', 700)
    const pieces: Uint8Array[] = []
    const selection = { from: 0, to: Date.UTC(2100, 0, 1), filters: [], audience: 'all' as const }
    for await (const page of scanPages(service.store.records, { ...selection, limit: 300 }))
      pieces.push(table.add(page))
    pieces.push(table.end())
    const bytes = Buffer.concat(pieces)
    const { row_groups } = parquetMetadata(bytes)
    expect(row_groups.length).toBeGreaterThan(2)
    const whole = new Uint8Array(bytes).buffer
    const read = await parquetReadObjects({ file: whole })
    const plain = (value: unknown) =>
      typeof value === 'bigint' ? Number(value) : value instanceof Date ? value.toISOString() : (value ?? null)
    expect(
      read.map((one) => Object.fromEntries(Object.entries(one).map(([key, value]) => [key, plain(value)]))),
    ).toEqual(records)
  })

  it.skipIf(!hasDuck)('is what DuckDB finds', async () => {
    const rows = await (await duck()).runAndReadAll(`select ${ASKED} from '${file('all.parquet')}'`)
    expect(rows.getRowsJson()[0].map((v) => (/^\d+$/.test(String(v)) ? Number(v) : v))).toEqual(figures(records))
  })

  it.skipIf(!hasClickHouse)('is what ClickHouse finds', () => {
    const answer = clickhouse(`select ${ASKED} from file('${file('all.parquet')}', Parquet)`)
    expect(JSON.parse(answer).map((v: unknown) => (/^\d+$/.test(String(v)) ? Number(v) : v))).toEqual(figures(records))
  })

  it('has the fields and records that are asked for', async () => {
    const response = await fetch(
      `${service.url}/api/v1/export?format=parquet&fields=rayId,edgeResponseStatus&status=418`,
    )
    const read = await parquetReadObjects({ file: await response.arrayBuffer() })
    expect(read).toHaveLength(hostile.length)
    expect(Object.keys(read[0])).toEqual(['rayId', 'edgeResponseStatus'])
    const none = await fetch(`${service.url}/api/v1/export?format=parquet&status=599`)
    expect(await parquetReadObjects({ file: await none.arrayBuffer() })).toEqual([])
  })
})

describe('faultline export', () => {
  it('writes a file, by its name NDJSON or CSV, with filters', async () => {
    const file = (name: string) => join(service.folder, name)
    const run = (...args: string[]) => faultline(['export', '--store', service.store.url, ...args])
    expect(await run('-o', file('all.ndjson'))).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(await parsed(file('all.ndjson'))).toHaveLength(all.length)
    await run('-o', file('some.csv'), '--filter', 'status=403', '--filter', 'status=418', '--fields', 'status').then(
      ({ status }) => expect(status).toBe(2),
    )
    await run('-o', file('some.csv'), '--filter', 'status=403', '--filter', 'status=418', '--fields', 'rayId')
    expect(readFileSync(file('some.csv'), 'utf8').trimEnd().split('\r\n')).toHaveLength(1 + 600 + hostile.length)
    const { stdout } = await run('--filter', 'status=418')
    expect(stdout.trimEnd().split('\n')).toHaveLength(hostile.length)
    await run('-o', file('all.parquet'))
    expect(parquetMetadata(new Uint8Array(readFileSync(file('all.parquet')))).num_rows).toBe(BigInt(all.length))
    expect((await run('--filter', 'stats=1')).status).toBe(2)
    expect((await run('-o', file('no/where.csv'))).status).toBe(3)
  }, 120_000)
})
