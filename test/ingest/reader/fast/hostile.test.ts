import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { chunk, line } from './lines.js'
import { pairOfReaders } from './same.js'

const samples = readFileSync(new URL('../../../fixtures/real-shapes.ndjson', import.meta.url))
const sampleLines = samples
  .toString()
  .trim()
  .split('\n')
  .map((text) => Buffer.from(text))

describe('the fast reader says what the slow one says', () => {
  it('of any lines', () => {
    const same = pairOfReaders()
    fc.assert(
      fc.property(chunk, (text) => {
        same(text)
      }),
      { numRuns: 300 },
    )
  })

  it('of any lines with query and without address', () => {
    const same = pairOfReaders({ keepQuery: true, keepClientIp: false, orangeToOrangeIsVisitor: false })
    fc.assert(
      fc.property(chunk, (text) => {
        same(text)
      }),
      { numRuns: 250 },
    )
  })

  it('of lines that repeat and whose keys change their order', () => {
    const same = pairOfReaders()
    const shuffled = line.chain((text) =>
      fc.array(fc.constantFrom(text, ...sampleLines.slice(0, 8).map(String)), { minLength: 2, maxLength: 8 }),
    )
    fc.assert(
      fc.property(shuffled, (lines) => {
        same(lines.join('\n'))
      }),
      { numRuns: 300 },
    )
  })

  it('of records inside other lines, and of sub-requests in their parents', () => {
    const same = pairOfReaders({ keepQuery: true })
    const parent = '{"RayID":"7a1f7ad4df2f870a","EdgeStartTimestamp":1677821346,"EdgeResponseStatus":200,"ZoneID":7'
    const wrappers: ((json: string) => string)[] = [
      (json) => `[${json},${json}]`,
      (json) => `{"time":1,"event":${json}}`,
      (json) => JSON.stringify({ message: `${json}\n` }),
      (json) => `<14>1 2026-03-09T00:00:00Z h a - - - ${json}`,
      (json) => `${json}${json}`,
      (json) => `${parent},"Subrequests":[${json},{"RayID":"7a1f7ad4df2f870b","EdgeResponseStatus":404}]}`,
      (json) => `${parent},"Subrequests":[{"Subrequests":[${json}],"EdgeResponseStatus":-0.0}]}`,
      (json) => `{"event":${parent},"Subrequests":[${json}],"SampleInterval":20}}`,
      (json) =>
        `${parent},"Subrequests":[${json},{"sample_interval":7,"RayID":"7a1f7ad4df2f870c","EdgeResponseStatus":1}]}`,
    ]
    const wrapped = fc
      .tuple(fc.oneof(line, fc.constantFrom(...sampleLines.map(String))), fc.constantFrom(...wrappers))
      .map(([json, wrap]) => wrap(json))
    fc.assert(
      fc.property(fc.array(wrapped, { minLength: 1, maxLength: 6 }), (lines) => {
        same(lines.join('\n'))
      }),
      { numRuns: 300 },
    )
  })

  it('of real lines with flipped bits, and bytes put in or taken out', () => {
    const same = pairOfReaders()
    const change = fc.record({
      line: fc.nat(23),
      at: fc.nat(),
      bit: fc.nat(7),
      how: fc.constantFrom('flip', 'take', 'put', 'high'),
      byte: fc.nat(255),
    })
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 20 }), (changes) => {
        const lines = changes.flatMap(({ line: number, at, bit, how, byte }) => {
          const whole = sampleLines[number]
          const i = at % whole.length
          const changed = Buffer.from(whole)
          if (how === 'flip') changed[i] ^= 1 << bit
          if (how === 'high') changed[i] |= 0x80
          if (how === 'put') return [whole, Buffer.concat([whole.subarray(0, i), Buffer.of(byte), whole.subarray(i)])]
          return [whole, how === 'take' ? Buffer.concat([whole.subarray(0, i), whole.subarray(i + 1)]) : changed]
        })
        same(Buffer.concat(lines.flatMap((bytes) => [bytes, Buffer.from('\n')])))
      }),
      { numRuns: 300 },
    )
  })

  it('of bytes that are no text', () => {
    const same = pairOfReaders()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        same(bytes)
      }),
      { numRuns: 250 },
    )
  })

  it('of invalid UTF-8 in values that are kept, hashed and passed over', () => {
    const same = pairOfReaders({ keepQuery: true })
    const name = fc.constantFrom(
      'ClientRequestHost',
      'ClientRequestURI',
      'ClientRequestPath',
      'ClientIP',
      'ClientRequestUserAgent',
      'RayID',
      'Unknown',
      'CacheCacheStatus',
      'ParentRayID',
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.uint8Array({ maxLength: 24 })), { maxLength: 6 }), (values) => {
        const parts = values.map(([key, bytes]) =>
          Buffer.concat([Buffer.from(`"${key}":"`), bytes.filter((b) => b !== 34 && b !== 92), Buffer.from('",')]),
        )
        same(
          Buffer.concat([
            Buffer.from('{'),
            ...parts,
            Buffer.from('"RayID":"7a1f7ad4df2f870a","EdgeResponseStatus":200,"EdgeStartTimestamp":1677821346}\n'),
          ]),
        )
      }),
      { numRuns: 300 },
    )
  })
})
