/**
 * The way of an incident, by the keyboard alone: an export is taken in, the spike seen, its window explained, compared with
 * last week, annotated, watched by a rule, frozen, exported and opened without a network.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startService, type TestService } from '../../app/service.js'
import { hasChromium, launch, settled, shot, type TestBrowser } from './browser.js'
import { ndjson } from './traffic.js'
import { week } from './week.js'

const SAID = {
  en: { frozen: 'does not change any more', timeline: 'Timeline', note: 'deploy 1.42' },
  fr: { frozen: 'il ne change plus', timeline: 'Chronologie', note: 'déploiement 1.42' },
  zh: { frozen: '此后不再变化', timeline: '时间线', note: '部署 1.42' },
}

describe.skipIf(!hasChromium)('an incident, from the export to the page that is kept', () => {
  let browser: TestBrowser
  let service: TestService
  let file: string
  beforeAll(async () => {
    service = await startService()
    file = join(service.folder, 'week.ndjson')
    writeFileSync(file, ndjson(week(Date.now()).lines))
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  /** As many Tabs as it takes; a control that no Tab reaches fails the test. */
  async function tabTo(page: Page, selector: string): Promise<void> {
    for (let i = 0; i < 150; i++) {
      if (await page.evaluate((s) => document.activeElement?.matches(s) ?? false, selector)) return
      await page.keyboard.press('Tab')
    }
    throw new Error(`no Tab reaches ${selector}`)
  }
  const press = async (page: Page, ...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key)
  }
  const times = (n: number, key: string): string[] => Array.from({ length: n }, () => key)

  // English begins with the empty store
  it.each(['en', 'fr', 'zh'] as const)('in %s', async (lang) => {
    const said = SAID[lang]
    const { page, complaints } = await browser.open(`${service.url}/?lang=${lang}`, { acceptDownloads: true })
    await settled(page)

    // the export is taken in
    if (lang === 'en') {
      const choosing = page.waitForEvent('filechooser')
      await tabTo(page, '[data-opens=upload]')
      await press(page, 'Enter')
      await (await choosing).setFiles(file)
      await page.locator('.upload.done').waitFor()
      // from all that was there at first to the last day
      await page.waitForFunction(() => document.querySelector('.range-dates') === null)
    }
    await page.locator('.sentence.alarm').waitFor()
    await settled(page)
    expect(await page.locator('.sentence p').textContent()).toContain('522')

    // its window is explained
    await tabTo(page, '.by-class .overlay')
    await press(page, 'End', ...times(14, 'ArrowLeft'), ...times(5, 'Shift+ArrowRight'), 'Enter')
    await page.locator('.brush-menu :focus').waitFor()
    await press(page, 'ArrowDown', 'Enter')
    await page.waitForFunction(() => location.pathname === '/explain')
    await page.locator('.likely').waitFor()
    expect(await page.locator('.alarm-lead').textContent()).toContain('522')

    // compared with last week
    await press(page, 'g', 'o')
    await page.waitForFunction(() => location.pathname === '/')
    await settled(page)
    await tabTo(page, '[data-opens=compare]')
    await press(page, 'Enter')
    await page.locator('.compare-menu').first().waitFor()
    await page.waitForFunction(() => document.activeElement?.closest('.panel') !== null)
    await press(page, ...times(3, 'ArrowDown'), 'Enter')
    await page.waitForFunction(() => location.search.includes('compare=week'))
    await settled(page)
    expect(await page.locator('.charts .legend .swatch.ghost').count()).toBe(4)

    // annotated: what the reader knows and no log says
    await tabTo(page, '.by-class .overlay')
    await press(page, 'Home', 'n')
    await page.locator('dialog[open] :focus').waitFor()
    await page.keyboard.type(said.note)
    await press(page, 'Enter')
    await page.locator('dialog').waitFor({ state: 'detached' })
    await page.locator('.by-class .annotation-mark').first().waitFor()

    // a rule, with what it would have done
    await press(page, 'g', 'a')
    await page.waitForFunction(() => location.pathname === '/alerts')
    await page.locator('.sections').waitFor()
    await tabTo(page, '.sections a[href^="/rules"]')
    await press(page, 'Enter')
    await page.waitForFunction(() => location.pathname === '/rules')
    await settled(page)
    await tabTo(page, 'a.primary[href^="/rules/new"]')
    await press(page, 'Enter')
    await page.locator('.preview .backtest-text').waitFor()
    await tabTo(page, '.editor input[type=text]')
    await page.keyboard.type(`522 ${lang}`)
    await press(page, 'Enter')
    await page.waitForFunction(() => location.pathname.startsWith('/rules/rule-'))

    // frozen, under a link that never changes
    await tabTo(page, '.top nav a:first-child')
    await press(page, 'Enter')
    await page.waitForFunction(() => location.pathname === '/')
    await page.locator('.sentence .primary').waitFor()
    await tabTo(page, '.sentence .primary')
    await press(page, 'Enter')
    await page.locator('.spike-page .freeze').waitFor()
    await tabTo(page, '.freeze')
    await press(page, 'Enter')
    await page.locator('dialog[open] :focus').waitFor()
    await page.keyboard.type(`Origin down ${lang}`)
    await press(page, 'Enter')
    await page.waitForFunction(() => location.pathname.startsWith('/incidents/'))
    await settled(page)
    const text = (await page.locator('main').textContent()) ?? ''
    for (const part of [`Origin down ${lang}`, said.frozen, said.timeline, '522']) expect(text).toContain(part)
    expect(await page.locator('.timeline li.began').count()).toBe(1)
    await shot(page, `incident-${lang}`)

    // exported
    await tabTo(page, '[data-opens=export]')
    await press(page, 'Enter')
    await page.locator('.panel .menu-item:focus').waitFor()
    const downloading = page.waitForEvent('download')
    await press(page, 'Enter')
    const kept = join(service.folder, `${lang}.html`)
    await (await downloading).saveAs(kept)
    await press(page, 'g', 'f')
    await page.locator('.incident-list tbody tr').first().waitFor()
    expect(await page.locator('.incident-list').textContent()).toContain(`Origin down ${lang}`)
    expect(complaints).toEqual([])

    // and opened where there is no network
    const alone = await browser.open('about:blank', { offline: true })
    await alone.page.goto(`file://${kept}`)
    const page2 = (await alone.page.locator('body').textContent()) ?? ''
    for (const part of [`Origin down ${lang}`, said.timeline, '522']) expect(page2).toContain(part)
    expect(await alone.page.locator('svg').count()).toBeGreaterThan(1)
    expect(readFileSync(kept, 'utf8')).not.toMatch(/<script|https?:\/\/127/)
    await shot(alone.page, `incident-offline-${lang}`)
    expect(alone.complaints).toEqual([])
  })

  it('that nobody named is listed in the language of whoever reads, not of whoever froze it', async () => {
    const [{ id: spike }] = (await service.get('/api/v1/spikes')).body.spikes
    const { body } = await service.send('POST', '/api/v1/incidents', { spike, lang: 'fr' })
    const { page } = await browser.open(`${service.url}/incidents?lang=zh`)
    const name = page.locator(`.incident-list a[href^="/incidents/${body.id}"]`)
    await name.waitFor()
    expect(await name.textContent()).toMatch(/没有 522，20\d\d年/)
    await page.goto(`${service.url}/incidents?lang=en`)
    await name.waitFor()
    expect(await name.textContent()).toMatch(/^[^年]*, 522s written by the edge/)
    expect(await page.locator('.incident-list').textContent()).toContain('Origin down zh')
    await service.send('DELETE', `/api/v1/incidents/${body.id}`)
  })

  it('stays when its logs are gone, and goes when it is deleted', async () => {
    const [{ id }] = (await service.get('/api/v1/incidents')).body.incidents
    const { page } = await browser.open(`${service.url}/incidents/${id}`, { quiet: true })
    await settled(page)
    const before = await page.locator('main').textContent()
    for (const batch of (await service.get('/api/v1/batches')).body.batches)
      await service.send('DELETE', `/api/v1/batches/${batch.id}`)
    await page.reload()
    await settled(page)
    expect(await page.locator('main').textContent()).toBe(before)
    await page.locator('.page-head .square').last().click()
    await page.locator('dialog .primary').click()
    await page.waitForFunction(() => location.pathname === '/incidents')
    await page.goto(`${service.url}/incidents/${id}`)
    await page.locator('.empty-range').waitFor()
  })
})
