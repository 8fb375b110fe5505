/**
 * Inputs of the kinds that people have, beside the files that are kept (cases.test.ts): each gives exactly its records, the
 * right ones, or is refused whole in words that are true of it.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import zlib from 'node:zlib'
import { pack } from 'tar-stream'
import { afterAll, describe, expect, it } from 'vitest'
import { needs } from '../../needs.js'
import { cell, RECORDS, refused, RIGHT, table, whole, type Line } from './five-records.js'
import { taken } from './taken.js'
import { zipOf } from './zip-of.js'

const json = JSON.stringify
const base64 = (text: string | Uint8Array) => Buffer.from(text).toString('base64')
const lines = (all: readonly unknown[], end = '\n') => all.map((one) => json(one) + end).join('')
const each = (of: (one: Line) => unknown) => lines(RECORDS.map(of))
const all = <T>(of: (one: Line) => T) => RECORDS.map(of)
const TEXT = Buffer.from(lines(RECORDS))
const HALVES = [Buffer.from(lines(RECORDS.slice(0, 2))), Buffer.from(lines(RECORDS.slice(2)))]
const before = (prefix: string) => all((one) => `${prefix}${json(one)}\n`).join('')

const typed = (value: unknown): object =>
  Array.isArray(value)
    ? { arrayValue: { values: value.map(typed) } }
    : typeof value === 'number'
      ? { intValue: String(value) }
      : { stringValue: value }
const pairs = (one: Line) => Object.entries(one).map(([key, value]) => ({ key, value: typed(value) }))

describe('wrappers, also of kinds that nobody listed', () => {
  const WRAPPED: { [name: string]: [text: string, via: string[]] } = {
    'Vector in Splunk HEC': [each((one) => ({ time: 1, event: { message: json(one) } })), ['Splunk HEC (event)']],
    'Docker': [each((one) => ({ log: `${json(one)}\n`, stream: 'stdout', time: '2026' })), ['Fluent Bit (log)']],
    'Kubernetes with the time of CRI': [
      each((one) => ({ log: `2026-03-02T10:00:00.1Z stdout F ${json(one)}`, kubernetes: { pod_name: 'p' } })),
      ['Fluent Bit (log)', 'time before the line'],
    ],
    'Fluentd': [each((one) => ['cf.logs', 1_772_445_600, one]), ['Fluentd (tag, time, record)']],
    'Fluentd in a list': [json(all((one) => ['cf.logs', 1_772_445_600, { message: json(one) }])), ['Vector (message)']],
    'Fluentd, pretty': [
      JSON.stringify(
        all((one) => ['cf', 1_772_445_600, one]),
        null,
        2,
      ),
      [],
    ],
    'Fluent forward': [json(['cf', all((one) => [1_772_445_600, one])]), []],
    'Fluent Bit with metadata': [each((one) => [[1_772_445_600.5, {}], { log: json(one) }]), ['Fluent Bit (log)']],
    'CloudWatch subscription': [
      json({ messageType: 'DATA_MESSAGE', logEvents: all((one) => ({ id: '1', message: json(one) })) }),
      ['CloudWatch (logEvents)'],
    ],
    'CloudWatch Insights': [
      json({
        results: all((one) => [
          { field: '@ptr', value: 'x' },
          { field: '@message', value: json(one) },
        ]),
      }),
      ['fields and values', 'CloudWatch (@message)'],
    ],
    'Kinesis in Lambda': [json({ Records: all((one) => ({ kinesis: { data: base64(json(one)) } })) }), ['base64']],
    'Firehose over HTTP, gzip': [
      json({ requestId: 'x', records: all((one) => ({ data: base64(zlib.gzipSync(json(one))) })) }),
      ['base64', 'gzip'],
    ],
    'Pub/Sub': [each((one) => ({ message: { data: base64(json(one)), messageId: '1' } })), ['base64']],
    'SNS in SQS': [json({ Messages: all((one) => ({ Body: json({ Type: 'N', Message: json(one) }) })) }), []],
    'journald': [each((one) => ({ __CURSOR: 's', MESSAGE: json(one) })), []],
    'Google': [json({ entries: all((one) => ({ insertId: 'x', jsonPayload: one })) }), ['entries']],
    'Elastic, several searches': [
      json({ responses: [{ hits: { total: 5, hits: all((_source) => ({ _id: 'x', _source })) } }] }),
      ['responses', 'Elastic (_source)'],
    ],
    'Elastic, flat': [each((one) => ({ '@timestamp': 'x', 'event.original': json(one) })), ['event.original']],
    'OpenTelemetry attributes': [
      json({
        resourceLogs: [
          {
            resource: { attributes: [] },
            scopeLogs: [{ logRecords: all((one) => ({ body: { stringValue: 'a request' }, attributes: pairs(one) })) }],
          },
        ],
      }),
      ['OpenTelemetry (logRecords)'],
    ],
    'OpenTelemetry body': [
      json({
        resourceLogs: [
          { scopeLogs: [{ logRecords: all((one) => ({ body: { kvlistValue: { values: pairs(one) } } })) }] },
        ],
      }),
      ['OpenTelemetry (body)'],
    ],
    'old Loki': [
      json({ streams: [{ labels: '{}', entries: all((one) => ({ ts: 'x', line: json(one) })) }] }),
      ['Loki (line)'],
    ],
    'Loki with metadata': [
      json({ streams: [{ stream: {}, values: all((one) => ['1772445600000000000', json(one), { trace: 'x' }]) }] }),
      ['Loki (values)'],
    ],
    'Splunk rows': [json({ fields: ['_time', '_raw'], rows: all((one) => ['2026', json(one)]) }), ['rows']],
    'Graylog': [
      json({ messages: all((one) => ({ message: { full_message: json(one) } })) }),
      ['Graylog (full_message)'],
    ],
    'GELF over TCP': [all((one) => `${json({ version: '1.1', full_message: json(one) })}\0`).join(''), []],
    'Azure': [each((one) => ({ TimeGenerated: '2026', RawData: json(one) })), ['RawData']],
    'API Gateway': [json({ body: base64(zlib.gzipSync(TEXT)), isBase64Encoded: true }), ['base64', 'gzip']],
    'New Relic': [json({ data: { actor: { nrql: { results: all((one) => ({ message: json(one) })) } } } }), []],
    'a key of one’s own': [each((one) => ({ ourOwnKey: { deeper: one } })), ['ourOwnKey', 'deeper']],
    'by id': [json(Object.fromEntries(all((one) => [one.RayID, one]))), ['object of records']],
    'names with a prefix': [
      each((one) => Object.fromEntries(Object.entries(one).map(([key, value]) => [`jsonPayload.${key}`, value]))),
      ['jsonPayload.'],
    ],
  }
  it.each(Object.entries(WRAPPED))('%s', (_, [text, via]) => whole(text, via))

  it('an unlisted list longer than a line', async () => {
    const many = Array.from({ length: 6_000 }, (_, i) => ({
      ourLine: { ...RECORDS[0], RayID: (i + 1).toString(16).padStart(16, '0') },
    }))
    const { records, rejected, via } = await taken(Buffer.from(json({ ourLines: many, more: true })))
    expect([records.length, rejected, via]).toEqual([6_000, 0, ['ourLines', 'ourLine']])
  })
})

describe('text around records, and between them', () => {
  it.each([
    ['data: ', 'text before the record'],
    ['logs/a.log:', 'text before the record'],
    ['vector-1  | ', 'text before the record'],
    ['[pod/vector-abc/vector] ', 'text before the record'],
    ['INFO[0000] ', 'text before the record'],
    ['<134>1 2026-03-02T10:00:00Z host app 1 - - \ufeff', 'syslog (priority before the line)'],
    ['2026-03-02T10:00:00+00:00\tcf.logs\t', 'time before the line'],
    ['{job="cloudflare"} ', 'logcli (time and labels before the line)'],
  ])('%s', (prefix, via) => whole(before(prefix), [via]))

  it.each([';\n', ';', '\0', '\u000b', '\f\n', '\u2028', '\r', ' , '])('%j behind each', (end) =>
    whole(lines(RECORDS, end)),
  )
  it.each(['\u001e', '\ufeff\ufeff', '  '])('%j before each', (start) => whole(before(start)))
  it.each(['\u001a', '\0'.repeat(600)])('%j at the end', (end) => whole(TEXT.toString() + end))
  it('a call around a list', () => whole(`callback(${json(RECORDS)});`))
})

describe('CSV', () => {
  const READ: { [name: string]: string } = {
    'Excel’s separator line': `sep=;\r\n${table(RECORDS, ';')}`,
    'a title and a comment': `Cloudflare export\n\n# of March\n${table(RECORDS)}`,
    'carriage returns alone': table(RECORDS).replaceAll('\n', '\r'),
    'spaces behind the delimiters': table(RECORDS, ', '),
    'the name of a table before each': table(RECORDS, ',', (key) => `http_requests.${key}`),
    'quotes behind backslashes': table(
      RECORDS,
      ',',
      undefined,
      (value) => `"${(typeof value === 'string' ? value : json(value)).replaceAll(/["\\]/g, '\\$&')}"`,
    ),
    'lists in Python’s words': table(
      all((one) => ({ ...one, SecurityActions: `[${one.SecurityActions.map((a) => `'${a}'`).join()}]` })),
      ',',
      undefined,
      (value) => (typeof value === 'string' && value.startsWith('[') ? value : cell(value)),
    ),
    'the record in a column': table(all((one) => ({ '@timestamp': '2026-03-02', '@message': json(one) }))),
    'nothing but the record': table(all((one) => ({ log: json(one) }))),
  }
  it.each(Object.entries(READ))('%s', (name, text) => whole(text, ['CSV'], name.startsWith('a title') ? 1 : 0))
  it('rows of JSON without a header', () => whole(all((one) => `2026-03-02,${cell(json(one))}\n`).join('')))
  it('aligned columns', async () => {
    const few = all(({ RayID, EdgeStartTimestamp, EdgeResponseStatus }) => ({
      RayID,
      EdgeStartTimestamp,
      EdgeResponseStatus,
    }))
    const { records } = await taken(Buffer.from(table(few, ' | ', undefined, String)))
    expect(records).toMatchObject(RIGHT.map(({ rayId, time }) => ({ rayId, time })))
  })
})

const tarOf = async (files: readonly [string, Uint8Array][]) => {
  const tar = pack()
  for (const [name, bytes] of files) tar.entry({ name }, Buffer.from(bytes))
  tar.finalize()
  const out: Uint8Array[] = []
  for await (const piece of tar) out.push(piece as Uint8Array)
  return Buffer.concat(out)
}

describe('archives', () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-kinds-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'logs'))
  writeFileSync(join(folder, 'logs', 'a.log'), HALVES[0])
  writeFileSync(join(folder, 'logs', 'b.log.gz'), zlib.gzipSync(HALVES[1]))
  writeFileSync(join(folder, 'logs', 'empty.log'), '')
  writeFileSync(join(folder, 'logs', '._a.log'), Buffer.from([0, 5, 22, 7, 0, 0]))
  const made = (command: string) => spawnSync('sh', ['-c', command], { cwd: folder, maxBuffer: 1e8 }).stdout

  it.each(['gnu', 'oldgnu', 'ustar', 'posix', 'v7'])('tar of the form %s', (form) =>
    whole(made(`tar --format=${form} -cf - logs`), ['tar']),
  )
  it('tars one behind the other, and text behind', async () => {
    const two = Buffer.concat([await tarOf([['a', HALVES[0]]]), await tarOf([['b', HALVES[1]]])])
    await whole(two, ['tar'])
    const found = await taken(Buffer.concat([two, Buffer.from('upload: done\n')]))
    expect(found).toMatchObject({ error: null, records: RIGHT })
    expect(found.report?.after).toEqual({ what: 'text', bytes: 13, sample: 'upload: done\n' })
  })
  it('a tar that is cut says so, wherever', async () => {
    const tar = await tarOf([
      ['a', HALVES[0]],
      ['zeros', Buffer.alloc(4_096)],
      ['b', HALVES[1]],
    ])
    for (const length of [700, 2_100, 7_700, 8_300])
      expect((await taken(tar.subarray(0, length))).error).toMatchObject({
        code: expect.stringMatching(/TRUNCATED|NOT_NDJSON/),
      })
  })
  it('names what it does not read in them', async () => {
    writeFileSync(join(folder, 'sparse.log'), TEXT)
    truncateSync(join(folder, 'sparse.log'), 1_000_000)
    for (const form of ['gnu', 'posix'])
      await refused(made(`tar --format=${form} -S -cf - sparse.log`), /holds no log: "sparse.log"/)
    const { records, report } = await taken(
      await tarOf([
        ['a.log', TEXT],
        ['b.bz2', Buffer.from('BZh91AY&SY')],
        ['c.md', Buffer.from('# notes\n')],
      ]),
    )
    expect(records).toMatchObject(RIGHT)
    expect(report?.leftOut).toEqual([
      { name: 'b.bz2', why: 'packed' },
      { name: 'c.md', why: 'no-log' },
    ])
  })
  it('an empty tar is empty', async () => {
    expect(await taken(Buffer.alloc(10_240))).toMatchObject({
      error: null,
      report: { stored: 0, message: 'Empty: nothing to store' },
    })
  })

  const zip = needs('zip', 'zip')
  it
    .skipIf(!zip)
    .each(['zip -qr - logs', 'zip -q0r - logs', 'zip -fz -qr - logs', 'rm -f o.zip; zip -0 -qr o.zip logs; cat o.zip'])(
    '%s',
    (command) => whole(made(command), ['zip']),
  )
  it.skipIf(!needs('bsdtar', 'libarchive-tools')).each(['', '--options zip:compression=store', '--options zip:zip64'])(
    'bsdtar %s',
    (options) => whole(made(`bsdtar --format zip ${options} -cf - logs`), ['zip']),
  )
  it('zips in zips, stored as a stream', () =>
    whole(
      zipOf([['in.zip', zipOf([['a.log', TEXT]], { stored: true, streamed: true })]], { stored: true, streamed: true }),
      ['zip'],
    ))
  it('zips one behind the other, and text behind', async () => {
    const two = Buffer.concat(HALVES.map((half, i) => zipOf([[`${i}.log`, half]])))
    await whole(two, ['zip'])
    expect((await taken(Buffer.concat([two, Buffer.from('done\n')]))).report?.after).toMatchObject({
      what: 'text',
      bytes: 5,
    })
  })
  it('what systems add is no log', () =>
    whole(
      zipOf([
        ['a.log', TEXT],
        ['Thumbs.db', Buffer.from('\u00d0\u00cf')],
        ['x/desktop.ini', Buffer.from('[.ShellClassInfo]\r\n')],
        ['__MACOSX/._a.log', Buffer.from('x')],
      ]),
      ['zip'],
    ))
  it('a form that is cut says so', async () => {
    const form = `--x\r\nContent-Disposition: form-data; name="a"; filename="a.log"\r\n\r\n${TEXT.toString()}\r\n--x--\r\n`
    await whole(`\r\n${form}`, ['multipart form'])
    expect((await taken(Buffer.from(form.slice(0, -300)))).error).toMatchObject({ code: 'TRUNCATED' })
  })

  const zstd = needs('zstd', 'zstd')
  const packed = (input: Uint8Array, ...options: string[]) => spawnSync('zstd', ['-qc', ...options], { input }).stdout
  const skipped = Buffer.from('502a4d180500000068656c6c6f', 'hex')
  it.skipIf(!zstd)('zstd: frames to be passed over, and what stands behind', async () => {
    await whole(Buffer.concat([skipped, packed(HALVES[0]), skipped, packed(HALVES[1], '--no-check'), skipped]), [])
    for (const behind of ['upload: done\n', '\0'.repeat(512)]) {
      const found = await taken(Buffer.concat([packed(TEXT), Buffer.from(behind)]))
      expect(found).toMatchObject({ error: null, records: RIGHT, report: { after: { bytes: behind.length } } })
    }
    expect(await taken(skipped)).toMatchObject({ error: null, records: [] })
  })
  it.skipIf(!zstd)('zstd: a window that is too large is refused before it is made', () =>
    refused(
      spawnSync('sh', ['-c', 'cat | zstd -qc --long=31 --ultra -20'], { input: TEXT }).stdout,
      /window of 2048 MiB.*without --long/,
    ),
  )
})

describe('what is no log is called what it is', () => {
  const REFUSED: [what: string, bytes: string | Uint8Array, message: RegExp][] = [
    ['base64', base64(zlib.gzipSync(TEXT)), /is base64.*base64 -d/],
    ['zlib', zlib.deflateSync(TEXT), /packed with zlib/],
    ['cpio', `070701${'0'.repeat(104)}a.log\0\0\0${TEXT.toString()}`, /packed with cpio/],
    ['ar', `!<arch>\na.log/  0 0 0 100644 9\n${TEXT.toString()}`, /packed with ar/],
    ['lzip', Buffer.from('4c5a495001cd003d', 'hex'), /packed with lzip/],
    ['Avro', Buffer.from('Obj\u0001\u0004\u0014avro.codec'), /is a binary file, Avro/],
    ['UTF-32', Buffer.from([...TEXT].flatMap((byte) => [byte, 0, 0, 0])), /UTF-32/],
    ['rows of values', json({ columns: Object.keys(RECORDS[0]), data: all(Object.values) }), /table as JSON/],
    ['a list for each name', json({ EdgeResponseStatus: [200, 404], EdgeStartTimestamp: [1, 2] }), /table as JSON/],
    [
      'another API',
      json({ error: { type: 'x', reason: 'no such index [cf]' }, status: 404 }),
      /answer of an API.*"no such index \[cf\]"/,
    ],
    ['a problem', json({ type: 'about:blank', title: 'Not Found', status: 404 }), /answer of an API.*"Not Found"/],
    [
      'Cloudflare’s API, pretty',
      JSON.stringify(
        { success: false, errors: [{ code: 10_000, message: 'Authentication error' }], result: null },
        null,
        2,
      ),
      /Cloudflare's API.*Authentication error \(10000\)/,
    ],
    [
      'Workers traces',
      json({ EventTimestampMs: 1, Outcome: 'ok', ScriptName: 'x' }),
      /another dataset \(workers_trace_events\)/,
    ],
    [
      'firewall events',
      json({ Datetime: '2026-03-02T10:00:00Z', Action: 'block', RayID: 'x' }),
      /another dataset \(firewall_events\)/,
    ],
    ['any objects', json({ level: 'info', msg: 'started' }), /Its objects have neither.*level, msg/],
  ]
  it.each(REFUSED)('%s', (_, bytes, message) => refused(bytes, message))
})
