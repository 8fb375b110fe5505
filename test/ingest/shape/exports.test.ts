/** What databases, search engines and their tools make of records when they export them. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { needs } from '../../needs.js'
import { cell, RECORDS, refused, RIGHT, table, whole, type Line } from './five-records.js'
import { taken } from './taken.js'
import { zipOf } from './zip-of.js'

const json = JSON.stringify
const each = (of: (one: Line, i: number) => unknown) => RECORDS.map((one, i) => `${json(of(one, i))}\n`).join('')
const all = <T>(of: (one: Line, i: number) => T) => RECORDS.map(of)
const values = (one: Line, of: (value: string | number | string[]) => unknown) =>
  Object.fromEntries(Object.entries(one).map(([key, value]) => [key, of(value)]))
const few = all(({ RayID, EdgeStartTimestamp, EdgeResponseStatus }) => ({
  RayID,
  EdgeStartTimestamp,
  EdgeResponseStatus,
}))
const NAMES = Object.keys(RECORDS[0])

describe('values in what says their type', () => {
  const dynamo = (value: string | number | string[]): unknown =>
    Array.isArray(value) ? { L: value.map(dynamo) } : typeof value === 'number' ? { N: String(value) } : { S: value }
  const READ: { [name: string]: [text: string, via: string] } = {
    'mongoexport': [
      each((one) => ({
        _id: { $oid: '65e2' },
        ...values(one, (value) => (typeof value === 'number' ? { $numberInt: String(value) } : value)),
        EdgeStartTimestamp: { $date: one.EdgeStartTimestamp },
      })),
      'MongoDB (values with types)',
    ],
    'MongoDB, canonical dates': [
      each((one) => ({
        ...one,
        EdgeStartTimestamp: { $date: { $numberLong: String(Date.parse(one.EdgeStartTimestamp)) } },
      })),
      'MongoDB (values with types)',
    ],
    'DynamoDB to S3': [each((one) => ({ Item: values(one, dynamo) })), 'DynamoDB (values with types)'],
    'Avro as JSON': [
      each((one) =>
        values(one, (value) =>
          Array.isArray(value) ? { array: value } : typeof value === 'number' ? { int: value } : { string: value },
        ),
      ),
      'Avro (values with types)',
    ],
    'the fields of Elastic’s search': [
      json({ hits: { hits: all((one) => ({ _id: 'x', fields: values(one, (v) => (Array.isArray(v) ? v : [v])) })) } }),
      'Elastic (fields)',
    ],
  }
  it.each(Object.entries(READ))('%s', (_, [text, via]) => whole(text, [via]))
})

describe('tables of databases', () => {
  const escaped = (value: unknown) =>
    (typeof value === 'string' ? value : json(value)).replaceAll('\\', '\\\\').replaceAll('\t', '\\t')
  it('TSV with backslashes, as ClickHouse, MySQL and PostgreSQL write it', () =>
    whole(table(RECORDS, '\t', undefined, escaped), ['TSV']))
  it('what a backslash stands for in a TSV, and where there is no value', async () => {
    const agents = ['a\\tb', 'a\\nb', 'a\\\\nb', '\\N', 'C:\\dir']
    const rows = few.map((one, i) => ({ ...one, ClientRequestUserAgent: agents[i], OriginResponseStatus: '\\N' }))
    const { records } = await taken(Buffer.from(table(rows, '\t', undefined, String)))
    expect(records.map(({ userAgent }) => userAgent)).toEqual(['a\tb', 'a\nb', 'a\\nb', null, 'C:\\dir'])
    expect(records.map(({ originResponseStatus }) => originResponseStatus)).toEqual(Array(5).fill(null))
  })
  it('\\N in a CSV', async () => {
    const rows = few.map((one) => ({ ...one, ClientCountry: '\\N', ClientRequestHost: 'a\\tb' }))
    const { records, rejected } = await taken(Buffer.from(table(rows, ',', undefined, String)))
    expect([records.length, rejected]).toEqual([5, 0])
    expect(records[0]).toMatchObject({ country: null, host: 'a\\tb' })
  })
  it.each(['^', '~'])('%s between the cells', (delimiter) => whole(table(RECORDS, delimiter), ['CSV']))
  it('a column of records and nothing else, without a header', () =>
    whole(all((one) => `${cell(json(one))}\n`).join(''), ['JSON in a cell of CSV']))
  it.each(['event.original', '_source.message'])('records in the column %s', (column) =>
    whole(table(all((one) => ({ '@timestamp': 'Mar 2, 2026 @ 10:00:00.000', [column]: json(one) }))), ['CSV']),
  )

  const row = (one: (typeof few)[number]) => Object.values(one).join(' | ')
  const DRAWN: { [name: string]: string } = {
    psql: ` ${Object.keys(few[0]).join(' | ')} \n-----+-----+-----\n${few.map((one) => ` ${row(one)}\n`).join('')}`,
    mysql: `+----+----+----+\n| ${Object.keys(few[0]).join(' | ')} |\n+----+----+----+\n${few.map((one) => `| ${row(one)} |\n`).join('')}`,
    Markdown: `| ${Object.keys(few[0]).join(' | ')} |\n| --- | --- | ---: |\n${few.map((one) => `| ${row(one)} |\n`).join('')}`,
  }
  it.each(Object.entries(DRAWN))('a table as %s draws it', async (_, text) => {
    const { records, rejected } = await taken(Buffer.from(text))
    expect(records).toMatchObject(
      RIGHT.map(({ rayId, time, edgeResponseStatus }) => ({ rayId, time, edgeResponseStatus })),
    )
    expect(rejected).toBe(0)
  })
})

describe('journald', () => {
  it('the export format', () =>
    whole(
      all(
        (one, i) =>
          `__CURSOR=s=a;i=${i}\n__REALTIME_TIMESTAMP=17724\n_HOSTNAME=h\nPRIORITY=6\nMESSAGE=${json(one)}\n\n`,
      ).join(''),
      ['journald (export)'],
    ))
})

describe('what is no log is called what it is', () => {
  const REFUSED: [what: string, bytes: string | Uint8Array, message: RegExp][] = [
    [
      'names in the first list',
      [NAMES, ...all(Object.values)].map((one) => `${json(one)}\n`).join(''),
      /table as JSON/,
    ],
    ['rows without names', each((one) => Object.values(one)), /table as JSON/],
    [
      'the answer of BigQuery',
      json({
        schema: { fields: NAMES.map((name) => ({ name })) },
        rows: all((one) => ({ f: Object.values(one).map((v) => ({ v })) })),
      }),
      /table as JSON/,
    ],
    [
      'columns of one’s own',
      'ts,code,ray\n2026-03-02T10:00:00Z,200,ab00000000000000\n',
      /--field EdgeStartTimestamp=ts --field EdgeResponseStatus=code --field RayID=ray/,
    ],
    [
      'columns of Sentinel',
      table(RECORDS, ',', (name) => `${name}_s`),
      /--field EdgeStartTimestamp=EdgeStartTimestamp_s/,
    ],
    ['any table', 'name,age\nx,5\n', /begins with "name,age/],
    [
      'Python’s list',
      `[${all((one) => json(one).replaceAll('"', "'")).join(', ')}]`,
      /Line 1 stops being JSON at character 2: ' stands there.*Python/,
    ],
    ['a file that was cut off', json(RECORDS[0]).slice(0, 60), /ends in the middle: the file was cut off/],
    ['logfmt', 'RayID=ab status=200 host="www.example.com"\n', /It is logfmt/],
    ['CEF', 'CEF:0|Cloudflare|x|1|2|3|4|rayId=ab\n', /It is CEF/],
    ['YAML', '- RayID: ab\n  EdgeResponseStatus: 200\n', /It is YAML/],
    ['SQL', "INSERT INTO logs VALUES('ab',200);\n", /It is SQL/],
    ['a drawn box', '┌─RayID─┬─EdgeResponseStatus─┐\n│ ab │ 200 │\n', /a table that was drawn/],
    [
      'another server’s log',
      '192.0.2.1 - - [02/Mar/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 6 "-" "curl"\n',
      /access log of a web server/,
    ],
    ['a form', `payload=${encodeURIComponent(json(RECORDS[0]))}`, /a form as browsers send it.*--data-binary/],
    ['jq in colours', '\u001b[1;39m{\u001b[0m\u001b[34;1m"RayID"\u001b[0m:"x"}\n', /colours of a terminal.*jq -M/],
    [
      'a workbook',
      zipOf([
        ['[Content_Types].xml', Buffer.from('<Types/>')],
        ['xl/workbook.xml', Buffer.from('<workbook/>')],
      ]),
      /workbook of Excel.*CSV UTF-8/,
    ],
  ]
  it.each(REFUSED)('%s', (_, bytes, message) => refused(bytes, message))

  const folder = mkdtempSync(join(tmpdir(), 'faultline-dictionary-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  it.skipIf(!needs('zstd', 'zstd'))('zstd with a dictionary', async () => {
    mkdirSync(join(folder, 'like'))
    for (let i = 0; i < 200; i++)
      writeFileSync(join(folder, 'like', String(i)), json({ ...RECORDS[i % 5], RayID: i ** 7 }))
    const command = 'zstd -q --train like/* -o words && zstd -qc -D words like/0'
    const { stdout } = spawnSync('sh', ['-c', command], { cwd: folder })
    await refused(stdout, /packed with a dictionary \(number \d+\).*without -D/)
  })
})
