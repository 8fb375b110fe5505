import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { simulate, type SimulateOptions } from '../../../../ingest/inputs/simulate/index.js'
import { createFastReader } from '../../../../ingest/reader/fast/fast-reader.js'
import { MAX_LINE_BYTES } from '../../../../ingest/reader/reader.js'
import { options, pairOfReaders } from './same.js'

const samples = readFileSync(new URL('../../../fixtures/real-shapes.ndjson', import.meta.url))
const record = (extra: string) =>
  `{"RayID":"7a1f7ad4df2f870a","EdgeStartTimestamp":1677821346,"EdgeResponseStatus":200${extra}}`

describe('chunks of every kind', () => {
  it('the samples cut at every line, each part read by a reader that knows the other', () => {
    const same = pairOfReaders()
    for (let at = 0; at < samples.length; at++) {
      if (samples[at] !== 10) continue
      same(samples.subarray(0, at + 1))
      same(samples.subarray(at + 1))
    }
  })

  it('the samples cut in the middle of lines', () => {
    const same = pairOfReaders()
    for (let at = 1; at < samples.length; at += 97) {
      same(samples.subarray(0, at))
      same(samples.subarray(at))
    }
  })

  it('a sample line cut short at every byte, before other lines and at the very end', () => {
    const same = pairOfReaders()
    const [first, second] = samples.toString().split('\n')
    for (const line of [first, second]) {
      const cuts = Array.from({ length: line.length }, (_, n) => line.slice(0, n))
      same(cuts.join('\n'))
      for (const cut of cuts) same(`${second}\n${cut}`)
    }
  })

  it('nothing, blank lines, white space, carriage returns', () => {
    const same = pairOfReaders()
    for (const chunk of [
      '',
      '\n',
      '\r\n',
      '\n\n\n',
      ' \t\r\n \n',
      ' '.repeat(300_000),
      '\n'.repeat(300_000),
      '{}\n'.repeat(3000),
      '{"content":"tests"}',
      '{"content":"tests"}\n\n',
    ])
      same(chunk)
    expect(same('\n\n\n').newlines).toBe(3)
  })

  it('lines about as long as a line may be, and longer ones', () => {
    const same = pairOfReaders()
    for (const length of [
      65_536,
      262_143,
      262_144,
      262_145,
      MAX_LINE_BYTES - 1,
      MAX_LINE_BYTES,
      MAX_LINE_BYTES + 1,
      MAX_LINE_BYTES + 2,
      2_000_000,
    ]) {
      const shell = record(',"ClientRequestReferer":""')
      const long = record(`,"ClientRequestReferer":"${'r'.repeat(length - shell.length)}"`)
      expect(long.length).toBe(length)
      for (const chunk of [
        long,
        `${long}\n`,
        `${record('')}\n${long}\n${record('')}`,
        `${long}\n${long}\n`,
        `${'x'.repeat(length)}\n${record('')}`,
        `${' '.repeat(length)}\n${record('')}`,
        ' '.repeat(length),
      ])
        same(chunk)
    }
  })

  it('long values where they are kept, hashed or without a RayID', () => {
    const same = pairOfReaders({ keepQuery: true })
    for (const length of [1, 15, 16, 17, 31, 32, 33, 47, 48, 49, 8_189, 8_190, 8_191, 8_192, 8_193, 40_000]) {
      for (const name of [
        'ClientRequestHost',
        'ClientRequestURI',
        'ClientRequestPath',
        'ClientIP',
        'ClientRequestUserAgent',
        'ParentRayID',
        'ZoneName',
        'SecurityActions',
        'Unknown',
      ]) {
        for (const unit of ['a', 'é', '\\u00e9', '\\/', '😀', '?'])
          same(
            [record(`,"${name}":"${unit.repeat(length)}"`), record(`,"${name}":"${unit.repeat(length)}z"`)].join('\n'),
          )
      }
      same(`{"EdgeStartTimestamp":1677821346,"EdgeResponseStatus":200,"X":"${'x'.repeat(length)}"}\r\n`)
      same(record(`,"${'K'.repeat(length)}":1,"RequestHeaders":{"RayID":"${'v'.repeat(length)}"}`))
    }
  })

  it('more rows than a block may hold', () => {
    const line = '{"EdgeStartTimestamp":1677821346,"EdgeResponseStatus":200,"RayID":"7a1f7ad4df2f870a"}\n'
    const fast = createFastReader(options())
    const read = fast.read(Buffer.from(line.repeat(65_535)))
    expect([read.block.rows, fast.oddLines]).toEqual([65_535, 0])
    const more = fast.read(Buffer.from(line.repeat(65_537)))
    expect([more.block, ...more.more].map((block) => block.rows)).toEqual([65_535, 2])
    expect(fast.read(Buffer.from(line)).block.rows).toBe(1)
  })

  it('more keys than can be expected', () => {
    const same = pairOfReaders()
    const line = (from: number) => record(Array.from({ length: 300 }, (_, i) => `,"k${from + i}":${i}`).join(''))
    for (let from = 0; from < 6_000; from += 1_500)
      same(Array.from({ length: 5 }, (_, i) => line(from + i * 300)).join('\n'))
    same(samples)
  })

  it('as many networks, zones and hosts as lines', () => {
    const same = pairOfReaders()
    for (const from of [1, 700, 1_000]) {
      const lines = Array.from({ length: 900 }, (_, i) => from + i)
      const long = 'z'.repeat(90)
      same(
        lines
          .map((n) => record(`,"ClientASN":${n},"ZoneName":"${long}${n}","ClientRequestHost":"Host-${n}.example.com"`))
          .join('\n'),
      )
    }
  })

  it('more tokens than are kept: they are forgotten, and nothing changes', () => {
    const same = pairOfReaders()
    let path = 0
    const chunk = () =>
      Array.from({ length: 60 }, () => record(`,"ClientRequestPath":"/${path++}/${'p'.repeat(8_000)}"`)).join('\n')
    for (let i = 0; i < 60; i++) same(chunk())
    same(samples)
  })
})

describe('simulated exports', () => {
  const range = { from: '2024-05-01T00:00:00Z', to: '2024-05-02T00:00:00Z', lines: 3_000, incidents: 'demo' } as const
  const kinds: [string, Partial<SimulateOptions>][] = [
    ['all fields', {}],
    ['all fields, RFC 3339', { timestamps: 'rfc3339' }],
    ['the fields that count, seconds', { shape: 'status', timestamps: 'unix' }],
    ['the nine fields of Logpull', { shape: 'logpull' }],
  ]
  it.each(kinds)('%s: none of the lines is odd', (_, kind) => {
    const same = pairOfReaders()
    const fast = createFastReader(options())
    for (const chunk of simulate({ seed: 11, ...range, ...kind }).chunks()) {
      same(chunk)
      fast.read(chunk)
    }
    expect(fast.oddLines).toBe(0)
  })
})
