/** How the inputs are: what came, what is missing, what to do, over HTTP and for Prometheus, on a store as it rests. */
import { REJECTION_NAMES } from '../../schema/words/rejections.js'
import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { InputHealth, Inputs } from '../../schema/api/inputs.js'
import { HOUR, MINUTE } from '../../schema/words/duration.js'
import { needs } from '../needs.js'
import { startService, type TestService } from './service.js'

let service: TestService
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service?.stop())

let ray = 0
const line = (at: number, more: object = {}) =>
  JSON.stringify({
    EdgeStartTimestamp: new Date(at).toISOString(),
    EdgeResponseStatus: 200,
    RayID: (++ray).toString(16).padStart(16, '0'),
    ClientRequestHost: 'www.example.com',
    ...more,
  })

/** Six records a minute from … to, as Logpush posts them. */
async function deliver(from: number, to: number, parameters = 'job=www'): Promise<string> {
  const lines: string[] = []
  for (let at = from; at < to; at += 10_000) lines.push(line(at))
  const body = `${lines.join('\n')}\n`
  const { status } = await post(body, parameters)
  expect(status).toBe(200)
  return body
}

const post = (body: string, parameters = 'job=www') =>
  service.post(`/api/v1/logs?${parameters}`, body, { 'user-agent': 'Go-http-client/2.0' })

const inputs = async (lang = 'en') => (await service.get(`/api/v1/inputs?lang=${lang}`)).body as Inputs
const jobOf = (answer: Inputs, job: string | null, name = 'logpush') =>
  answer.inputs.find((one) => one.name === name && one.job === job) as InputHealth

it('tells minutes that never came, by job, and that the rest is complete', async () => {
  const now = Math.floor(Date.now() / MINUTE) * MINUTE
  await deliver(now - 6 * HOUR, now - 3 * HOUR)
  await deliver(now - 2.5 * HOUR, now - 10_000)
  // another zone's records in the hole hide nothing
  await deliver(now - 6 * HOUR, now - 10_000, 'job=shop')
  const answer = await inputs()
  const www = jobOf(answer, 'www')
  expect(www.gaps).toEqual([
    { from: new Date(now - 3 * HOUR).toISOString(), to: new Date(now - 2.5 * HOUR).toISOString() },
  ])
  expect(www).toMatchObject({ state: 'working', live: true, batches: 2, retries: 0, duplicates: 0 })
  expect(www.advice.map(({ id }) => id)).toEqual(['gaps', 'late', 'fields'])
  expect(jobOf(answer, 'shop').gaps).toEqual([])
  expect(jobOf(answer, null)).toBeUndefined()
  expect(answer.completeTo).toBe(answer.watermark)
  expect(Date.parse(answer.completeTo as string)).toBeGreaterThan(now - HOUR)
})

it('tells a job that fell silent, and that logs are complete up to there only', async () => {
  const now = Math.floor(Date.now() / MINUTE) * MINUTE
  await deliver(now - 6 * HOUR, now - HOUR, 'job=quiet')
  const answer = await inputs()
  const www = jobOf(answer, 'quiet')
  expect(www.state).toBe('silent')
  expect(www.since).toBe(new Date(now - HOUR).toISOString())
  expect(www.advice[0]).toMatchObject({ id: 'silent', serious: true })
  expect(answer.completeTo).toBe(www.since)
  for (const lang of ['en', 'fr', 'zh']) {
    const { advice } = jobOf(await inputs(lang), 'quiet')
    for (const { symptom, cause, todo } of advice)
      for (const text of [symptom, cause, todo]) {
        expect(text).not.toMatch(/undefined|NaN|null/)
        if (lang === 'fr') expect(text).not.toMatch(/[ \u00a0][:;!?»]|«[ \u00a0]/)
        if (lang === 'zh') expect(text).toMatch(/\p{Script=Han}/u)
      }
  }
})

it('counts what was sent again, what was known, what was refused and why, and what is missing for which figures', async () => {
  const now = Date.now()
  const bodies: string[] = []
  for (let i = 6; i > 0; i--) bodies.push(await deliver(now - i * MINUTE, now - (i - 1) * MINUTE, 'job=twice'))
  await post(bodies[0], 'job=twice')
  await post(`${line(now - 1000)}\n{"QueryName":"a.example"}\nnot json\n`, 'job=twice')
  const www = jobOf(await inputs(), 'twice')
  expect(www).toMatchObject({ batches: 8, retries: 1, duplicates: 6, interrupted: 0 })
  expect(www.rejected.lines).toBe(2)
  expect(www.rejected.byReason['not-json']).toBe(1)
  expect(www.missingFields.map(({ field }) => field)).toContain('OriginResponseStatus')
  expect(www.lagMs?.p50).toBeGreaterThan(MINUTE)
  expect(www.lagMs?.p95).toBeLessThan(7 * MINUTE)
  expect(www.recordsPerMinute).toBeGreaterThan(30)
  expect(www.advice.map(({ id }) => id)).toEqual(['rejected', 'retries', 'fields'])
  // why is told in the reader's words, not by the names that the API has for it
  for (const [lang, reason] of Object.entries(REJECTION_NAMES['not-json'])) {
    const [{ symptom }] = jobOf(await inputs(lang), 'twice').advice
    expect(symptom).toContain(reason)
    expect(symptom).not.toContain('not-json')
  }
})

it('forgets a batch that is taken out, and lists inputs that brought nothing', async () => {
  const now = Date.now()
  await deliver(now - 5 * MINUTE, now, 'job=gone')
  const before = jobOf(await inputs(), 'gone')
  expect(before.batches).toBe(1)
  await service.send('DELETE', `/api/v1/batches/${before.lastBatch}`)
  const after = await inputs()
  expect(jobOf(after, 'gone')).toBeUndefined()
  expect(jobOf(after, null, 'upload')).toMatchObject({ state: 'ready', lastBatchAt: null, advice: [] })
})

it.skipIf(!needs('promtool', 'prometheus'))('is told to Prometheus in words that it accepts', async () => {
  const now = Date.now()
  await deliver(now - 5 * MINUTE, now, 'job=watched')
  const text = (await service.get('/metrics')).body as string
  expect(text).toContain('faultline_input_state{input="logpush",job="watched",state="working"} 1')
  expect(text).toMatch(/faultline_input_lag_seconds\{input="logpush",job="watched",percentile="95"\} [\d.]+/)
  expect(text).toMatch(/faultline_complete_to_timestamp_seconds 1[\d.e+]+/)
  const check = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' })
  expect(check.stdout + check.stderr).toBe('')
})
