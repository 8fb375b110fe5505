/** The same records in any shape are the same records: on both readers, however the bytes come. */
import zlib from 'node:zlib'
import fc from 'fast-check'
import { pack } from 'tar-stream'
import { describe, expect, it } from 'vitest'
import { inBites, readAll, readers } from './read.js'
import { zipOf } from './zip-of.js'

type Line = { [name: string]: unknown }

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    '"',
    '\\',
    '{',
    '}',
    '[',
    ']',
    '},{',
    '"}{"',
    'a,b',
    ';',
    '\t',
    '\n',
    '\r\n',
    '\u2028',
    '\ufeff',
    "it's",
    '[1]',
    '{"RayID":"x"}',
    'Mozilla/5.0 (X)',
  ),
)
const line: fc.Arbitrary<Line> = fc.record({
  EdgeStartTimestamp: fc
    .integer({ min: 1_700_000_000, max: 1_700_100_000 })
    .chain((s) => fc.constantFrom<unknown>(s, new Date(s * 1000).toISOString(), `${s}123456789`)),
  EdgeEndTimestamp: fc.integer({ min: 1_700_000_000, max: 1_700_100_000 }),
  RayID: fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }).map((n) => n.toString(16).padStart(16, '0')),
  EdgeResponseStatus: fc.constantFrom(200, 404, 499, 502, 522),
  OriginResponseStatus: fc.constantFrom(0, 200, 502),
  ClientRequestHost: fc.constantFrom('www.example.com', 'api.example.com'),
  ClientRequestURI: text.map((t) => `/${t}`),
  ClientRequestUserAgent: text,
  ClientIP: fc.constantFrom('203.0.113.7', '2001:db8::1'),
  SecurityActions: fc.constantFrom([], ['block'], ['log', 'block']),
  SecurityRuleIDs: fc.constantFrom([], ['r1'], ['r0', 'r1']),
})

const json = (value: unknown) => JSON.stringify(value)
const lines = (all: readonly Line[], of: (line: Line) => unknown) => all.map((one) => `${json(of(one))}\n`).join('')
const renamed = (one: Line, name: (key: string) => string) =>
  Object.fromEntries(Object.entries(one).map(([key, value]) => [name(key), value]))
const cell = (value: unknown) => {
  const plain = typeof value === 'string' ? value : json(value)
  return /[",;\t\r\n[\\]/.test(plain) || plain.trim() !== plain ? `"${plain.replaceAll('"', '""')}"` : plain
}
const table = (all: readonly Line[], delimiter: string, end: string) => {
  const keys = Object.keys(all[0])
  return [keys, ...all.map((one) => keys.map((key) => cell(one[key])))].map((row) => row.join(delimiter) + end).join('')
}

/** Arrangements of text. */
const ARRANGED: { [name: string]: (all: readonly Line[]) => string } = {
  'a list on one line': (all) => json(all),
  'a list, one a line': (all) => `[\n${all.map(json).join(',\n')}\n]\n`,
  'a list with the commas in front': (all) => `[${all.map(json).join('\n,')}\n]`,
  'a pretty list': (all) => JSON.stringify(all, null, 2),
  'pretty objects': (all) => all.map((one) => `${JSON.stringify(one, null, 2)}\n`).join(''),
  'pretty with tabs and CRLF': (all) =>
    all.map((one) => JSON.stringify(one, null, '\t').replaceAll('\n', '\r\n')).join('\r\n'),
  'a list a line': (all) => lines(all, (one) => [one]),
  'lists and texts a line': (all) => lines(all, (one) => [json(one)]),
  'lists of lists': (all) => json([all.slice(0, 1), [all.slice(1)]]),
  'objects without line feeds': (all) => all.map(json).join(''),
  'commas at the ends': (all) => all.map((one) => `${json(one)},\n`).join(''),
  'CRLF': (all) => all.map((one) => `${json(one)}\r\n`).join(''),
  'blank lines': (all) => `\n\n${all.map((one) => `${json(one)}\n \n`).join('')}`,
  'marks at the joints': (all) => all.map((one) => `\ufeff${json(one)}\n`).join(''),
  'text of JSON': (all) => lines(all, json),
  'a list of texts of JSON': (all) => json(all.map(json)),
  'events and info': (all) => json({ events: all.map((info) => ({ info })) }),
  'an answer': (all) => json({ result: all, success: true, errors: [] }),
  'a pretty answer': (all) => JSON.stringify({ success: true, errors: [], result: all, messages: [] }, null, 1),
  'Vector': (all) => lines(all, (one) => ({ message: json(one), source_type: 'http' })),
  'Fluent Bit': (all) => lines(all, (one) => ({ date: 1.5, log: json(one) })),
  'Splunk HEC': (all) => all.map((one) => json({ time: 1, event: one })).join(''),
  'Splunk export': (all) => lines(all, (one) => ({ preview: false, result: { _raw: json(one) } })),
  'Elastic': (all) => lines(all, (_source) => ({ _index: 'cf', _source })),
  'Elastic search': (all) =>
    JSON.stringify({ took: 1, hits: { total: 3, hits: all.map((_source) => ({ _id: 'x', _source })) } }, null, 1),
  'Elastic bulk': (all) => all.map((one) => `{"index":{"_index":"cf"}}\n${json(one)}\n`).join(''),
  'Vector in Elastic': (all) => lines(all, (one) => ({ _source: { message: json(one) } })),
  'OpenTelemetry': (all) =>
    json({
      resourceLogs: [
        { resource: {}, scopeLogs: [{ logRecords: all.map((one) => ({ body: { stringValue: json(one) } })) }] },
      ],
    }),
  'Datadog': (all) => lines(all, (attributes) => ({ id: 'x', content: { attributes } })),
  'Loki': (all) =>
    json({
      status: 'success',
      data: {
        resultType: 'streams',
        result: [{ stream: { a: 'b' }, values: all.map((one) => ['1700000000000000000', json(one)]) }],
      },
    }),
  'logcli': (all) => all.map((one) => `2026-03-02T11:00:00+01:00 {job="cloudflare"} ${json(one)}\n`).join(''),
  'Grafana': (all) => all.map((one) => `1772445600000\t2026-03-02T10:00:00.000Z\t${json(one)}\n`).join(''),
  'lower case': (all) => lines(all, (one) => renamed(one, (key) => key.toLowerCase())),
  'snake case': (all) =>
    lines(all, (one) => renamed(one, (key) => key.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase())),
  'camel case': (all) => lines(all, (one) => renamed(one, (key) => key[0].toLowerCase() + key.slice(1))),
  'one lower among others': (all) =>
    all.map((one, i) => json(i % 2 ? renamed(one, (key) => key.toLowerCase()) : one)).join('\n'),
  'CSV': (all) => table(all, ',', '\n'),
  'CSV with CRLF and a mark': (all) => `\ufeff${table(all, ',', '\r\n')}`,
  'TSV': (all) => table(all, '\t', '\n'),
  'half plain, half a list': (all) => lines(all.slice(0, 2), (one) => one) + (all.length > 2 ? json(all.slice(2)) : ''),
  'half plain, half pretty': (all) =>
    lines(all.slice(0, 2), (one) => one) + (all.length > 2 ? JSON.stringify(all.slice(2), null, 2) : ''),
}

const tarOf = async (files: readonly [string, Uint8Array][]) => {
  const tar = pack()
  for (const [name, bytes] of files) tar.entry({ name }, Buffer.from(bytes))
  tar.finalize()
  const out: Uint8Array[] = []
  for await (const piece of tar) out.push(piece as Uint8Array)
  return Buffer.concat(out)
}

/** Ways to pack. */
const PACKED: { [name: string]: (text: Buffer) => Buffer | Promise<Buffer> } = {
  'not packed': (bytes) => bytes,
  'gzip': (bytes) => zlib.gzipSync(bytes),
  'gzip in gzip': (bytes) => zlib.gzipSync(zlib.gzipSync(bytes)),
  'two members': (bytes) =>
    Buffer.concat([
      zlib.gzipSync(bytes.subarray(0, bytes.length >> 1)),
      zlib.gzipSync(bytes.subarray(bytes.length >> 1)),
    ]),
  'gzip with zeros behind': (bytes) => Buffer.concat([zlib.gzipSync(bytes), Buffer.alloc(512)]),
  'tar': (bytes) => tarOf([['a/one.log', bytes]]),
  'tgz of gz': async (bytes) =>
    zlib.gzipSync(
      await tarOf([
        ['README', Buffer.from('hello\n')],
        ['a/one.log.gz', zlib.gzipSync(bytes)],
      ]),
    ),
  'zip': (bytes) => zipOf([['one.log', bytes]]),
  'streamed zip': (bytes) =>
    zipOf(
      [
        ['a/', Buffer.alloc(0)],
        ['a/one.log', bytes],
      ],
      { streamed: true },
    ),
  'streamed zip64': (bytes) => zipOf([['one.log', bytes]], { streamed: true, long: true }),
  'form': (bytes) =>
    Buffer.concat([
      Buffer.from(
        '--xYz\r\nContent-Disposition: form-data; name="file"; filename="a.log"\r\nContent-Type: application/octet-stream\r\n\r\n',
      ),
      bytes,
      Buffer.from('\r\n--xYz--\r\n'),
    ]),
  'UTF-16': (bytes) => Buffer.from(`\ufeff${bytes.toString().replace(/^\ufeff/, '')}`, 'utf16le'),
}

const arranged = fc.constantFrom(...Object.keys(ARRANGED))
const packed = fc.constantFrom(...Object.keys(PACKED))
const bites = fc.array(fc.oneof(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 3_000 })), {
  minLength: 1,
  maxLength: 8,
})

describe.each(Object.keys(readers) as (keyof typeof readers)[])('the %s reader', (kind) => {
  it('reads the same records in any shape', { timeout: 120_000 }, async () => {
    const reader = readers[kind]()
    const definition = readers.slow()
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 8 }),
        arranged,
        packed,
        bites,
        async (all, shape, packing, sizes) => {
          const plain = await readAll(inBites(Buffer.from(lines(all, (one) => one))), definition)
          const bytes = await PACKED[packing](Buffer.from(ARRANGED[shape](all)))
          const read = await readAll(inBites(bytes, sizes), reader)
          expect(read.rejected).toEqual([])
          expect(read.records).toEqual(plain.records)
        },
      ),
      { numRuns: 150 },
    )
  })

  it.each(Object.keys(ARRANGED))('reads %s', async (shape) => {
    const all = fc.sample(line, { numRuns: 60, seed: 7 })
    const plain = await readAll(inBites(Buffer.from(lines(all, (one) => one))), readers.slow())
    const read = await readAll(inBites(Buffer.from(ARRANGED[shape](all)), [4_093]), readers[kind]())
    expect(read.rejected).toEqual([])
    expect(read.records).toEqual(plain.records)
    expect(read.records).toHaveLength(60)
  })
})
