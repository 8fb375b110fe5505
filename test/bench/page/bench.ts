/**
 * `npm run bench:page [-- --lines N] [--loads N] [--updates N] [--uploads N] [--only heap,upload]`: what a reader of the first page waits for, in a real
 * Chromium on a service over a day of simulated logs. Prints lines of a table. `--only heap` looks at nothing but the heap of
 * the page over its live updates (1,000 unless told), `--only upload` at nothing but a file of 1.1 GB that goes through the page.
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core'
import { uploads, type Uploaded } from './upload.js'

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '1000000' },
    loads: { type: 'string', default: '7' },
    updates: { type: 'string', default: '1000' },
    uploads: { type: 'string', default: '3' },
    only: { type: 'string', default: 'loads,heap,upload' },
  },
})
const lines = Number(values.lines)
const updates = Number(values.updates)
const wants = (part: string) => values.only.split(',').includes(part)
const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const FOLDER = process.env.FAULTLINE_BENCH_DIR ?? join(tmpdir(), 'faultline-bench')
const MAIN = join(ROOT, 'dist/main.js')

/** Times of the page itself, ms since its address was opened; filled by `watch` within it. */
interface Seen {
  words: number | null
  chart: number | null
  shift: number
  longest: number
}

/** Runs in the page before anything of it does. */
function watch(): void {
  const seen: Seen = { words: null, chart: null, shift: 0, longest: 0 }
  Object.assign(globalThis, { seen })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[])
      if (!entry.hadRecentInput) seen.shift += entry.value
  }).observe({ type: 'layout-shift', buffered: true })
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration)
  }).observe({ type: 'longtask', buffered: true })
  const look = (): void => {
    if (seen.words === null && (document.querySelector('.sentence p')?.textContent ?? '') !== '')
      seen.words = performance.now()
    const canvas = document.querySelector<HTMLCanvasElement>('.by-class canvas')
    if (seen.words !== null && canvas && canvas.width > 0) {
      const { data } = (canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(
        0,
        0,
        canvas.width,
        canvas.height,
      )
      if (data.some((byte) => byte !== 0)) {
        seen.chart = performance.now()
        return
      }
    }
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}

const seenOn = (page: Page): Promise<Seen> => page.evaluate(() => (globalThis as unknown as { seen: Seen }).seen)
const calm = (page: Page) =>
  page.waitForFunction(() => document.querySelector('main .skeleton, main [aria-busy="true"]') === null, null, {
    // a service that is cold, on a machine with other work
    timeout: 120_000,
  })
const middle = (all: number[]): number => [...all].sort((a, b) => a - b)[all.length >> 1]
const say = (what: string, target: string, measured: string, note = '') =>
  process.stdout.write(`| ${what} | ${target} | ${measured} | ${note} |\n`)

/** A store of a day that ends now: it is made anew each time, or "the last 24 hours" would be empty tomorrow. */
function made(): string {
  mkdirSync(FOLDER, { recursive: true })
  const store = join(FOLDER, `page-${Date.now()}.sqlite`)
  const line = `"${process.execPath}" "${MAIN}" simulate - --lines ${lines} --shape status | "${process.execPath}" "${MAIN}" ingest - --store "sqlite:${store}"`
  execFileSync('sh', ['-c', line], { stdio: ['ignore', 'ignore', 'inherit'] })
  if (!existsSync(store)) throw new Error(`${store} was not made`)
  return store
}

async function loads(browser: Browser, url: string): Promise<void> {
  const all: Seen[] = []
  for (let i = 0; i < Number(values.loads); i++) {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.addInitScript(watch)
    await page.goto(url)
    await page.waitForFunction(() => (globalThis as unknown as { seen: Seen }).seen.chart !== null)
    await calm(page)
    all.push(await seenOn(page))
    await page.close()
  }
  const of = (key: 'words' | 'chart' | 'shift' | 'longest') => all.map((one) => one[key] ?? Number.NaN)
  const figures = (key: 'words' | 'chart') => {
    const ms = of(key)
    return `${(middle(ms) / 1000).toFixed(2)} s, slowest ${(Math.max(...ms) / 1000).toFixed(2)} s`
  }
  const note = `${all.length} loads, nothing cached in the browser; the first finds the service cold`
  say('first words of the page', '≤ 0.8 s', figures('words'), note)
  say('first chart drawn', '≤ 1.2 s', figures('chart'), '')
  say('layout shift while it loads (CLS)', '≤ 0.01', Math.max(...of('shift')).toFixed(4), 'the worst')
}

/** More columns than the page asks for by itself: the answers are replaced on their way. */
async function redraws(browser: Browser, url: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  const to = Date.now()
  const from = to - 400 * 86_400_000
  let round = 0
  await page.route('**/api/v1/timeseries?*', async (route) => {
    const width = (to - from) / 1440
    const keys = ['2xx', '3xx', '4xx', '499', '5xx', 'other', 'more', 'still more']
    const series = keys.map((key, k) => ({
      key,
      points: Array.from({ length: 1440 }, (_, i) => [from + i * width, 100 + ((i * (k + 3) + round) % 97)]),
    }))
    round += 1
    await route.fulfill({ json: { step: 'day', series, excluded: 0 } })
  })
  await page.addInitScript(watch)
  await page.goto(`${url}/?view=all&from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`)
  await page.waitForFunction(() => (globalThis as unknown as { seen: Seen }).seen.chart !== null)
  await calm(page)
  await page.evaluate(() => {
    ;(globalThis as unknown as { seen: Seen }).seen.longest = 0
  })
  for (let i = 0; i < 20; i++) {
    await page.keyboard.press(i % 2 === 0 ? 'r' : 'v')
    await page.waitForTimeout(300)
    await calm(page)
  }
  const { longest } = await seenOn(page)
  say(
    'longest block of the main thread by a redraw, 1,440 columns of 8 series',
    '≤ 100 ms',
    longest === 0 ? '< 50 ms' : `${Math.round(longest)} ms`,
    '20 redraws, two such charts; the page itself asks for at most 450 columns',
  )
  await page.close()
}

interface Used {
  /** MiB; `own`: without compiled code, which grows while the engine finds out what is hot, and without what the browser keeps for its tools */
  all: number
  own: number
}

const NOT_OWN = new Set(['code', 'native', 'synthetic'])

async function ownBytes(devtools: CDPSession): Promise<number> {
  const chunks: string[] = []
  const hear = ({ chunk }: { chunk: string }): void => void chunks.push(chunk)
  devtools.on('HeapProfiler.addHeapSnapshotChunk', hear)
  await devtools.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  devtools.off('HeapProfiler.addHeapSnapshotChunk', hear)
  const { nodes, snapshot } = JSON.parse(chunks.join('')) as {
    nodes: number[]
    snapshot: { meta: { node_fields: string[]; node_types: [string[]] } }
  }
  const { node_fields: fields, node_types: types } = snapshot.meta
  const size = fields.indexOf('self_size')
  let bytes = 0
  for (let at = 0; at < nodes.length; at += fields.length)
    if (!NOT_OWN.has(types[0][nodes[at]])) bytes += nodes[at + size]
  return bytes
}

async function heap(browser: Browser, url: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  const devtools = await page.context().newCDPSession(page)
  await page.goto(url)
  await calm(page)
  const used = async (): Promise<Used> => {
    await devtools.send('HeapProfiler.collectGarbage')
    const all = (await devtools.send('Runtime.getHeapUsage')).usedSize / 2 ** 20
    return { all, own: (await ownBytes(devtools)) / 2 ** 20 }
  }
  const early = Math.max(1, Math.round(updates / 10))
  let before: Used = { all: 0, own: 0 }
  for (let i = 1; i <= updates; i++) {
    const line = {
      EdgeStartTimestamp: new Date().toISOString(),
      EdgeResponseStatus: i % 9 === 0 ? 404 : 200,
      RayID: i.toString(16).padStart(16, 'f'),
    }
    await fetch(`${url}/api/v1/logs`, { method: 'POST', body: `${JSON.stringify(line)}\n` })
    // the page asks by itself once a second; the key asks at once
    await page.keyboard.press('r')
    await calm(page)
    if (i === early) before = await used()
  }
  const after = await used()
  say(
    `heap of the page after ${updates} live updates, against that after ${early}`,
    '≤ 1.10',
    (after.own / before.own).toFixed(2),
    `${before.own.toFixed(1)} and ${after.own.toFixed(1)} MiB; with what V8 compiled meanwhile ${before.all.toFixed(1)} and ${after.all.toFixed(1)}`,
  )
  await page.close()
}

function sayUploads(all: Uploaded[]): void {
  const of = (key: keyof Uploaded) => middle(all.map((one) => one[key]))
  const speed = middle(all.map((one) => one.command / one.page))
  const note = `${all.length} rounds; ${of('page').toFixed(1)} s through the page, ${of('command').toFixed(1)} s by ingest`
  say(
    `upload of ${Math.round(of('megabytes')).toLocaleString('en')} MB through the page, of the speed of ingest`,
    '≥ 0.7',
    speed.toFixed(2),
    note,
  )
  say(
    '… memory of the service, at its highest',
    '≤ 400 MB',
    `${Math.round(Math.max(...all.map((one) => one.peakMb)))} MB`,
  )
}

const store = made()
const service = spawn(
  process.execPath,
  [MAIN, 'serve', '--port', '0', '--log-level', 'warn', '--store', `sqlite:${store}`],
  {
    stdio: ['ignore', 'pipe', 'inherit'],
  },
)
try {
  const url = await new Promise<string>((resolve, reject) => {
    service.stdout.on('data', (text) => {
      const found = /on (http:\/\/\S+)/.exec(String(text))?.[1]
      if (found) resolve(found)
    })
    service.once('exit', (code) => reject(new Error(`the service ended with ${code}`)))
  })
  const executablePath =
    process.env.CHROMIUM ??
    execFileSync('sh', ['-c', 'command -v chromium-headless-shell || command -v chromium'], { encoding: 'utf8' }).trim()
  const browser = await chromium.launch({
    executablePath,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  })
  try {
    if (wants('loads')) {
      await loads(browser, url)
      await redraws(browser, url)
    }
    if (updates > 0 && wants('heap')) await heap(browser, url)
    if (wants('upload')) sayUploads(await uploads(browser, MAIN, FOLDER, Number(values.uploads)))
  } finally {
    // one that stays open keeps this process waiting
    await browser.close()
  }
} finally {
  // what the last page asked is worked on a little longer: closed at once, the service would tell what it could not answer
  await new Promise((done) => setTimeout(done, 5_000))
  if (service.exitCode === null) {
    const gone = once(service, 'exit')
    service.kill()
    await gone
  }
  for (const suffix of ['', '-wal', '-shm', '.key']) rmSync(`${store}${suffix}`, { force: true })
}
