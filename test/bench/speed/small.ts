/** Small and first: a file of 10 MB, the first page, and batches of Logpush, each of a thousand lines, at a steady rate. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { FOLDER, FULL, made } from './exports.js'
import { linesOf, PAGE } from './flood/lines.js'
import { post, type Answer } from './flood/post.js'
import { serveIn } from './flood/service.js'
import { fresh, ours } from './intake.js'
import { median, percentile } from './processes.js'
import type { Row } from './table.js'

const SMALL_BYTES = 10_000_000
/** Posts a second, one after the other; the last is what was to be reached. */
const RATES = [10, 25, 50, 100, 200]
const SECONDS = 10
const LINES = 1_000

export async function* small(rounds: number): AsyncGenerator<Row> {
  const whole = readFileSync(await made(FULL)).subarray(0, SMALL_BYTES)
  const file = join(FOLDER, 'small.ndjson')
  writeFileSync(file, whole.subarray(0, whole.lastIndexOf(10) + 1))
  const taken = []
  for (let i = 0; i < rounds; i++) taken.push(await ours(file)())
  const seconds = median(taken.map((one) => one.seconds))
  yield {
    what: 'ingest of 10 MB, start of the process included',
    target: '≤ 0.6 s',
    measured: `${seconds.toFixed(2)} s`,
    ratio: '',
    note: `${median(taken.map((one) => one.cpuSeconds)).toFixed(2)} s of the processor`,
    reached: seconds <= 0.6,
  }
  const starts: number[] = []
  for (let i = 0; i < rounds; i++) {
    const folder = fresh()
    const began = performance.now()
    const service = await serveIn(folder)
    await (await fetch(service.url)).arrayBuffer()
    starts.push((performance.now() - began) / 1000)
    await service.stop()
    rmSync(folder, { recursive: true })
  }
  yield {
    what: 'serve, from the start to the first page',
    target: '≤ 0.5 s',
    measured: `${median(starts).toFixed(2)} s`,
    ratio: '',
    note: 'an empty store',
    reached: median(starts) <= 0.5,
  }
  yield* posts()
}

async function* posts(): AsyncGenerator<Row> {
  const lines = linesOf(await made({ ...PAGE, name: 'small-page', shape: 'status' }))
  const folder = fresh()
  const service = await serveIn(folder)
  const agent = new Agent({ keepAlive: true })
  let next = 0
  const send = (): Promise<Answer> => {
    const body = lines.take(next, LINES)
    next += LINES
    return post(`${service.url}/api/v1/logs`, [body], { agent, length: body.length })
  }
  try {
    // what is compiled while it runs is no matter of a batch
    for (let i = 0; i < 20; i++) await send()
    for (const rate of RATES) {
      const answers: Promise<Answer>[] = []
      const began = performance.now()
      for (let i = 0; i < rate * SECONDS; i++) {
        const wait = began + (i * 1000) / rate - performance.now()
        if (wait > 0) await sleep(wait)
        answers.push(send())
      }
      const all = await Promise.all(answers)
      const took = (performance.now() - began) / 1000
      const times = all.flatMap((one) => (one.kind === 'stored' ? [one.ms] : []))
      const [p95, middle] = times.length === 0 ? [Infinity, Infinity] : [percentile(times, 0.95), median(times)]
      const errors = all.filter((one) => one.kind === 'error').length
      if (errors > 0)
        throw new Error(`${errors} posts failed: ${JSON.stringify(all.find((one) => one.kind === 'error'))}`)
      yield {
        what: `posts of ${LINES.toLocaleString('en')} lines, ${rate} a second`,
        target: rate === RATES.at(-1) ? 'p95 ≤ 30 ms' : '',
        measured: `p95 ${p95.toFixed(0)} ms, median ${middle.toFixed(0)} ms`,
        ratio: '',
        note: `${times.length} taken, ${all.length - times.length} refused, ${((times.length * LINES) / took / 1000).toFixed(0)},000 lines/s; sender and service share the cores`,
        ...(rate === RATES.at(-1) && { reached: p95 <= 30 && times.length === all.length }),
      }
    }
  } finally {
    agent.destroy()
    await service.stop()
    rmSync(folder, { recursive: true })
  }
}
