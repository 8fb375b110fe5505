/**
 * `npm run bench -- flood [--minutes N]`: 64 uploads, several hundred posts of Logpush a second, 50 readers and 50 listeners at
 * once, all on this machine with the service, and afterwards whether what was answered 200 is stored, once.
 */
import { rmSync } from 'node:fs'
import { made } from './exports.js'
import { flood, type Load } from './flood/load.js'
import { wrongAfter } from './flood/check.js'
import { linesOf, PAGE, type Lines } from './flood/lines.js'
import { post } from './flood/post.js'
import { serveIn, type Served } from './flood/service.js'
import { fresh } from './intake.js'
import { median, percentile } from './processes.js'
import type { Row } from './table.js'

const LOAD: Omit<Load, 'seconds'> = {
  uploads: 64,
  uploadLines: 20_000,
  postsPerSecond: 400,
  postLines: 20,
  jobs: 20,
  readers: 50,
  readEveryMs: 5_000,
  listeners: 50,
}

/** Lines of the upload that has the service to itself. */
const QUIET_LINES = 300_000
/** Beyond the numbers of the flood. */
const QUIET_FIRST = 2 ** 40

export async function floods(minutes: number): Promise<Row[]> {
  const lines = linesOf(await made(PAGE))
  const quiet = await quietRate(lines)
  const folder = fresh()
  const service = await serveIn(folder)
  try {
    const use = processorUse(service)
    const seen = await flood(service.url, lines, { ...LOAD, seconds: minutes * 60 })
    const { seconds, shares, ofService } = use()
    const wrong = await wrongAfter(service.url, seen)
    const peak = Math.max(...service.memory)
    const third = Math.floor(service.memory.length / 3)
    const growth = median(service.memory.slice(-third)) / median(service.memory.slice(third, -third))
    const rate = seen.lines / seconds
    const ms = (values: number[], p: number) => (values.length === 0 ? Infinity : Math.round(percentile(values, p)))
    const row = (what: string, target: string, measured: string, reached: boolean, note = ''): Row => ({
      what: `flood: ${what}`,
      target,
      measured,
      ratio: '',
      note,
      reached,
    })
    const errors = [...seen.errors].map(([what, n]) => `${n} × ${what}`)
    return [
      row(
        '/healthz',
        'p99 ≤ 100 ms',
        `p99 ${ms(seen.health, 0.99)} ms`,
        ms(seen.health, 0.99) <= 100,
        `${seen.health.length} asks`,
      ),
      row(
        'dashboard queries',
        'p95 ≤ 1 s',
        `p95 ${ms(seen.queries, 0.95)} ms`,
        ms(seen.queries, 0.95) <= 1_000,
        `${seen.queries.length} queries`,
      ),
      row(
        'accepted posts of Logpush',
        'p95 ≤ 2 s',
        `p95 ${ms(seen.posts, 0.95)} ms`,
        ms(seen.posts, 0.95) <= 2_000,
        `${seen.accepted.posts} posts, ${seen.accepted.uploads} uploads`,
      ),
      row(
        'memory',
        'below 600 MB, flat',
        `peak ${Math.round(peak * 1.048576)} MB`,
        peak * 1.048576 < 600 && growth < 1.15,
        `last third against the one before: ${growth.toFixed(2)}`,
      ),
      row(
        'refusals, announced',
        '',
        `${seen.refused.posts} posts, ${seen.refused.uploads} uploads`,
        true,
        `given up after eight tries or at the end: ${seen.givenUp}`,
      ),
      row('errors but refusals', '0', String(errors.length), errors.length === 0, errors.join(', ')),
      row(
        'lines a second, against one quiet upload',
        '≥ 0.70',
        `${Math.round(rate).toLocaleString('en')} against ${Math.round(quiet.rate).toLocaleString('en')}: ${(rate / quiet.rate).toFixed(2)}`,
        rate / quiet.rate >= 0.7,
        `${seen.events} events heard; of one core ${shares}, at the quiet upload ${quiet.shares}; lines for each second of the service's processor: ${thousands(seen.lines / ofService)} against ${thousands(quiet.lines / quiet.ofService)}`,
      ),
      row(
        'lost or doubled of what was answered 200',
        '0',
        wrong.length === 0 ? '0' : wrong.join('; '),
        wrong.length === 0,
        `${seen.stored.toLocaleString('en')} records`,
      ),
    ]
  } finally {
    await service.stop()
    rmSync(folder, { recursive: true })
  }
}

const thousands = (n: number) => `${Math.round(n / 1_000)} thousand`

/** Begins to count the processor's time; what it gives says how much of it there was until then. */
function processorUse(service: Served): () => { seconds: number; shares: string; ofService: number } {
  const begun = performance.now()
  const used = process.cpuUsage()
  const before = service.processor()
  return () => {
    const seconds = (performance.now() - begun) / 1_000
    const { user, system } = process.cpuUsage(used)
    const ofService = service.processor() - before
    const share = (time: number) => `${Math.round((time / seconds) * 100)} %`
    return {
      seconds,
      ofService,
      shares: `the service had ${share(ofService)}, the senders ${share((user + system) / 1e6)}`,
    }
  }
}

/** Lines a second of one upload that nobody disturbs. */
async function quietRate(lines: Lines): Promise<{ rate: number; lines: number; shares: string; ofService: number }> {
  const folder = fresh()
  const service = await serveIn(folder)
  try {
    const send = async (first: number, count: number) => {
      function* pieces() {
        for (let at = 0; at < count; at += 500) yield lines.take(first + at, 500)
      }
      const answer = await post(`${service.url}/api/v1/logs`, pieces(), { length: null })
      if (answer.kind !== 'stored') throw new Error(`the quiet upload was not taken: ${JSON.stringify(answer)}`)
      return { lines: answer.lines, rate: (answer.lines / answer.ms) * 1_000 }
    }
    await send(QUIET_FIRST, 20_000)
    const use = processorUse(service)
    return { ...(await send(QUIET_FIRST + 20_000, QUIET_LINES)), ...use() }
  } finally {
    await service.stop()
    rmSync(folder, { recursive: true })
  }
}
