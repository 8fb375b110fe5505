/** Who is there in a flood: senders of large files, Logpush, people with the page open, and a probe. */
import { Agent, get, type IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Lines } from './lines.js'
import { post, type Answer } from './post.js'

export interface Load {
  /** senders of large files, each one after the other */
  uploads: number
  /** lines of such a file */
  uploadLines: number
  /** posts of Logpush that begin each second, whatever became of those before */
  postsPerSecond: number
  postLines: number
  /** jobs that these come from */
  jobs: number
  /** people who look at the page: each asks for all its figures every `readEveryMs` */
  readers: number
  readEveryMs: number
  /** open streams of events */
  listeners: number
  seconds: number
}

export interface Seen {
  /** ms */
  health: number[]
  queries: number[]
  posts: number[]
  /** lines answered 200 */
  lines: number
  stored: number
  duplicates: number
  accepted: { posts: number; uploads: number }
  refused: { posts: number; uploads: number }
  /** posts that were refused until their sender gave up */
  givenUp: number
  errors: Map<string, number>
  events: number
  /** first line numbers of some posts that were answered 200 */
  sample: number[]
}

/** Lines taken from the world by one request at a time. */
const PIECE_LINES = 500
const TRIES = 8
/** What the page asks for. */
const QUESTIONS = [
  '/api/v1/summary',
  '/api/v1/timeseries?by=class&step=300000',
  '/api/v1/timeseries?by=source&step=300000',
  '/api/v1/breakdown?by=path&limit=10',
  '/api/v1/breakdown?by=host&limit=10',
]

export async function flood(url: string, lines: Lines, load: Load): Promise<Seen> {
  const seen: Seen = {
    health: [],
    queries: [],
    posts: [],
    lines: 0,
    stored: 0,
    duplicates: 0,
    accepted: { posts: 0, uploads: 0 },
    refused: { posts: 0, uploads: 0 },
    givenUp: 0,
    errors: new Map(),
    events: 0,
    sample: [],
  }
  const until = performance.now() + load.seconds * 1_000
  const isOn = () => performance.now() < until
  let next = 1
  const numbers = (count: number) => (next += count) - count
  const note = (what: string) => void seen.errors.set(what, (seen.errors.get(what) ?? 0) + 1)
  const failed = (of: string) => (error: Error) => note(`${of}: ${(error as { code?: string }).code ?? error.message}`)
  const keeping = () => new Agent({ keepAlive: true, maxSockets: 256 })

  /** Until it is taken, or for `TRIES` times. */
  async function deliver(kind: 'posts' | 'uploads', first: number, send: () => Promise<Answer>): Promise<void> {
    for (let tries = 0; ; tries++) {
      const answer = await send()
      if (answer.kind === 'stored') {
        seen.accepted[kind]++
        seen.lines += answer.lines
        seen.stored += answer.stored
        seen.duplicates += answer.duplicates
        if (kind === 'posts') seen.posts.push(answer.ms)
        if (seen.accepted[kind] % 50 === 1) seen.sample.push(first)
        return
      }
      if (answer.kind === 'error') return note(`${kind}: ${answer.what}`)
      seen.refused[kind]++
      if (tries >= TRIES || !isOn()) {
        seen.givenUp++
        return
      }
      await sleep(answer.retryAfterMs * (1 + Math.random() / 2))
    }
  }

  async function uploader(): Promise<void> {
    while (isOn()) {
      const first = numbers(load.uploadLines)
      function* pieces() {
        for (let at = 0; at < load.uploadLines; at += PIECE_LINES)
          yield lines.take(first + at, Math.min(PIECE_LINES, load.uploadLines - at))
      }
      await deliver('uploads', first, () => post(`${url}/api/v1/logs?name=file`, pieces(), { length: null }))
    }
  }

  async function logpush(): Promise<void> {
    const agent = keeping()
    const under: Promise<void>[] = []
    const begun = performance.now()
    for (let sent = 0; isOn();) {
      for (; sent < ((performance.now() - begun) / 1_000) * load.postsPerSecond; sent++) {
        const first = numbers(load.postLines)
        const to = `${url}/api/v1/logs?job=${sent % load.jobs}&input=logpush`
        under.push(
          deliver('posts', first, () => {
            const body = lines.take(first, load.postLines)
            return post(to, [body], { agent, length: body.length })
          }),
        )
      }
      await sleep(5)
    }
    await Promise.all(under)
    agent.destroy()
  }

  async function ask(path: string, agent: Agent, into: number[]): Promise<void> {
    const begun = performance.now()
    await new Promise<void>((resolve, reject) => {
      get(url + path, { agent }, (response) => {
        response.resume()
        response.once('end', () => {
          into.push(performance.now() - begun)
          if (response.statusCode !== 200) note(`${path}: ${response.statusCode}`)
          resolve()
        })
      }).once('error', reject)
    }).catch(failed(path))
  }

  async function probe(): Promise<void> {
    const agent = keeping()
    while (isOn()) {
      await ask('/healthz', agent, seen.health)
      await sleep(20)
    }
    agent.destroy()
  }

  async function reader(n: number): Promise<void> {
    const agent = keeping()
    await sleep((n / load.readers) * load.readEveryMs)
    while (isOn()) {
      const begun = performance.now()
      await Promise.all(QUESTIONS.map((path) => ask(path, agent, seen.queries)))
      await sleep(Math.max(0, load.readEveryMs - (performance.now() - begun)))
    }
    agent.destroy()
  }

  function listener(): Promise<void> {
    return new Promise((resolve) => {
      const out = get(`${url}/api/v1/stream`, (response: IncomingMessage) => {
        if (response.statusCode !== 200) note(`/api/v1/stream: ${response.statusCode}`)
        response.on('data', (chunk: Buffer) => (seen.events += chunk.toString().split('event: ').length - 1))
        response.once('close', () => {
          if (isOn()) note('/api/v1/stream: closed')
          resolve()
        })
        setTimeout(() => out.destroy(), until - performance.now()).unref()
      })
      out.once('error', (error) => {
        if (isOn()) failed('/api/v1/stream')(error)
        resolve()
      })
    })
  }

  const many = (count: number, one: (n: number) => Promise<void>) => Array.from({ length: count }, (_, n) => one(n))
  await Promise.all([
    ...many(load.uploads, uploader),
    ...many(load.readers, reader),
    ...many(load.listeners, listener),
    logpush(),
    probe(),
  ])
  return seen
}
