import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { afterEach, afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startService, type TestService } from '../../app/service.js'
import { hasChromium, launch, settled, shot, type TestBrowser } from './browser.js'
import { ndjson, traffic } from './traffic.js'

/** Longer than any news of an upload is on its way, ms: spikes are looked for at most every 15 s. */
const quietMs = 20_000

describe.skipIf(!hasChromium)('uploading', () => {
  let browser: TestBrowser
  let service: TestService
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser?.close())
  beforeEach(async () => {
    service = await startService()
  })
  afterEach(() => service.stop())

  const choose = async (page: Page, ...names: string[]): Promise<void> =>
    page
      .locator('input[type=file]')
      .first()
      .setInputFiles(names.map((n) => join(service.folder, n)))
  const write = (name: string, body: string | Uint8Array): void => writeFileSync(join(service.folder, name), body)
  const finished = async (page: Page): Promise<void> => {
    await page.waitForFunction(
      () =>
        document.querySelector('.dock li') &&
        !document.querySelector('.upload.sending, .upload.waiting, .upload.finishing'),
    )
  }

  it('starts from an empty page that says how, and ends with figures', async () => {
    const { page, complaints } = await browser.open(service.url)
    await settled(page)
    expect(await page.locator('.drop-zone h1').textContent()).toContain('Drop your Cloudflare logs')
    expect(await page.locator('.ways').textContent()).toContain('main.js ingest')
    await shot(page, 'empty')
    const { lines } = traffic(Date.now())
    write('a.ndjson', ndjson(lines.slice(0, 5000)))
    write('b.ndjson.gz', gzipSync(ndjson(lines.slice(5000))))
    await choose(page, 'a.ndjson', 'b.ndjson.gz')
    await finished(page)
    await settled(page)
    expect(await page.locator('.upload.done').count()).toBe(2)
    expect(await page.locator('.dock').textContent()).toContain('5,000 requests stored')
    expect(await page.locator('.tile-value').first().getAttribute('data-count')).toBe(String(lines.length))
    expect(await page.locator('[role=status]').last().textContent()).toMatch(/[ab]\.ndjson.*requests stored/)
    await shot(page, 'uploaded')
    // told where it was asked for, it covers nothing of the next page
    await page.locator('.top nav a[href^="/records"]').click()
    await page.locator('.dock').waitFor({ state: 'detached' })
    expect(complaints).toEqual([])
  })

  it('asks for spikes, and for what its charts are of, once when one has ended', async () => {
    const { page } = await browser.open(`${service.url}/?range=24h`)
    await settled(page)
    const { lines } = traffic(Date.now())
    await service.post('/api/v1/logs', ndjson(lines.slice(0, 3000)))
    await page.locator('.tile-value').first().filter({ hasText: /\d/ }).waitFor()
    // what that upload made the page and the service do is over: news of spikes come within seconds
    await page.waitForTimeout(quietMs)
    await settled(page)
    const asked: string[] = []
    page.on('request', (request) => {
      const { pathname, searchParams } = new URL(request.url())
      asked.push(pathname.replace('/api/v1/', '') + (searchParams.get('by') ? ` by ${searchParams.get('by')}` : ''))
    })
    write('rest.ndjson', ndjson(lines.slice(3000)))
    await choose(page, 'rest.ndjson')
    await finished(page)
    await page.waitForTimeout(quietMs)
    const times = (question: string): number => asked.filter((one) => one === question).length
    expect([times('spikes'), times('summary'), times('timeseries by class')], asked.join('\n')).toEqual([1, 1, 1])
  })

  it('takes files dropped anywhere, and jumps to old data by itself', async () => {
    const { page } = await browser.open(service.url)
    await settled(page)
    const old = ndjson(
      [1, 2, 3].map((n) => ({
        EdgeStartTimestamp: `2023-03-03T05:2${n}:06Z`,
        EdgeResponseStatus: 200,
        RayID: `7a1f7ad4df2f870${n}`,
        ClientRequestHost: 'www.example.com',
      })),
    )
    const transfer = await page.evaluateHandle((body) => {
      const data = new DataTransfer()
      data.items.add(new File([body], 'old.ndjson'))
      return data
    }, old)
    await page.dispatchEvent('body', 'dragenter', { dataTransfer: transfer })
    expect(await page.locator('.drop-over').isVisible()).toBe(true)
    await page.dispatchEvent('body', 'drop', { dataTransfer: transfer })
    await finished(page)
    await settled(page)
    expect(await page.locator('.drop-over').count()).toBe(0)
    // figures of another range are blank until theirs have come
    await page.locator('.tile-value').first().filter({ hasText: /\d/ }).waitFor()
    expect(await page.locator('.tile-value').first().textContent()).toBe('3')
    expect(await page.locator('.range .control-text').textContent()).toBe('All data 3 Mar 2023, 05:21–05:24')
    expect(await page.locator('.notes').textContent()).toContain('nobody can tell who answered')
  })

  it('reports rejected lines and missing fields in words, and gives them for download', async () => {
    const { page } = await browser.open(service.url)
    await settled(page)
    write(
      'mixed.ndjson',
      `${ndjson([{ EdgeStartTimestamp: new Date().toISOString(), EdgeResponseStatus: 200, RayID: '7a1f7ad4df2f870a' }])}not json\n{"foo":1}\n`,
    )
    await choose(page, 'mixed.ndjson')
    await finished(page)
    expect(await page.locator('.upload-facts').textContent()).toMatch(
      /1 request stored · 2 lines rejected · \d+ fields missing/,
    )
    await page.locator('.upload-links a').click()
    await settled(page)
    const text = (await page.locator('main').textContent()) ?? ''
    for (const words of [
      'not JSON',
      'another dataset',
      'look at what wrote the file',
      'OriginResponseStatus',
      'nobody can tell the edge from the origin without it',
      '{"foo":1}',
    ])
      expect(text).toContain(words)
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('a[download]').click()])
    const saved = join(service.folder, 'saved.ndjson')
    await download.saveAs(saved)
    expect(
      readFileSync(saved, 'utf8')
        .trim()
        .split('\n')
        .map((l) => JSON.parse(l).line),
    ).toEqual([2, 3])
  })

  it('says what is wrong with a file that holds no logs', async () => {
    const { page } = await browser.open(service.url, { quiet: true })
    await settled(page)
    write('table.csv', 'a,b,c\n1,2,3\n')
    await choose(page, 'table.csv')
    await page.locator('.upload.failed').waitFor()
    expect(await page.locator('.upload-problem').textContent()).toMatch(/CSV/)
  })

  it('takes a batch out again after saying what will go', async () => {
    const { body } = await service.post('/api/v1/logs?name=x.ndjson', ndjson(traffic(Date.now()).lines.slice(0, 100)))
    const { page, complaints } = await browser.open(`${service.url}/batches/${body.id}`)
    await settled(page)
    await page.locator('.danger.control').click()
    expect(await page.locator('dialog').textContent()).toContain('100 requests')
    await page.keyboard.press('Escape')
    await page.locator('dialog').waitFor({ state: 'detached' })
    expect(new URL(page.url()).pathname).toBe(`/batches/${body.id}`)
    await page.locator('.danger.control').click()
    await page.locator('dialog .primary').click()
    await page.locator('text=100 requests removed').waitFor()
    expect((await service.get('/api/v1/summary')).body.extent.records).toBe(0)
    expect(complaints).toEqual([])
  })

  it('can be cancelled while it runs', async () => {
    const { page } = await browser.open(service.url)
    await settled(page)
    // slowed down, so that there is something to cancel
    const session = await page.context().newCDPSession(page)
    await session.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: 200_000,
    })
    write('long.ndjson', ndjson(traffic(Date.now()).lines))
    await choose(page, 'long.ndjson')
    await page.locator('.upload.sending').waitFor()
    await page.locator('.upload-name button').click()
    await page.locator('.upload.cancelled').waitFor()
    expect(await page.locator('.upload-facts').textContent()).toContain('Cancelled')
  })
})
