/** Logpull from a server that behaves as documented, troubles included; in the end there is what was there to be had. */
import { afterEach, describe, expect, it } from 'vitest'
import { logpull } from '../../../ingest/inputs/logpull/index.js'
import type { ConfiguredJob } from '../../../ingest/plugin.js'
import { startService, type TestService } from '../../app/service.js'
import { LogpullServer, logsOf, TOKEN, ZONE, type Fault, type Logs } from './logpull-server.js'
import { expectTruth } from './truth.js'
import { simulatedClock, type SimulatedClock } from './simulated-clock.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const START = Date.UTC(2026, 4, 20)

let server: LogpullServer | undefined
let service: TestService | undefined
afterEach(async () => {
  await service?.stop()
  server?.stop()
  service = server = undefined
})

const job = (more: object = {}): ConfiguredJob => ({
  name: 'logpull',
  input: logpull as ConfiguredJob['input'],
  settings: { zone: ZONE, token: TOKEN, api: server?.url, from: new Date(START).toISOString(), ...more },
})

const state = async () =>
  (await (service as TestService).get('/api/v1/inputs')).body.inputs.find((one: { job: string | null }) => one.job)

/** Every state that it was in, by its code or what it waits for. */
async function ranToEnd(clock: SimulatedClock): Promise<string[]> {
  const seen: string[] = []
  await expect
    .poll(
      async () => {
        const { state: now, code, problem, why } = await state()
        const said = code === null ? why : `${code}: ${problem}`
        if (said !== null && seen.at(-1) !== said) seen.push(said)
        return now === 'waiting' && clock.isOver
      },
      { timeout: 60_000, interval: 20 },
    )
    .toBe(true)
  return seen
}

async function begin(logs: Logs, clock: SimulatedClock, more: object = {}) {
  server = await new LogpullServer(logs, clock.truth).start()
  service = await startService({ jobs: [job(more)], clock, alerting: null })
  return { server, service }
}

describe('a week of Logpull', () => {
  it('ends with the figures of the generator, outage and troubles included', async () => {
    const end = START + 7 * DAY
    const logs = logsOf(START, end - 90 * MINUTE, 8_000)
    const clock = simulatedClock(START + 2 * DAY, end)
    await begin(logs, clock, { window: '1h' })
    const one = server as LogpullServer
    const dead = [START + 4 * DAY, START + 4 * DAY + 10 * HOUR]
    one.isDead = () => clock.truth() >= dead[0] && clock.truth() < dead[1]
    let asked = 0
    const troubles: Fault[] = ['cut', 'error-line', 429, 500, 'half-line', 408, 502, 'html']
    one.onAsk = (when) => {
      if (when === 'asked' && ++asked % 17 === 0) one.faults.push(troubles[(asked / 17) % troubles.length])
    }
    const seen = await ranToEnd(clock)
    await expectTruth(logs.truth, (service as TestService).get)
    expect(one.tooOften).toBe(0)
    expect(seen.join('\n')).toMatch(/Catching up: at 20 May 2026, \S+ UTC, \d+ hours to go/)
    expect(seen.join('\n')).toMatch(/CLOUDFLARE_UNREACHABLE/)
    // where there is much to catch up it asks for an hour at once
    expect(Math.max(...one.asked.map(({ from, to }) => to - from))).toBe(HOUR)
    expect(one.asked.length).toBeLessThan(300)
  }, 90_000)
})

describe('each trouble', () => {
  const end = START + 3 * HOUR
  const logs = logsOf(START, end - 25 * MINUTE, 900)

  it('is told with what to do, and in the end nothing is missing or double', async () => {
    const troubles: [Fault, RegExp][] = [
      ['cut', /^LOGPULL_BROKEN_OFF: .*asked for again, a shorter one/],
      ['half-line', /^LOGPULL_BROKEN_OFF: .*its last line is cut/],
      ['error-line', /^LOGPULL_BROKEN_OFF: .*"Error streaming data\."/],
      [429, /^LOGPULL_TOO_OFTEN: .*15 questions a minute/],
      [408, /^LOGPULL_FAILED: .*HTTP 408/],
      [500, /^LOGPULL_FAILED: .*HTTP 500/],
      ['html', /^LOGPULL_FAILED: .*<html>Bad gateway.*HTTP 502/],
      [401, /^CLOUDFLARE_TOKEN: .*"Authentication error.*Logs Read/],
      ['retention', /^LOGPULL_RETENTION_OFF: .*"bad query: log retention is not turned on.*Turn it on: POST/],
    ]
    const clock = simulatedClock(START, end)
    const one = await begin(logs, clock, { window: '15m' })
    const told: string[] = []
    const { wait } = clock
    clock.wait = async (ms, signal) => {
      const { code, problem } = await state()
      if (code) told.push(`${code}: ${problem}`)
      return wait(ms, signal)
    }
    // each twice in a row, and before anything came as well as in the middle
    one.server.faults = [...troubles, ...troubles].flatMap(([fault]) => [fault, fault, null])
    await ranToEnd(clock)
    for (const [, says] of troubles) expect(told.filter((text) => says.test(text)).length).toBeGreaterThanOrEqual(2)
    expect(JSON.stringify(await state()) + told.join()).not.toContain(TOKEN)
    await expectTruth(logs.truth, (service as TestService).get)
  })

  it('a window that broke off is asked for again in shorter ones', async () => {
    const clock = simulatedClock(START, end + HOUR)
    const { server: one } = await begin(logs, clock, { window: '1h' })
    one.faults = ['cut', 'error-line', 'cut']
    await ranToEnd(clock)
    expect(one.asked.slice(0, 4).map(({ from, to }) => [from, to - from])).toEqual(
      [60, 30, 15, 7.5].map((minutes) => [START, minutes * MINUTE]),
    )
    await expectTruth(logs.truth, (service as TestService).get)
  })

  it('an hour without an answer is caught up with', async () => {
    const clock = simulatedClock(START, end)
    const { server: one } = await begin(logs, clock, { window: '15m' })
    one.isDead = () => clock.truth() > START + HOUR && clock.truth() < START + 2 * HOUR
    expect((await ranToEnd(clock)).join('\n')).toMatch(/CLOUDFLARE_UNREACHABLE: 127\.0\.0\.1.*can't be reached/)
    expect(one.tooOften).toBe(0)
    await expectTruth(logs.truth, (service as TestService).get)
  })

  it.each([
    ['ten minutes ahead', 10 * MINUTE],
    ['thirty days ahead', 30 * DAY],
  ])('a clock that is %s loses nothing', async (_how, off) => {
    const clock = simulatedClock(START, end, off)
    const { server: one } = await begin(logs, clock, { window: '15m' })
    await ranToEnd(clock)
    expect(one.asked[0].from).toBe(START)
    await expectTruth(logs.truth, (service as TestService).get)
  })

  it('what Cloudflare no longer keeps is told, and the rest comes', async () => {
    const clock = simulatedClock(START + 7 * DAY + HOUR, START + 7 * DAY + HOUR + 50 * MINUTE)
    const { server: one } = await begin(logs, clock, { window: '1h' })
    await ranToEnd(clock)
    expect((await state()).why).toMatch(
      /not to be had any more.*20 May 2026, 00:00:00 UTC to 20 May 2026, 01:10:00 UTC/,
    )
    expect(one.asked[0].from).toBe(START + HOUR + 10 * MINUTE)
  })

  it('a share of the requests is asked for, and each record counts for the others', async () => {
    const clock = simulatedClock(START, end + HOUR)
    const { server: one } = await begin(logs, clock, { sampleRate: 0.5, window: '1h' })
    await ranToEnd(clock)
    expect(one.asked[0].sample).toBe('0.5')
    expect((await (service as TestService).get('/api/v1/summary')).body.requests).toBe(2 * logs.truth.visitors)
  })
})
