/** `faultline report`: a page without a service, and nothing left behind. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'
import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createDetector } from '../../analyze/spikes/detect-thread.js'
import { createSpikeService } from '../../analyze/spikes/service.js'
import { reportCsv } from '../../analyze/standalone/csv.js'
import { reportHtml } from '../../analyze/standalone/html.js'
import { makeReport } from '../../analyze/standalone/make.js'
import { reportMarkdown } from '../../analyze/standalone/markdown.js'
import { readLogs } from '../../ingest/read-logs.js'
import { StandaloneReportSchema, type StandaloneReport } from '../../schema/api/standalone-report.js'
import { openStore } from '../../schema/open-store.js'
import { loadCatalogue } from '../../schema/status/catalogue.js'
import { SPEECH, type Language } from '../../schema/words/languages.js'
import { chromiumPath, hasChromium } from '../dashboard/browser/browser.js'
import { count, ndjson, traffic, type Line } from '../dashboard/browser/traffic.js'
import { ended, faultline, newFolder, start } from './command.js'

// each test starts several processes
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const HOSTILE = '/<script>alert(1)</script>"&\u202e|`*'
const FORMULA = '=HYPERLINK("http://198.51.100.7","x")'
const { lines, incident } = traffic(Date.UTC(2026, 4, 20, 12))
const broken: Line[] = lines.slice(0, 40).map((line, i) => ({
  ...line,
  RayID: (0xa000_0000_0000 + i).toString(16).padStart(16, '0'),
  EdgeResponseStatus: 500,
  OriginResponseStatus: 500,
  ClientRequestPath: HOSTILE,
  ClientRequestUserAgent: FORMULA,
}))
const all = [...lines, ...broken]

const folder = newFolder()
const file = join(folder, 'day.ndjson')
const temporary = join(folder, 'tmp')
const env = { TMPDIR: temporary }
const inFolder = (name: string) => join(folder, name)
const read = (name: string) => readFileSync(inFolder(name), 'utf8')

beforeAll(() => {
  mkdirSync(temporary)
  writeFileSync(file, ndjson(all))
})

/** The same logs, taken in by this process. */
async function inLanguage(lang: Language): Promise<StandaloneReport> {
  const store = await openStore(`sqlite:${inFolder(`${lang}.sqlite`)}`)
  const detector = createDetector()
  try {
    const reading = {
      sampleRate: 1,
      keepQuery: false,
      clientAddresses: 'whole',
      dropClientIp: false,
      orangeToOrange: 'visitor',
      store: store.url,
    } as const
    const taken = await readLogs([file], store, reading, false)
    const catalogue = loadCatalogue()
    const spikes = createSpikeService({ store, catalogue, run: detector.run, band: detector.band })
    return await makeReport(taken, lang, { store, spikes, catalogue, now: Date.now() })
  } finally {
    await detector.close()
    await store.close()
  }
}

const report = (...args: string[]) => faultline(['report', file, ...args], { env })
const leftBehind = () => [...readdirSync(temporary), ...readdirSync(folder).filter((name) => name.endsWith('.part'))]

describe('a report', () => {
  let json: StandaloneReport

  beforeAll(async () => {
    expect(await report('-o', inFolder('report.json'))).toMatchObject({ status: 0, stderr: '', stdout: '' })
    json = JSON.parse(read('report.json'))
  })

  it('is what its schema says, with the figures that one counts by hand', () => {
    expect([...Compile(StandaloneReportSchema).Errors(json)]).toEqual([])
    const statuses = count(all, (line) => line.EdgeResponseStatus)
    expect(json.summary.requests).toBe(all.length)
    expect(json.summary.byClass['4xx']).toBe((statuses.get('403') ?? 0) + (statuses.get('404') ?? 0))
    expect(json.clients).toBe(count(all, (line) => String(line.ClientIP)).size)
    const table = json.breakdowns.find(({ of, dimension }) => of === 'errors' && dimension === 'status')
    for (const { key, count: n } of table?.rows ?? []) expect([key, n]).toEqual([key, statuses.get(key)])
    const charted = json.charts.classes.series.flatMap(({ points }) => points)
    expect(charted.reduce((sum, [, n]) => sum + n, 0)).toBe(all.length)
  })

  it('tells the spike with its cause, what to check, and the rule by its description', () => {
    const [spike] = json.spikes.spikes
    expect(spike).toMatchObject({ status: 403, source: 'edge', start: new Date(incident.from).toISOString() })
    expect(spike.causes[0]).toMatchObject({ id: '403/waf-managed-rule' })
    const rules = json.breakdowns.find(({ dimension }) => dimension === 'securityRuleId')
    expect(rules?.rows.map(({ label }) => label)).toContain('XSS, HTML Injection')
  })

  it('says what the export lacks, in the language of the report', async () => {
    const spoils = (one: StandaloneReport) =>
      one.taken.missingFields.find(({ field }) => field === 'EdgePathingOp')?.spoils
    expect(spoils(json)).toMatch(/^[a-z]/)
    expect(spoils(await inLanguage('zh'))).toMatch(/\p{Script=Han}/u)
  })

  it('comes as Markdown and CSV, in which nothing of a log line is markup or a formula', () => {
    expect(reportMarkdown(json, 'en')).toContain('\\<script\\>')
    expect(reportMarkdown(json, 'en')).not.toContain('<script>')
    expect(reportCsv(json)).toContain(`"'=HYPERLINK(""http`)
    expect(reportCsv(json)).not.toMatch(/(^|,)"?[=+@]/m)
  })

  it('reads stdin, and is short in a terminal, with small charts', async () => {
    const { status, stdout } = await faultline(['report', '-'], { env, input: ndjson(all) })
    expect(status).toBe(0)
    expect(stdout).toMatch(/[▁▂▃▄▅▆▇█]{20}/)
    expect(stdout).toContain('check first')
    expect(stdout).not.toContain('\u202e')
  })

  it('says of logs of nothing that there is nothing', async () => {
    const empty = await faultline(['report', '-', '-o', inFolder('empty.html')], { env, input: '' })
    expect(empty).toMatchObject({ status: 0, stdout: '' })
    expect(read('empty.html')).toContain('There is no record in these logs.')
  })
})

describe('its exit status', () => {
  it('1 where lines or files were refused, said on the page or on stderr', async () => {
    const bad = inFolder('bad.ndjson')
    writeFileSync(bad, `${ndjson(lines.slice(0, 50))}{"broken\n`)
    const some = await faultline(['report', bad, '-o', inFolder('some.html')], { env })
    expect(some.status).toBe(1)
    expect(read('some.html')).toContain('bad.ndjson:51')
    const picture = inFolder('picture.ndjson')
    writeFileSync(picture, Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 1, 2, 3]))
    const none = await faultline(['report', picture, '-o', inFolder('none.html')], { env })
    expect(none.status).toBe(1)
    expect(none.stderr).toContain('picture.ndjson')
    expect(readdirSync(folder)).not.toContain('none.html')
  })
  it.each([
    ['no path', ['report'], 2],
    ['an unknown format', ['report', file, '--format', 'pdf'], 2],
    ['an unknown language', ['report', file, '--lang', 'de'], 2],
    ['no such file', ['report', inFolder('nowhere.ndjson')], 3],
    ['a folder as the file to write', ['report', file, '-o', temporary], 3],
    ['a file in no folder', ['report', file, '-o', inFolder('no/where.html')], 3],
  ])('%s: %j → %i', async (_, args, status) => {
    const ends = await faultline(args, { env })
    expect(ends).toMatchObject({ status, stdout: '' })
    expect(ends.stderr).not.toBe('')
  })
})

describe('nothing is left behind', () => {
  it('after whatever went before', () => expect(leftBehind()).toEqual([]))

  it.each(['SIGINT', 'SIGTERM'] as const)('after %s, and what stood there before still does', async (signal) => {
    const target = inFolder('before.html')
    writeFileSync(target, 'before')
    const child = start(['report', '-', '-o', target], env)
    const end = ended(child)
    child.stdin?.on('error', () => {})
    child.stdin?.write(ndjson(lines.slice(0, 2_000)))
    await vi.waitFor(() => expect(readdirSync(temporary)).toHaveLength(1), { timeout: 30_000 })
    child.kill(signal)
    expect((await end).status).toBe({ SIGINT: 130, SIGTERM: 143 }[signal])
    expect(leftBehind()).toEqual([])
    expect(readFileSync(target, 'utf8')).toBe('before')
  })
})

describe.skipIf(!hasChromium)('its page in a browser without a network', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] })
  })
  afterAll(() => browser.close())

  it.each([
    ['en', 'What stands out', 'light', 1200],
    ['fr', 'Ce qui sort de l’ordinaire', 'dark', 1200],
    ['zh', '异常之处', 'light', 390],
  ] as const)('in %s: asks for nothing, runs nothing, fits the screen, prints', async (lang, heading, theme, width) => {
    const name = `report-${lang}.html`
    writeFileSync(inFolder(name), reportHtml(await inLanguage(lang), lang))
    const context = await browser.newContext({
      offline: true,
      colorScheme: theme,
      viewport: { width, height: 900 },
    })
    const page = await context.newPage()
    const asked: string[] = []
    const complaints: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    page.on('console', (message) => complaints.push(message.text()))
    page.on('dialog', (dialog) => {
      complaints.push(dialog.message())
      void dialog.dismiss()
    })
    await page.goto(`file://${inFolder(name)}`)
    expect(asked).toHaveLength(1)
    expect(complaints).toEqual([])
    expect(await page.locator('script, link, img, iframe, object').count()).toBe(0)
    await page.getByRole('heading', { name: heading }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe(SPEECH[lang].page)
    expect(await page.getByRole('img').count()).toBe(4)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
    expect(await page.locator('td', { hasText: '<script>alert(1)</script>' }).count()).toBeGreaterThan(0)
    expect(await page.textContent('body')).not.toContain('\u202e')
    // light on dark, dark on light
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    expect(ground).toBe(theme === 'dark' ? 'rgb(17, 18, 22)' : 'rgb(255, 255, 255)')
    const pdf = await page.pdf()
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    await context.close()
  })
})
