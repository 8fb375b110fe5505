/** Cost grows straight: the same questions on stores of 1, 10 and 100 million records of three zones and 90 days, and what the service weighs on them. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FOLDER, FULL, made } from './exports.js'
import { serveIn } from './flood/service.js'
import { MAIN } from './intake.js'
import { median, percentile, run } from './processes.js'
import type { Row } from './table.js'

const DAY = 86_400_000
const DAYS = 90
const FROM = Date.UTC(2026, 1, 1)
const TO = FROM + DAYS * DAY
/** Of one length, so that only letters are replaced in what the simulator made. */
const ZONES = ['example.com', 'example.org', 'example.net']
/** Lines of one run of the simulator. */
const PIECE = 1_000_000

/** What is known of a store since it was filled. */
interface Filled {
  records: number
  /** of the first and the last piece */
  firstRate: number
  lastRate: number
  seconds: number
  peakMiB: number
}

export async function* grows(millions: number, asks: number): AsyncGenerator<Row> {
  mkdirSync(FOLDER, { recursive: true })
  const sizes = [1, 10, 100].filter((size) => size <= millions)
  for (const size of sizes.length > 0 ? sizes : [millions]) yield* measured(size, asks)
}

async function* measured(size: number, asks: number): AsyncGenerator<Row> {
  const { folder, filled } = await store(size)
  const name = `${size} million records, ${DAYS} days`
  const row = (what: string, target: string, measured: string, reached?: boolean, note = ''): Row => ({
    what: `${name}: ${what}`,
    target: size === 100 ? target : '',
    measured,
    ratio: '',
    note,
    ...(size === 100 && reached !== undefined && { reached }),
  })
  const bytes = statSync(join(folder, 'flood.sqlite')).size / filled.records
  yield row('disk', '≤ 70 bytes', `${bytes.toFixed(1)} bytes per record`, bytes <= 70)
  yield row(
    'taking in',
    '',
    `${filled.seconds.toFixed(0)} s, peak ${filled.peakMiB.toFixed(0)} MiB`,
    undefined,
    'one ingest from a pipe, the simulator beside it',
  )
  const more = await intoIt(folder)
  yield row(
    'lines/s of 500,000 more against into an empty store',
    '≥ 0.85',
    more.ratio.toFixed(2),
    more.ratio >= 0.85,
    `${more.seconds.toFixed(2)} s`,
  )
  const began = performance.now()
  const served = await serveIn(folder)
  try {
    await (await fetch(served.url)).arrayBuffer()
    const start = (performance.now() - began) / 1000
    yield row('from the start to the first page', '≤ 1 s', `${start.toFixed(2)} s`, start <= 1)
    // the next run finds the store as it was
    const undone = await fetch(`${served.url}/api/v1/batches/${more.batch}`, { method: 'DELETE' })
    if (!undone.ok) throw new Error(`the deletion was answered ${undone.status}`)
    const ask = async (path: string) => {
      const at = performance.now()
      const answer = await fetch(`${served.url}/api/v1/${path}`)
      const body: unknown = await answer.json()
      if (!answer.ok) throw new Error(`${path}: ${JSON.stringify(body)}`)
      return performance.now() - at
    }
    for (const { what, path, target } of QUESTIONS) {
      const first = await ask(path)
      const times: number[] = []
      for (let i = 0; i < asks; i++) times.push(await ask(path))
      const p95 = percentile(times, 0.95)
      yield row(
        what,
        `p95 ≤ ${target} ms`,
        `p95 ${p95.toFixed(1)} ms, median ${median(times).toFixed(1)} ms`,
        p95 <= target,
        `first ${first.toFixed(0)} ms`,
      )
    }
    const spikes = await ask(`spikes?from=${TO - 30 * DAY}&to=${TO}`)
    yield row('spikes of the last 30 days, first asked', '', `${(spikes / 1000).toFixed(1)} s`)
    const peak = Math.max(...served.memory)
    yield row('memory of the service, highest', '≤ 600 MiB', `${peak.toFixed(0)} MiB`, peak <= 600, 'after all of that')
  } finally {
    await served.stop()
  }
}

const all = `from=${FROM}&to=${TO}`
const QUESTIONS = [
  { what: 'by class per day', path: `timeseries?by=class&step=day&${all}`, target: 60 },
  { what: 'by source per hour', path: `timeseries?by=source&step=hour&${all}`, target: 60 },
  { what: 'head figures', path: `summary?${all}`, target: 60 },
  ...['host', 'country', 'colo', 'asn', 'path', 'userAgent', 'clientIp'].map((by) => ({
    what: `by ${by}`,
    path: `breakdown?by=${by}&limit=20&${all}`,
    target: 300,
  })),
]

/** Filled once and kept; a run that was ended leaves none that looks whole. */
async function store(size: number): Promise<{ folder: string; filled: Filled }> {
  const folder = join(FOLDER, `grown-${size}`)
  const said = join(folder, 'filled.json')
  if (existsSync(said)) return { folder, filled: JSON.parse(readFileSync(said, 'utf8')) as Filled }
  const making = `${folder}.making`
  rmSync(making, { recursive: true, force: true })
  mkdirSync(making)
  const filled = await fill(join(making, 'flood.sqlite'), size)
  writeFileSync(join(making, 'filled.json'), JSON.stringify(filled))
  renameSync(making, folder)
  return { folder, filled }
}

async function fill(path: string, size: number): Promise<Filled> {
  const taking = spawn(process.execPath, [MAIN, 'ingest', '-', '--store', `sqlite:${path}`, '--json'], {
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  const ended = new Promise<number | null>((resolve) => taking.on('close', resolve))
  let peakMiB = 0
  const rates: number[] = []
  const began = performance.now()
  const pieces = Math.round((size * 1e6) / PIECE)
  const span = (DAYS * DAY) / pieces
  for (let i = 0; i < pieces; i++) {
    const at = performance.now()
    await simulated(FROM + i * span, FROM + (i + 1) * span, 9_000 + i, ZONES[i % ZONES.length], taking.stdin)
    rates.push(PIECE / ((performance.now() - at) / 1000))
    peakMiB = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${taking.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  }
  taking.stdin.end()
  const status = await ended
  if (status !== 0) throw new Error(`ingest ended with ${status}`)
  const seconds = (performance.now() - began) / 1000
  return { records: pieces * PIECE, firstRate: rates[0], lastRate: rates.at(-1) ?? 0, seconds, peakMiB }
}

/** One piece of the simulator's, moved into a zone, through to who takes it in. */
async function simulated(from: number, to: number, seed: number, zone: string, into: NodeJS.WritableStream) {
  const time = (ms: number) => new Date(ms).toISOString()
  const maker = spawn(
    process.execPath,
    [
      ...[MAIN, 'simulate', '-', '--lines', String(PIECE), '--shape', 'status', '--seed', String(seed)],
      ...['--from', time(from), '--to', time(to)],
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const ended = new Promise<number | null>((resolve) => maker.on('close', resolve))
  let rest = ''
  for await (const chunk of maker.stdout) {
    const text = rest + (chunk as Buffer).toString('latin1')
    // a name may lie across two chunks, but not across two lines
    const end = text.lastIndexOf('\n') + 1
    rest = text.slice(end)
    const moved = Buffer.from(text.slice(0, end).replaceAll(ZONES[0], zone), 'latin1')
    if (!into.write(moved)) await new Promise((resolve) => into.once('drain', resolve))
  }
  const status = await ended
  if (status !== 0) throw new Error(`the simulator ended with ${status}`)
}

/** The export of a day that the store has not, into an empty one and into it. */
async function intoIt(folder: string): Promise<{ ratio: number; seconds: number; batch: string }> {
  const file = await made(FULL)
  const into = async (path: string) => {
    const { stdout } = await run(process.execPath, [MAIN, 'ingest', file, '--store', `sqlite:${path}`, '--json'])
    return JSON.parse(stdout) as { seconds: number; id: string }
  }
  const empty = join(FOLDER, 'grown-empty')
  rmSync(empty, { recursive: true, force: true })
  mkdirSync(empty)
  const before = await into(join(empty, 'f.sqlite'))
  const grown = await into(join(folder, 'flood.sqlite'))
  rmSync(empty, { recursive: true, force: true })
  return { ratio: before.seconds / grown.seconds, seconds: grown.seconds, batch: grown.id }
}
