import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { hasChromium, settled, shot } from './browser.js'
import { withPage } from './kit.js'
import { traffic } from './traffic.js'

describe.skipIf(!hasChromium)('any window explained, and what people write', () => {
  const logs = traffic(Date.now())
  const kit = withPage(() => logs.lines)

  /** Chooses the columns of the incident on the first chart, by keys. */
  async function choose(page: Page): Promise<void> {
    await page.locator('.by-class .overlay').focus()
    await page.keyboard.press('Home')
    for (let i = 0; i < 46; i++) await page.keyboard.press('ArrowRight')
    for (let i = 0; i < 7; i++) await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.press('Enter')
    // keys that come before the menu has the focus move the chart's own mark
    await page.locator('.brush-menu :focus').waitFor()
  }

  const ALL_OF_THEM = { en: 'All of them', fr: 'Toutes ces requêtes', zh: '全部此类请求' }

  it.each(['en', 'fr', 'zh'] as const)('a stretch of the chart is explained by keys, in %s', async (lang) => {
    const { page, complaints } = await kit.browser.open(`${kit.service.url}/?range=6h&view=all&lang=${lang}`)
    await settled(page)
    await choose(page)
    await shot(page, `brush-${lang}`)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => location.pathname === '/explain')
    await settled(page)
    const { searchParams } = new URL(page.url())
    const range = { from: searchParams.get('from') ?? '', to: searchParams.get('to') ?? '' }
    expect(Date.parse(range.from)).toBeLessThanOrEqual(logs.incident.from)
    expect(Date.parse(range.to)).toBeGreaterThanOrEqual(logs.incident.to)
    const { spike } = (await kit.service.get(`/api/v1/explain?${new URLSearchParams({ ...range, lang })}`)).body
    const text = (await page.locator('main').textContent()) ?? ''
    for (const said of [spike.summary, spike.causes[0].title, spike.causes[0].evidence[0].text])
      expect(text).toContain(said)
    expect(await page.locator('.changed tbody tr').count()).toBe(spike.changed.length)
    // its own chart, which is read as a table too, with the usual beside it; nothing was detected
    const chart = page.locator('.spike-chart')
    expect(await chart.locator('.legend > span').count()).toBe(2)
    await chart.locator('button[aria-pressed]').click()
    expect(await chart.locator('tbody tr').count()).toBe(spike.series.points.length)
    expect(await chart.locator('thead th').count()).toBe(3)
    // its first requests, and the way to all of them
    expect(await page.locator('table.records tbody tr').count()).toBe(spike.firstRecords.length)
    const all = new URL(
      (await page.locator('.section-head a', { hasText: ALL_OF_THEM[lang] }).getAttribute('href')) as string,
      kit.service.url,
    )
    expect(all.pathname).toBe('/records')
    for (const own of ['lang', 'range', 'view']) all.searchParams.delete(own)
    const { records } = (await kit.service.get(`/api/v1/records${all.search}&limit=1000`)).body
    expect(records.at(-1).rayId).toBe(spike.firstRecords[0].rayId)
    await shot(page, `explain-${lang}`)
    await page.goBack()
    await page.waitForFunction(() => location.pathname === '/')
    expect(complaints).toEqual([])
  })

  it('a row is asked why, without a pointer', async () => {
    const { page } = await kit.browser.open(`${kit.service.url}/?range=6h&view=errors&what=path`)
    await settled(page)
    await page.locator('.rows.path .row-pick', { hasText: '/checkout' }).focus()
    await page.keyboard.press('ArrowRight')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Why /checkout?')
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => location.pathname === '/explain')
    await settled(page)
    expect(new URL(page.url()).searchParams.getAll('path')).toEqual(['/checkout'])
    expect(await page.locator('.alarm-lead').textContent()).toContain('403')
  })

  it('the command for a pipeline does in a shell what it says', async () => {
    const { page } = await kit.browser.open(`${kit.service.url}/annotations`)
    const command = (await page.locator('.from-ci pre').textContent()) ?? ''
    await promisify(execFile)('bash', ['-c', command], {
      env: { ...process.env, FAULTLINE_TOKEN: 'none', VERSION: '1.42' },
    })
    const { annotations } = (await kit.service.get('/api/v1/annotations')).body
    expect(annotations).toMatchObject([{ text: 'deploy 1.42', kind: 'deploy', author: 'ci' }])
    expect(Math.abs(Date.parse(annotations[0].at) - Date.now())).toBeLessThan(60_000)
    await kit.service.send('DELETE', `/api/v1/annotations/${annotations[0].id}`)
  })

  it('a time without errors is told as one', async () => {
    const { page } = await kit.browser.open(`${kit.service.url}/explain?range=6h&status=418`)
    await settled(page)
    expect(await page.locator('.lead').textContent()).toContain('nothing to explain')
  })

  it('a time without requests is told as one, not as free of errors', async () => {
    const { page } = await kit.browser.open(`${kit.service.url}/explain?from=2020-01-01T00:00Z&to=2020-01-02T00:00Z`)
    await settled(page)
    expect(await page.locator('main').textContent()).toContain('No requests in this range')
    await page.goto(`${kit.service.url}/explain?range=6h&zone=gone.example`)
    await settled(page)
    expect(await page.locator('main').textContent()).toContain('No requests match these filters')
    expect(await page.locator('main').textContent()).not.toContain('nothing to explain')
  })

  it('an annotation is written, stands on every chart and on the spike, is changed, found and deleted', async () => {
    const { page, complaints } = await kit.browser.open(`${kit.service.url}/?range=6h&view=all`)
    await settled(page)
    await choose(page)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.locator('dialog[open]').waitFor()
    await page.keyboard.press('Enter')
    await page.locator('.field-problem').waitFor()
    await page.keyboard.type('deploy 1.42')
    await page.locator('dialog input[list]').fill('deploy')
    await page.locator('dialog input[type=url]').fill('https://ci.example.com/42')
    await page.keyboard.press('Enter')
    await page.locator('dialog').waitFor({ state: 'detached' })
    await page.locator('.annotation-mark').nth(3).waitFor()
    expect(await page.locator('.annotation-mark').count()).toBe(4)
    const [written] = (await kit.service.get('/api/v1/annotations')).body.annotations
    expect(written).toMatchObject({ text: 'deploy 1.42', kind: 'deploy', url: 'https://ci.example.com/42', at: null })
    expect(Date.parse(written.from)).toBeLessThanOrEqual(logs.incident.from)
    await page.locator('.annotation-mark').first().focus()
    expect(await page.locator('.annotation-mark .spike-tip').first().isVisible()).toBe(true)
    await shot(page, 'annotated')
    await page.keyboard.press('Enter')
    await page.locator('dialog[open]').waitFor()
    // it was a moment after all
    await page.locator('dialog input[type=datetime-local]').nth(1).fill('')
    await page.locator('dialog .primary').click()
    await page.locator('dialog').waitFor({ state: 'detached' })
    const [moment] = (await kit.service.get('/api/v1/annotations')).body.annotations
    expect(moment).toMatchObject({ at: written.from, text: 'deploy 1.42', createdAt: written.createdAt })
    const [spike] = (await kit.service.get('/api/v1/spikes')).body.spikes
    await page.goto(`${kit.service.url}/spikes/${spike.id}`)
    await settled(page)
    expect(await page.locator('.after').first().textContent()).toContain(spike.after.sentence)
    await page.locator('.spike-chart .annotation-mark').waitFor()
    await page.goto(`${kit.service.url}/annotations`)
    await settled(page)
    await page.locator('.annotations tbody tr').waitFor()
    await page.locator('main input[type=search]').fill('nothing of the kind')
    await page.locator('.annotations').waitFor({ state: 'detached' })
    await page.locator('main input[type=search]').fill('1.42')
    await shot(page, 'annotations')
    await page.locator('.annotations .link').click()
    await page.locator('dialog .danger').click()
    await page.locator('.annotations').waitFor({ state: 'detached' })
    expect((await kit.service.get('/api/v1/annotations')).body.annotations).toEqual([])
    expect(complaints).toEqual([])
  })
})
