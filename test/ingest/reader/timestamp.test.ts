import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTimestamp } from '../../../ingest/reader/timestamp.js'

const iso = (value: unknown) => {
  const ms = parseTimestamp(value)
  return ms === null ? null : new Date(ms).toISOString()
}

describe('timestamps', () => {
  it.each<[unknown, string | null]>([
    ['2023-03-03T05:29:06Z', '2023-03-03T05:29:06.000Z'],
    ['2023-03-03T05:29:06.000Z', '2023-03-03T05:29:06.000Z'],
    ['2023-03-03T05:29:06.999999999Z', '2023-03-03T05:29:06.999Z'],
    ['2023-03-03T05:29:06.5Z', '2023-03-03T05:29:06.500Z'],
    ['2023-03-03T07:29:06+02:00', '2023-03-03T05:29:06.000Z'],
    ['2023-03-03T01:59:06-0330', '2023-03-03T05:29:06.000Z'],
    ['2022-05-07 18:53:12', '2022-05-07T18:53:12.000Z'],
    [1653485126, '2022-05-25T13:25:26.000Z'],
    ['1653485126', '2022-05-25T13:25:26.000Z'],
    [1653485126.123, '2022-05-25T13:25:26.123Z'],
    [1653485126123, '2022-05-25T13:25:26.123Z'],
    ['1653485126123456', '2022-05-25T13:25:26.123Z'],
    ['1653485126000000000', '2022-05-25T13:25:26.000Z'],
    ['1712790000123999999', '2024-04-10T23:00:00.123Z'],
    [' 1653485126 ', '2022-05-25T13:25:26.000Z'],
    ['', null],
    [null, null],
    [undefined, null],
    [0, null],
    ['0', null],
    [-5, null],
    [true, null],
    [{}, null],
    ['yesterday', null],
    ['2023-02-31T00:00:00Z', null],
    ['2023-13-01T00:00:00Z', null],
    ['1987-01-01T00:00:00Z', null],
    ['2023-03-03', null],
    [Number.NaN, null],
    [1e300, null],
  ])('%j is %s', (value, expected) => expect(iso(value)).toBe(expected))

  it('nanoseconds as text keep the millisecond, always', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1_200_000_000_000, max: 4_000_000_000_000 }),
        fc.integer({ min: 0, max: 999_999 }),
        (ms, rest) => {
          expect(parseTimestamp(`${ms}${String(rest).padStart(6, '0')}`)).toBe(ms)
        },
      ),
    )
  })
})
