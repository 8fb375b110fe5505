/**
 * What a flood of values costs: as many hosts, paths, agents and addresses as requests, beside a tenth of real traffic; how
 * long the page's questions take then, and how much memory.
 * `npm run build && npx tsc -p test/bench/store && node dist/test/bench/store/flood.js 1000000`; a second number: spread over so many
 * days; a third argument: only the questions with this text. The store is kept for the next run.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openQuietly } from '../../../app.js'
import { floodLines } from '../../flood.js'

const HOUR = 3_600_000
const FROM = Date.UTC(2026, 4, 4)
const [strange = 1_000_000, days = 1] = process.argv.slice(2).map(Number)
const folder = join(process.env.FAULTLINE_BENCH_DIR ?? tmpdir(), 'faultline-flood')
const store = `sqlite:${join(folder, `${strange}x${days}.sqlite`)}`

async function takeIn() {
  mkdirSync(folder, { recursive: true })
  const started = process.hrtime.bigint()
  for (let day = 0; day < days; day++) {
    const main = spawn(process.execPath, ['dist/main.js', 'ingest', '-', '--store', store, '--json'], {
      stdio: ['pipe', 'ignore', 'inherit'],
    })
    let part = ''
    const from = FROM + day * 24 * HOUR
    const flood = floodLines({ strange: strange / days, real: strange / days / 10, from, to: from + 20 * HOUR })
    for (const line of flood) {
      part += `${line}\n`
      if (part.length < 1_000_000) continue
      if (!main.stdin.write(part)) await once(main.stdin, 'drain')
      part = ''
    }
    main.stdin.end(part)
    await once(main, 'exit')
  }
  console.log(`taken in within ${(Number(process.hrtime.bigint() - started) / 1e9).toFixed(1)} s`)
}

if (!existsSync(store.slice('sqlite:'.length))) await takeIn()
const { app, close } = await openQuietly({ store, mcpWrites: false })
let peak = 0
const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20)
const whole = `from=${FROM}&to=${FROM + days * 24 * HOUR}`
const questions = [
  'summary?',
  ...['host', 'path', 'clientIp', 'userAgent'].map((by) => `breakdown?by=${by}&limit=10&`),
  'breakdown?by=host&limit=10&status=403&',
  'breakdown?by=path&limit=10&host=www.example.com&',
  ...['host', 'path', 'clientIp'].map((by) => `timeseries?by=${by}&step=hour&limit=10&`),
  'timeseries?by=host&step=60000&limit=10&',
  'percentiles?by=host&',
  'percentiles?by=path&step=hour&',
  'values?dimension=host&contains=shop&limit=20&',
  'values?dimension=host&contains=&limit=20&',
  'records?limit=20&',
  'records?limit=20&host=x4fgjb-99.example.com&',
  'spikes?',
].filter((question) => question.includes(process.argv[4] ?? ''))
for (const question of questions) {
  const [times, busy]: number[][] = [[], []]
  let size = 0
  peak = 0
  for (let i = 0; i < 2; i++) {
    const [begun, before] = [process.hrtime.bigint(), process.cpuUsage()]
    const answer = await app.inject({ url: `/api/v1/${question}${whole}` })
    times.push(Number(process.hrtime.bigint() - begun) / 1e6)
    const { user, system } = process.cpuUsage(before)
    busy.push((user + system) / 1e3)
    size = answer.statusCode === 200 ? answer.body.length : answer.statusCode
  }
  console.log(
    question.padEnd(60),
    times.map((ms) => `${ms.toFixed(0)} ms`.padStart(9)).join(),
    `of the processor ${busy.map((ms) => ms.toFixed(0)).join(', ')} ms`,
    `${(peak / 2 ** 20).toFixed(0)} MiB`.padStart(9),
    `${size} bytes`,
  )
}
clearInterval(watch)
await close()
