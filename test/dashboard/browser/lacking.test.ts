/** What every page says where something is missing: the service, its store, records that went by age, enough to know what is usual. */
import type { Page, Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DAY, MINUTE } from '../../../schema/words/duration.js'
import { startService, type TestService } from '../../app/service.js'
import { hasChromium, launch, settled, shot, type TestBrowser } from './browser.js'
import { ndjson, traffic } from './traffic.js'

const PAGES = [
  '/',
  '/records',
  '/records/9000000000000001',
  '/incidents',
  '/incidents/none',
  '/annotations',
  '/alerts',
  '/alerts/none',
  '/rules',
  '/rules/none',
  '/silences',
  '/notifiers',
  '/notifiers/none',
  '/batches',
  '/batches/none',
  '/inputs',
  '/statuses',
  '/statuses/522',
  '/spikes/none',
  '/explain?range=6h',
  '/access',
]

const unusable = (route: Route) =>
  route.fulfill({
    status: 503,
    json: {
      statusCode: 503,
      code: 'STORE_UNUSABLE',
      error: 'Service Unavailable',
      message: 'Another process holds it.',
    },
  })

describe.skipIf(!hasChromium)('where something is missing', () => {
  const logs = traffic(Date.now())
  let browser: TestBrowser
  let service: TestService
  beforeAll(async () => {
    browser = await launch()
    service = await startService()
  })
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  const open = async (path: string, options = {}): Promise<Page> => {
    const { page } = await browser.open(service.url + path, { quiet: true, ...options })
    await settled(page)
    return page
  }

  it.each([
    ['cannot be reached', (route: Route) => route.abort('connectionrefused'), 'The service cannot be reached'],
    ['cannot use its store', unusable, 'The service could not answer'],
  ])('every page says that the service %s, and none waits for ever', async (_, answer, said) => {
    const { page } = await browser.open('about:blank', { quiet: true })
    await page.route('**/api/v1/**', answer)
    const failed: string[] = []
    for (const path of PAGES) {
      await page.goto(service.url + path)
      await page
        .locator('main .problem', { hasText: said })
        .first()
        .waitFor({ timeout: 5_000 })
        .catch(() => failed.push(`${path} does not say so`))
      await page
        .waitForFunction(() => document.querySelector('main .skeleton') === null, null, { timeout: 5_000 })
        .catch(() => failed.push(`${path} waits`))
    }
    expect(failed).toEqual([])
  })

  it('an empty store asks for logs', async () => {
    const page = await open('/')
    expect(await page.locator('.drop-zone').count()).toBe(1)
  })

  it('too few requests to know are called that, beside the figures and in place of the spikes', async () => {
    const few = logs.lines.slice(-150)
    const { id } = (await service.post('/api/v1/logs?name=few.ndjson', ndjson(few))).body
    const page = await open('/')
    expect(await page.locator('.sentence').textContent()).toContain('Too few requests to say what is usual')
    expect(await page.locator('.sentence.calm').count()).toBe(0)
    expect(await page.locator('.spike-none').textContent()).toBe(
      'No spikes in this rangeToo few requests to say what is usual.',
    )
    await service.send('DELETE', `/api/v1/batches/${id}`)
  })

  it('a calm day is called one with a tick, which goes with the service', async () => {
    const HOURS = 6
    const calm = logs.lines.filter((line, i) => i % 8 === 0 && line.EdgeResponseStatus !== 403)
    const days = Array.from({ length: 9 }, (_, k) =>
      calm.map((line, i) => ({
        ...line,
        RayID: (0xb000_0000_0000 + k * calm.length + i).toString(16).padStart(16, '0'),
        EdgeStartTimestamp: new Date(Date.parse(line.EdgeStartTimestamp) - k * HOURS * 60 * MINUTE).toISOString(),
      })),
    )
    const { id } = (await service.post('/api/v1/logs?name=calm.ndjson', ndjson(days.flat()))).body
    const page = await open('/')
    await page.locator('.sentence.calm', { hasText: 'Nothing unusual in the last 24 hours.' }).waitFor()
    await page.context().setOffline(true)
    await page.keyboard.press('r')
    await page.locator('.sentence', { hasText: /^As of \d\d:\d\d/ }).waitFor()
    expect(await page.locator('.sentence.calm').count()).toBe(0)
    await page.close()
    await service.send('DELETE', `/api/v1/batches/${id}`)
  })

  it.each([
    ['en', 'Where only counts remain', 'Records before'],
    ['fr', 'Là où il ne reste que des décomptes', 'Les enregistrements d’avant le'],
    ['zh', '仅存计数的时段', '之前的记录已过期删除'],
  ])(
    'where counts outlived their records figures stand and nothing is called calm, in %s',
    async (lang, said, gone) => {
      if (lang === 'en') {
        const old = logs.lines.map((line) => ({
          ...line,
          EdgeStartTimestamp: new Date(Date.parse(line.EdgeStartTimestamp) - 3 * DAY).toISOString(),
        }))
        expect((await service.post('/api/v1/logs?name=old.ndjson', ndjson(old))).status).toBe(200)
        const today = Math.floor(logs.from / DAY) * DAY
        await service.store.records.expire({ before: today - DAY, countsBefore: today - 30 * DAY })
        expect((await service.get('/api/v1/summary')).body.extent.records).toBe(0)
      }
      const page = await open(`/?lang=${lang}`)
      expect(await page.locator('.tile-value').first().getAttribute('data-count')).toBe(String(logs.lines.length))
      expect(await page.locator('.sentence').textContent()).toContain(said)
      expect(await page.locator('.sentence.calm, main .problem').count()).toBe(0)
      expect(await page.locator('.spike-none').textContent()).toContain(said)
      // what only records could tell
      expect(await page.locator('.breakdown').nth(1).locator('.gone').textContent()).toContain(gone)
      await shot(page, `gone-${lang}`)
      await page.goto(`${service.url}/records?lang=${lang}`)
      await settled(page)
      expect(await page.locator('.records .none').textContent()).toContain(gone)
    },
  )

  it('a table leads to the time of which there are records', async () => {
    expect((await service.post('/api/v1/logs?name=new.ndjson', ndjson(logs.lines))).status).toBe(200)
    const page = await open('/?range=7d')
    await page.locator('.breakdown').nth(1).locator('.gone .link').click()
    await page.locator('.rows.country .row-pick').first().waitFor()
    const { searchParams } = new URL(page.url())
    expect(Date.parse(searchParams.get('to') ?? '')).toBeGreaterThan(logs.to - MINUTE)
    expect(await page.locator('.gone').count()).toBe(0)
  })

  it('a phone shows the beginning of a long sentence, and all of it to who asks', async () => {
    const page = await open('/?range=6h&lang=fr', { viewport: { width: 320, height: 700 } })
    const text = page.locator('.sentence p')
    const hidden = () => text.evaluate((p) => p.scrollHeight - p.clientHeight)
    expect(await hidden()).toBeGreaterThan(10)
    await page.getByRole('button', { name: 'Lire la suite' }).click()
    await expect.poll(hidden).toBeLessThan(3)
    await shot(page, 'phone-whole-sentence')
  })
})
