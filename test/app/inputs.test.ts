/** Inputs: which there are, and what keeps those going that fetch by themselves: here from a server that has its troubles. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Type } from 'typebox'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FetchError, type FetchingInput, type FetchJob } from '../../ingest/inputs/input.js'
import { INPUTS } from '../../ingest/inputs/index.js'
import { follow, type Follower, type House } from '../../ingest/inputs/following.js'
import type { Doing } from '../../schema/words/doing.js'
import type { WaitingClock } from '../../schema/runtime/clock.js'
import { INPUTS as WORDS } from '../../schema/words/inputs.js'
import { startService, type TestService } from './service.js'

const LINES = 500
const PIECE = 40

/** A server that gives numbered lines a piece at a time, and fails as it is told. */
let server: Server
let url: string
/** what the next requests get in place of lines, one each */
let troubles: ((socket: { destroy(): void }) => { status: number; headers?: { [name: string]: string } } | null)[]
let asked = 0

beforeEach(async () => {
  troubles = []
  asked = 0
  server = createServer((request, response) => {
    asked++
    const trouble = troubles.shift()?.(request.socket)
    if (trouble === null) return
    if (trouble) return void response.writeHead(trouble.status, trouble.headers).end()
    const from = Number(new URL(request.url as string, url).searchParams.get('from'))
    for (let n = from; n < Math.min(LINES, from + PIECE); n++) response.write(line(n))
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

let service: TestService | undefined
afterEach(async () => {
  await service?.stop()
  service = undefined
  server.closeAllConnections()
  server.close()
})

const line = (n: number) =>
  `${JSON.stringify({
    EdgeStartTimestamp: new Date(Date.UTC(2026, 4, 20) + n * 1000).toISOString(),
    EdgeResponseStatus: 200,
    RayID: n.toString(16).padStart(16, '0'),
  })}\n`

/** The whole of an input: what is asked, where it is up to, when to look again. */
const numbered: FetchingInput = {
  kind: 'fetching',
  settings: Type.Object({ url: Type.String() }),
  jobOf: (settings) => (settings as { url: string }).url,
  async next(settings, job: FetchJob) {
    const from = (job.checkpoint as number | null) ?? 0
    const answer = await fetch(`${(settings as { url: string }).url}/?from=${from}`, { signal: job.signal }).catch(
      (cause) => {
        throw new FetchError('UNREACHABLE', 'The server does not answer. Is it running?', { cause })
      },
    )
    if (answer.status === 429)
      throw new FetchError('BUSY', 'Too often.', { retryMs: Number(answer.headers.get('retry-after')) * 1_000 })
    if (answer.status === 403)
      throw new FetchError('FORBIDDEN', 'The token may not read. Give another.', { lasting: true })
    const bytes = new Uint8Array(await answer.arrayBuffer())
    if (bytes.length === 0) return { ms: 60_000, doing: WAITING }
    const report = await job.take(`from ${from}`, oneChunk(bytes))
    await job.remember(from + report.lines)
    return { ms: 0, doing: WAITING }
  },
}

const WAITING: Doing = { code: 'followed', files: 2, unfinished: [], refused: [], unreadable: [] }

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** Time that passes when it is waited for; says what was waited. */
function quickClock(): WaitingClock & { waited: number[] } {
  let now = Date.UTC(2026, 4, 21)
  const waited: number[] = []
  return {
    waited,
    now: () => now,
    monotonic: () => now,
    async wait(ms, signal) {
      waited.push(ms)
      now += ms
      // what is waited for when everything was fetched ends with the test
      if (ms === 60_000) await new Promise((resolve) => signal.addEventListener('abort', resolve))
    },
  }
}

const stored = async () => (await (service as TestService).get('/readyz')).body.records as number
const states = async () =>
  (await (service as TestService).get('/api/v1/inputs')).body.inputs as {
    name: string
    job: string | null
    state: string
    why: string
    code: string
    problem: string
    until: string
  }[]

async function start(clock: WaitingClock, settings: unknown = { url }) {
  service = await startService({ jobs: [{ name: 'logpush', input: numbered, settings }], clock })
}

describe('the inputs', () => {
  it('are those of the list, each with its code', async () => {
    service = await startService()
    const { body } = await service.get('/api/v1/inputs')
    // one that fetches is listed by what it was told to fetch
    const waiting = WORDS.filter(({ name }) => INPUTS[name].kind !== 'fetching')
    expect(body.inputs.map((one: { name: string }) => one.name).sort()).toEqual(waiting.map(({ name }) => name).sort())
    expect(Object.keys(INPUTS).sort()).toEqual(WORDS.map(({ name }) => name).sort())
    expect(body.inputs[0]).toMatchObject({ state: 'ready', job: null })
  })
})

describe('an input that fetches', () => {
  it('fetches all there is, then waits and says for what', async () => {
    await start(quickClock())
    await expect.poll(stored, { timeout: 20_000 }).toBe(LINES)
    await expect
      .poll(async () => (await states()).find((one) => one.job === url))
      .toMatchObject({ name: 'logpush', state: 'waiting', doing: WAITING, why: 'Waits for new lines in 2 files.' })
    const { body } = await (service as TestService).get('/api/v1/inputs?lang=fr')
    expect(body.inputs.find((one: { job: string }) => one.job === url).why).toBe(
      'Attend de nouvelles lignes dans 2 fichiers.',
    )
  })

  it('meets trouble at growing distances, heeds the other side, says what to do, and misses nothing', async () => {
    const hangUp = (socket: { destroy(): void }) => {
      socket.destroy()
      return null
    }
    troubles = [
      hangUp,
      hangUp,
      hangUp,
      () => ({ status: 429, headers: { 'retry-after': '90' } }),
      () => ({ status: 403 }),
    ]
    const clock = quickClock()
    const seen: string[] = []
    const { wait } = clock
    clock.wait = async (ms, signal) => {
      if (ms !== 60_000)
        seen.push(
          ...(await states()).filter((one) => one.state === 'failing').map((one) => `${one.code}: ${one.problem}`),
        )
      return wait(ms, signal)
    }
    await start(clock)
    await expect.poll(stored, { timeout: 20_000 }).toBe(LINES)
    expect(seen).toEqual([
      ...Array(3).fill('UNREACHABLE: The server does not answer. Is it running?'),
      'BUSY: Too often.',
      'FORBIDDEN: The token may not read. Give another.',
    ])
    const [first, second, third, told, lasting] = clock.waited
    for (const [ms, about] of [
      [first, 1_000],
      [second, 2_000],
      [third, 4_000],
      [lasting, 300_000],
    ]) {
      expect(ms / about).toBeGreaterThanOrEqual(0.8)
      expect(ms / about).toBeLessThanOrEqual(1.2)
    }
    expect(told).toBe(90_000)
  })

  it('goes on where it was after a stop, and asks for nothing twice', async () => {
    service = await startService()
    const { house, run } = directly(service)
    const first = run(house)
    await expect.poll(stored, { timeout: 20_000 }).toBeGreaterThan(2 * PIECE)
    await first.stop()
    expect(first.state).toEqual({ state: 'stopped' })
    const already = await stored()
    asked = 0
    const second = run(house)
    await expect.poll(stored, { timeout: 20_000 }).toBe(LINES)
    expect(asked).toBeLessThanOrEqual((LINES - already) / PIECE + 2)
    await second.stop()
  })

  it.each(['before it is taken', 'when it is taken', 'when it is remembered'])(
    'a crash %s loses nothing and counts nothing twice',
    async (moment) => {
      service = await startService()
      const { house, run } = directly(service)
      let left = 4
      const crashing: House = {
        ...house,
        checkpoints: Object.assign(Object.create(house.checkpoints), {
          get: house.checkpoints.get.bind(house.checkpoints),
          put: async (...args: Parameters<House['checkpoints']['put']>) => {
            if (moment === 'when it is taken' && left-- === 0) throw new Error('killed')
            const put = await house.checkpoints.put(...args)
            if (moment === 'when it is remembered' && left-- === 0) throw new Error('killed')
            return put
          },
        }),
        take: async (...args) => {
          if (moment === 'before it is taken' && left-- === 0) throw new Error('killed')
          return house.take(...args)
        },
      }
      let failed = 0
      const follower = run({ ...crashing, onError: () => void failed++ })
      await expect.poll(stored, { timeout: 20_000 }).toBe(LINES)
      await expect.poll(() => follower.state.state).toBe('waiting')
      expect(failed).toBe(1)
      const { batches } = (await service.get('/api/v1/batches?limit=500')).body as { batches: { stored: number }[] }
      expect(batches.reduce((sum, batch) => sum + batch.stored, 0)).toBe(LINES)
      await follower.stop()
    },
  )

  it('two that fetch the same are told so, and nothing is counted twice', async () => {
    service = await startService()
    const { house, run } = directly(service)
    const followers = [run(house), run(house)]
    const problems = new Set<string>()
    await expect
      .poll(
        async () => {
          for (const { state } of followers) if (state.state === 'failing') problems.add(state.code)
          return stored()
        },
        { timeout: 20_000, interval: 2 },
      )
      .toBe(LINES)
    expect([...problems].filter((code) => code !== 'FETCHED_TWICE')).toEqual([])
    await Promise.all(followers.map((one) => one.stop()))
    expect(await stored()).toBe(LINES)
  })

  it('does not begin with settings that are none', () => {
    expect(() => follow('logpush', numbered, { url: 5 }, {} as House)).toThrow(/settings of input logpush.*url/)
  })
})

/** Without the service's own followers. */
function directly({ store, url: address }: TestService): { house: House; run: (house: House) => Follower } {
  const house: House = {
    checkpoints: store.ledger.checkpoints,
    async take(origin, bytes) {
      const chunks: Uint8Array[] = []
      for await (const chunk of bytes) chunks.push(chunk)
      const answer = await fetch(`${address}/api/v1/logs?name=${encodeURIComponent(origin.name ?? '')}`, {
        method: 'POST',
        body: Buffer.concat(chunks),
      })
      return (await answer.json()) as Awaited<ReturnType<House['take']>>
    },
    clock: quickClock(),
    onError: () => {},
  }
  return { house, run: (given) => follow('logpush', numbered, { url }, given) }
}
