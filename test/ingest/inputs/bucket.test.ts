/** Buckets: each object once, whatever happens; in the end the figures of the generator. */
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { bucket, prefixesOf } from '../../../ingest/inputs/bucket/index.js'
import { follow, type House } from '../../../ingest/inputs/following.js'
import type { ConfiguredJob } from '../../../ingest/plugin.js'
import { startService, type TestService } from '../../app/service.js'
import { BucketServer, KEY, type BucketFault } from './bucket-server.js'
import { logsOf, type Logs } from './logpull-server.js'
import { simulatedClock, type SimulatedClock } from './simulated-clock.js'
import { expectTruth } from './truth.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const START = Date.UTC(2026, 4, 20)

let server: BucketServer | undefined
let service: TestService | undefined
afterEach(async () => {
  await service?.stop()
  server?.stop()
  service = server = undefined
})

const settings = (more: object = {}) => ({
  url: 's3://logs/http/{DATE}/',
  endpoint: server?.url,
  accessKeyId: KEY.id,
  secretAccessKey: KEY.secret,
  ...more,
})
const job = (more: object = {}): ConfiguredJob => ({
  name: 'bucket',
  input: bucket as ConfiguredJob['input'],
  settings: settings(more),
})

/** Logpush's objects: what came in so long, under the day of its beginning. */
function objectsOf({ received }: Logs, every: number): { key: string; body: Buffer; at: number }[] {
  const parts = new Map<number, string[]>()
  for (const { at, line } of received) {
    const part = Math.floor(at / every) * every
    parts.set(part, [...(parts.get(part) ?? []), line])
  }
  const stamp = (at: number) => new Date(at).toISOString().replaceAll(/[-:]|\.000/g, '')
  return [...parts].map(([at, lines], n) => ({
    key: `http/${stamp(at).slice(0, 8)}/${stamp(at)}_${stamp(at + every)}_${n.toString(16).padStart(8, '0')}.log.gz`,
    body: gzipSync(`${lines.join('\n')}\n`),
    at: at + every,
  }))
}

async function begin(clock: SimulatedClock, more: object = {}): Promise<BucketServer> {
  server = await new BucketServer(clock.truth).start()
  service = await startService({ jobs: [job(more)], clock, alerting: null })
  return server
}

const state = async () =>
  (await (service as TestService).get('/api/v1/inputs')).body.inputs.find((one: { job: string | null }) => one.job)
const over = (clock: SimulatedClock) =>
  expect
    .poll(async () => clock.isOver && (await state()).state === 'waiting', { timeout: 60_000, interval: 20 })
    .toBe(true)
const records = async () => (await (service as TestService).get('/readyz')).body.records as number
const get = (path: string) => (service as TestService).get(path)

describe('a week of a bucket', () => {
  it('ends with the figures of the generator, late hours, an outage and objects written anew included', async () => {
    const end = START + 7 * DAY
    const logs = logsOf(START, end - 5 * HOUR, 6_000)
    const clock = simulatedClock(START, end)
    const one = await begin(clock, { every: '2h' })
    // each fifteenth comes 20 hours late, each tenth is there half before it is whole
    const due = objectsOf(logs, HOUR).flatMap(({ key, body, at }, n) => {
      if (n % 15 === 7) return [{ key, body, at: Math.min(at + 20 * HOUR, end - 3 * HOUR) }]
      const half = gzipSync(Buffer.from(JSON.stringify({ begun: key })))
      return n % 10 === 3
        ? [
            { key, body: half, at },
            { key, body, at: at + 30 * MINUTE },
          ]
        : [{ key, body, at }]
    })
    due.push({ key: 'http/ownership-challenge-5e6f.txt', body: Buffer.from('word'), at: START + HOUR })
    const { wait } = clock
    clock.wait = async (ms, signal) => {
      await wait(ms, signal)
      for (const object of due.filter(({ at }) => at <= clock.truth())) {
        one.put(object.key, object.body, object.at)
        due.splice(due.indexOf(object), 1)
      }
    }
    one.isDead = () => clock.truth() > START + 3 * DAY && clock.truth() < START + 3 * DAY + HOUR
    let asked = 0
    one.fault = () =>
      ++asked % 40 === 0 ? ((['cut', 503, 'gone', 500] as const)[(asked / 40) % 4] as BucketFault) : null
    await over(clock)
    await expectTruth(logs.truth, get)
    // what is remembered is of the last day, not of the week
    const notes = await (service as TestService).store.ledger.checkpoints.page('bucket', { limit: 500, after: null })
    const remembered = notes.items.flatMap(({ value }) => (value as { objects?: string[] }).objects ?? [])
    expect(remembered.length).toBeGreaterThan(10)
    expect(remembered.length).toBeLessThan(130)
  }, 90_000)
})

describe('a bucket', () => {
  const logs = logsOf(START, START + 3 * HOUR, 600)
  const objects = objectsOf(logs, 15 * MINUTE)
  const fill = (one: BucketServer) => {
    for (const { key, body, at } of objects) one.put(key, body, at)
  }
  const clockOfThreeHours = () => simulatedClock(START + 4 * HOUR, START + 4 * HOUR + 30 * MINUTE)

  it('is read by several at once, each object once however often it looks', async () => {
    const clock = clockOfThreeHours()
    const one = await begin(clock, { every: '5m' })
    one.onRead = () => new Promise((resolve) => setTimeout(resolve, 80))
    fill(one)
    await over(clock)
    expect([...one.read].sort()).toEqual(objects.map(({ key }) => key))
    expect(one.lists).toBeGreaterThan(15)
    expect(one.mostAtOnce).toBe(4)
    await expectTruth(logs.truth, get)
  })

  it('an object that is replaced while it is asked for comes as it is then, one that vanishes does not', async () => {
    const clock = clockOfThreeHours()
    const one = await begin(clock, { every: '5m' })
    fill(one)
    const [replaced, gone] = objects
    const line = JSON.stringify({ EdgeStartTimestamp: START / 1000, EdgeResponseStatus: 418, RayID: 'f'.repeat(16) })
    one.onRead = (key) => {
      if (key === replaced.key && one.objects.get(key)?.body === replaced.body)
        one.put(key, gzipSync(line), START + 4 * HOUR)
      if (key === gone.key) one.delete(key)
    }
    await over(clock)
    expect(one.read.filter((key) => key === replaced.key)).toHaveLength(1)
    expect(one.read).not.toContain(gone.key)
    const { rows } = (await get('/api/v1/breakdown?by=status')).body
    expect(rows).toContainEqual(expect.objectContaining({ key: '418', count: 1 }))
  })

  it('trouble is told with what to do, and then nothing is missing', async () => {
    const clock = clockOfThreeHours()
    const one = await begin(clock, { every: '5m' })
    fill(one)
    const told = new Set<string>()
    const { wait } = clock
    clock.wait = async (ms, signal) => {
      const { code, problem } = await state()
      if (code) told.add(`${code}: ${problem}`)
      return wait(ms, signal)
    }
    const ofLists: BucketFault[] = [403, 'NoSuchBucket', 503]
    let cuts = 5
    one.fault = (key) => (key === null ? (ofLists.shift() ?? null) : cuts-- > 0 ? 'cut' : null)
    await over(clock)
    expect([...told].sort()).toEqual([
      expect.stringMatching(/^BUCKET_BROKEN_OFF: s3:\/\/logs\/http\/\S+ broke off/),
      expect.stringMatching(/^BUCKET_BUSY: .*"SlowDown"/),
      expect.stringMatching(/^BUCKET_FORBIDDEN: .*"AccessDenied".*s3:ListBucket/),
      expect.stringMatching(/^BUCKET_MISSING: There is no bucket "logs"/),
    ])
    expect([...told].join()).not.toContain(KEY.secret)
    await expectTruth(logs.truth, get)
  })

  it('what is no log is left out and told', async () => {
    const clock = clockOfThreeHours()
    const one = await begin(clock, { every: '5m' })
    fill(one)
    one.put('http/20260520/firewall.log.gz', gzipSync('{"Action":"block","Datetime":"2026-05-20T00:00:00Z"}\n'))
    one.put('http/20260520/cut.log.gz', objects[0].body.subarray(0, 200))
    one.put('http/20260520/', Buffer.alloc(0))
    const seen: string[] = []
    clock.wait = ((wait) => async (ms: number, signal: AbortSignal) => {
      seen.push((await state()).why ?? '')
      return wait(ms, signal)
    })(clock.wait)
    await over(clock)
    expect(seen.join('\n')).toMatch(/2 are no logs, like s3:\/\/logs\/http\/20260520\/\S+\.log\.gz: /)
    expect(one.read.filter((key) => key.endsWith('firewall.log.gz'))).toHaveLength(1)
    await expectTruth(logs.truth, get)
  })

  it('names of its own are read as the job says, and a sampled job is weighed', async () => {
    const clock = clockOfThreeHours()
    const fields = { EdgeStartTimestamp: 'ts', EdgeResponseStatus: 'status', RayID: 'ray' }
    const one = await begin(clock, { every: '5m', fields, sampleRate: 0.25 })
    one.put(
      'http/20260520/own.json',
      Buffer.from('{"ts":"2026-05-20T01:00:00Z","status":503,"ray":"00000000000000aa"}\n'),
    )
    await over(clock)
    expect((await get('/api/v1/breakdown?by=status')).body.rows).toEqual([
      expect.objectContaining({ key: '503', count: 4 }),
    ])
  })

  it('Parquet is read like lines, again where it broke off, and counts once beside them', async () => {
    const clock = clockOfThreeHours()
    const one = await begin(clock, { every: '5m' })
    for (const name of ['pages-v1.parquet', 'int96.parquet', 'same.ndjson'])
      one.put(`http/20260520/${name}`, readFileSync(new URL(`../../fixtures/parquet/${name}`, import.meta.url)))
    let cuts = 0
    one.fault = (key) => (key?.endsWith('.parquet') && ++cuts <= 2 ? 'cut' : null)
    await over(clock)
    expect(cuts).toBe(4)
    expect((await state()).doing).toMatchObject({ code: 'all-taken', refused: 0 })
    expect(await records()).toBe(40)
    const { duplicates, rejected } = await state()
    expect([duplicates, rejected.lines]).toEqual([80, 0])
  })

  it('crashes before, when and after something is taken lose nothing and count nothing twice', async () => {
    service = await startService({ alerting: null })
    const clock = clockOfThreeHours()
    server = await new BucketServer(clock.truth).start()
    fill(server)
    const { checkpoints } = service.store.ledger
    const left = { 'before it is taken': 3, 'when it is taken': 3, 'when it is noted': 5 }
    const crash = (at: keyof typeof left) => {
      if (left[at]-- === 0) throw new Error('killed')
    }
    const failures: Error[] = []
    const house: House = {
      clock,
      onError: (error) => failures.push(error),
      checkpoints: Object.assign(Object.create(checkpoints), {
        get: checkpoints.get.bind(checkpoints),
        page: checkpoints.page.bind(checkpoints),
        remove: checkpoints.remove.bind(checkpoints),
        put: async (...args: Parameters<House['checkpoints']['put']>) => {
          crash('when it is taken')
          const put = await checkpoints.put(...args)
          crash('when it is noted')
          return put
        },
      }),
      async take(_, bytes) {
        crash('before it is taken')
        const chunks: Uint8Array[] = []
        for await (const chunk of bytes) chunks.push(chunk)
        return (await (service as TestService).post('/api/v1/logs', Buffer.concat(chunks))).body
      },
    }
    const follower = follow('bucket', bucket as ConfiguredJob['input'], settings({ every: '5m' }), house)
    await expect.poll(() => clock.isOver, { timeout: 30_000 }).toBe(true)
    // two that strike at once are told as one
    expect(new Set(failures.map(({ message }) => message))).toEqual(new Set(['killed']))
    expect(Object.values(left).every((n) => n < 0)).toBe(true)
    await expectTruth(logs.truth, get)
    await follower.stop()
  })

  it('with a hundred thousand objects is listed page by page, and only what is new is read', async () => {
    const clock = clockOfThreeHours()
    const one = await begin(clock, { url: 's3://logs/all/', every: '20m', from: '2h' })
    const old = Buffer.from('{}')
    for (let n = 0; n < 100_000; n++) one.put(`all/${String(n).padStart(7, '0')}.log`, old, START)
    for (const { body, at, key } of objects.slice(0, 3)) one.put(`all/${key}`, body, at + 4 * HOUR)
    await over(clock)
    expect(one.lists).toBeGreaterThanOrEqual(101)
    expect(one.read).toHaveLength(3)
    expect(await records()).toBeGreaterThan(0)
  }, 60_000)
})

it('days are listed from the one before the horizon to the one that is about to begin', () => {
  expect(prefixesOf('a/{DATE}/b', Date.UTC(2026, 4, 20, 1), Date.UTC(2026, 4, 21, 23, 30))).toEqual([
    'a/20260519/b',
    'a/20260520/b',
    'a/20260521/b',
    'a/20260522/b',
  ])
  expect(prefixesOf('flat/', 0, DAY)).toEqual(['flat/'])
})
