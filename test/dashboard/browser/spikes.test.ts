import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startService, type TestService } from '../../app/service.js'
import { hasChromium, launch, settled, shot, type TestBrowser } from './browser.js'
import { ndjson, traffic } from './traffic.js'

/** What a reader of each language must find: words of the page itself, and of the service's sentence. */
const WORDS = {
  en: { spikes: 'Spikes', likely: 'Most likely cause', check: 'Check first', status: 'Documented causes' },
  fr: { spikes: 'Pics', likely: 'Cause la plus probable', check: 'À vérifier d’abord', status: 'Causes documentées' },
  zh: { spikes: '突增', likely: '最可能的原因', check: '首先检查', status: '有文档记载的原因' },
}

describe.skipIf(!hasChromium)('a spike', () => {
  let browser: TestBrowser
  let service: TestService
  beforeAll(async () => {
    service = await startService()
    await service.post('/api/v1/logs', ndjson(traffic(Date.now()).lines))
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  it.each(['en', 'fr', 'zh'] as const)('is annotated on the chart and explained on its page in %s', async (lang) => {
    const { page, complaints } = await browser.open(`${service.url}/?lang=${lang}`)
    await settled(page)
    const words = WORDS[lang]
    expect(await page.locator('html').getAttribute('lang')).toMatch(lang)
    expect(await page.locator('.spike-list h2').textContent()).toBe(words.spikes)
    const { body } = await service.get(`/api/v1/spikes?lang=${lang}`)
    const spike = body.spikes.find((s: { status: number }) => s.status === 403)
    expect(await page.locator('.sentence p').textContent()).toBe(spike.summary)
    const mark = page.locator('.spike-mark').first()
    expect(await mark.textContent()).toContain('403')
    await mark.focus()
    expect(await page.locator('.spike-tip').first().isVisible()).toBe(true)
    await shot(page, `spike-on-chart-${lang}`)
    await mark.click()
    await settled(page)
    expect(new URL(page.url()).pathname).toBe(`/spikes/${spike.id}`)
    const text = (await page.locator('main').textContent()) ?? ''
    for (const word of [
      words.likely,
      words.check,
      spike.causes[0].title,
      spike.causes[0].check[0],
      spike.causes[0].evidence[0].text,
    ])
      expect(text).toContain(word)
    // what a rule is called before what it is numbered
    if (lang === 'en') expect(text).toContain('“XSS, HTML Injection” (f00dfeed')
    await shot(page, `spike-${lang}`)
    // Esc closes things; it never leaves the page
    await page.keyboard.press('Escape')
    expect(new URL(page.url()).pathname).toBe(`/spikes/${spike.id}`)
    await page.locator('.page-head button').first().click()
    await page.waitForFunction(() => location.pathname === '/')
    expect(complaints).toEqual([])
  })

  it.each(['status=403', 'class=4xx', 'source=edge', 'not.status=404', 'securityAction=block'])(
    'is told under filters that choose it (%s) as without, and under others is not',
    async (chosen) => {
      const { body } = await service.get('/api/v1/spikes')
      const spike = body.spikes.find((s: { status: number }) => s.status === 403)
      const { page, complaints } = await browser.open(`${service.url}/?${chosen}`)
      await settled(page)
      expect(await page.locator('.sentence p').textContent()).toBe(spike.summary)
      expect(await page.locator('.spike-card b').allTextContents()).toEqual(
        body.spikes.map((s: { status: number }) => String(s.status)),
      )
      expect(await page.locator('.spike-mark').first().textContent()).toContain('403')
      await page.goto(`${service.url}/?class=499&lang=fr`)
      await settled(page)
      expect(await page.locator('.spike-card').count()).toBe(0)
      expect(await page.locator('.spike-none').textContent()).toContain('Toutes les requêtes ont été examinées')
      expect(complaints).toEqual([])
    },
  )

  it('leads to its own requests and to what its status means', async () => {
    const { page } = await browser.open(`${service.url}/`)
    await settled(page)
    await page.locator('.spike-card').first().click()
    await settled(page)
    await page.locator('.page-head a.control').click()
    await settled(page)
    const params = new URL(page.url()).searchParams
    expect([params.get('status'), params.get('source'), params.get('path')]).toEqual(['403', 'edge', '/checkout'])
    expect(
      Number(((await page.locator('.tile-value').first().textContent()) ?? '').replace(/\D/g, '')),
    ).toBeGreaterThan(500)
    await page.locator('.rows.status tr').nth(1).hover()
    await page.locator('.rows.status .row-doors a[href^="/statuses"]').click()
    await settled(page)
    expect(await page.locator('h1').textContent()).toContain('403')
    expect(await page.locator('main').textContent()).toContain(WORDS.en.status)
  })

  it('that a person calls no problem says so from then on, until it is taken back', async () => {
    const { body } = await service.get('/api/v1/spikes')
    const { page, complaints } = await browser.open(`${service.url}/spikes/${body.spikes[0].id}`)
    const said = page.locator('.verdict')
    await said.getByRole('button', { name: 'Not a problem' }).click()
    await said.locator('b').waitFor()
    expect(await said.textContent()).toMatch(/^Not a problem.*later spikes are told all the same/)
    await page.reload()
    await said.getByRole('button', { name: 'Take back' }).click()
    await said.getByRole('button', { name: 'A real problem' }).waitFor()
    expect((await service.get('/api/v1/spikes')).body.spikes[0].verdict).toBeNull()
    expect(complaints).toEqual([])
  })

  it('that nobody knows is said, not thrown', async () => {
    const { page } = await browser.open(`${service.url}/spikes/20200101-000000-500-origin-nowhere`, { quiet: true })
    await settled(page)
    expect(await page.locator('main h1').last().textContent()).toContain('not known')
  })

  it.each(['en', 'fr', 'zh'] as const)('the catalogue is searchable in %s', async (lang) => {
    const { page, complaints } = await browser.open(`${service.url}/statuses?lang=${lang}`)
    await settled(page)
    const all = await page.locator('.status-class li').count()
    expect(all).toBe((await service.get(`/api/v1/statuses?lang=${lang}`)).body.statuses.length)
    await page.locator('main input[type=search]').fill('522')
    await page.waitForFunction((n) => document.querySelectorAll('.status-class li').length < n, all)
    expect(await page.locator('.status-class li').first().textContent()).toContain('522')
    expect(complaints).toEqual([])
  })
})
