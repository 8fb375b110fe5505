/** A rule on how long answers take, over real records. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkRule } from '../../../analyze/alerts/rules/check.js'
import { ingest } from '../../../ingest/pipeline.js'
import { DEFAULT_READ_SETTINGS } from '../../../ingest/reader/normalise.js'
import { createReaderPool } from '../../../ingest/reader/pool.js'
import { openStore } from '../../../schema/open-store.js'
import type { Store } from '../../../schema/store/store.js'
import { MINUTE, START, statesOf } from './kit/series.js'

const folder = mkdtempSync(join(tmpdir(), 'faultline-latency-'))
let store: Store

/** 20 answers a minute and host for half an hour; from minute 10 to 19 a quarter of those of one host take 3 s. */
beforeAll(async () => {
  store = await openStore(`sqlite:${join(folder, 'faultline.sqlite')}`)
  const readers = createReaderPool(1)
  const lines: string[] = []
  for (let minute = 0; minute < 30; minute++)
    for (let n = 0; n < 40; n++) {
      const host = n % 2 === 0 ? 'www.example.com' : 'shop.example.com'
      const ms = host === 'www.example.com' && minute >= 10 && minute < 20 && n % 8 === 0 ? 3_000 : 50 + n
      const at = START + minute * MINUTE + n * 1_000
      lines.push(
        JSON.stringify({
          RayID: (0x7000_0000_0000 + minute * 100 + n).toString(16).padStart(16, '0'),
          EdgeStartTimestamp: new Date(at).toISOString(),
          EdgeEndTimestamp: new Date(at + ms + 5).toISOString(),
          ClientRequestHost: host,
          ClientIP: `198.51.100.${n}`,
          EdgeResponseStatus: 200,
          OriginResponseStatus: 200,
          EdgeTimeToFirstByteMs: ms,
          OriginResponseDurationMs: ms - 5,
          CacheCacheStatus: 'dynamic',
          ClientRequestSource: 'eyeball',
        }),
      )
    }
  const bytes = (async function* () {
    yield Buffer.from(`${lines.join('\n')}\n`)
  })()
  await ingest({ origin: { input: 'upload', name: null }, bytes, settings: DEFAULT_READ_SETTINGS }, { store, readers })
  await readers.close()
})
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('latency', () => {
  const expr = { kind: 'latency', percentile: 0.9, window: '2m', above: 1_000, minimum: 10 } as const

  it('fires where the percentile of the window goes above, one alert per host', async () => {
    const by = ['host']
    const one = await statesOf({ expr, by }, store, { minutes: 30, group: ['www.example.com'] })
    // a quarter of the first slow minute is an eighth of its window: more than a tenth
    expect(one).toBe(`${'.'.repeat(10)}${'F'.repeat(11)}${'.'.repeat(9)}`)
    expect(await statesOf({ expr, by }, store, { minutes: 30, group: ['shop.example.com'] })).toBe('.'.repeat(30))
  })

  it('the middle, and what the origin takes, are other questions', async () => {
    const where = { host: 'www.example.com' }
    const middle = { ...expr, where, percentile: 0.5 }
    expect(await statesOf({ expr: middle }, store, { minutes: 30 })).toBe('.'.repeat(30))
    const origin = { ...expr, where, measure: 'origin' as const, above: 2_500, window: '1m' }
    expect(await statesOf({ expr: origin }, store, { minutes: 30 })).toMatch(/^\.{10}F{10}\.{10}$/)
  })

  it('windows that do not go into the minutes asked for hold their last value', async () => {
    const states = await statesOf({ expr: { ...expr, where: { host: 'www.example.com' }, window: '7m' } }, store, {
      minutes: 30,
    })
    // of the first minutes no window has ended
    expect(states).toMatch(/^\?*\.{5,12}F{10,16}\.+$/)
  })

  it('few answers begin nothing', async () => {
    expect(await statesOf({ expr: { ...expr, minimum: 500 } }, store, { minutes: 30 })).toBe('.'.repeat(30))
  })

  it('takes percent and says what is wrong', () => {
    const { rule } = checkRule({ name: 'R', expr: { ...expr, percentile: '95%' } }, 'r')
    expect(rule?.condition).toMatchObject({ percentile: 0.95, measure: 'first-byte', window: 2 * MINUTE, above: 1_000 })
    const { problems } = checkRule({ name: 'R', expr: { ...expr, above: 0, recover: 5, measure: 'rtt' } }, 'r')
    expect(problems.map(({ path }) => path.join('.'))).toEqual(expect.arrayContaining(['expr.above', 'expr.measure']))
  })
})
