import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startService, type TestService } from '../../app/service.js'
import { hasChromium, launch, settled, shot, type TestBrowser } from './browser.js'
import { ndjson } from './traffic.js'
import { week, type Week } from './week.js'

describe.skipIf(!hasChromium)('figures against another time', () => {
  let browser: TestBrowser
  let service: TestService
  let logs: Week
  beforeAll(async () => {
    logs = week(Date.now())
    service = await startService()
    expect((await service.post('/api/v1/logs', ndjson(logs.lines))).status).toBe(200)
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  const statuses = (page: Page): Promise<string[]> =>
    page
      .locator('.rows.status tbody tr .row-pick')
      .evaluateAll((all) => all.map((b) => (b.textContent ?? '').trim().slice(0, 3)))

  it('compares with yesterday by the keyboard alone: a line in every chart, a column in every table', async () => {
    const { page, complaints } = await browser.open(`${service.url}/?view=all`)
    await settled(page)
    expect(await page.locator('.ghost-key').count()).toBe(0)
    await page.locator('[data-opens=compare]').focus()
    await page.keyboard.press('Enter')
    await page.locator('.compare-menu').first().waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => location.search.includes('compare=day'))
    await settled(page)
    expect(await page.locator('.charts .legend .swatch.ghost').count()).toBe(4)
    expect(await page.locator('[data-opens=compare]').textContent()).toContain('Yesterday')
    expect(await page.locator('.breakdown th.change').count()).toBe(2)
    const asked = (
      await service.get(`/api/v1/timeseries?compare=day&from=${new Date(logs.to - 86_400_000).toISOString()}`)
    ).body
    const then = asked.compared.series.flatMap((s: { points: number[][] }) => s.points.map(([, n]) => n))
    const shown = Number(((await page.locator('.by-class .ghost-key b').textContent()) ?? '').replace(/\D/g, ''))
    expect(Math.abs(shown - then.reduce((a: number, b: number) => a + b, 0))).toBeLessThan(100)
    await page.locator('.by-class .overlay').focus()
    await page.keyboard.press('End')
    expect(await page.locator('.by-class .overlay [aria-live]').textContent()).toMatch(/Yesterday: \d+/)
    await page.locator('.by-class .panel-tools > .square').click()
    expect(await page.locator('.by-class .data-table thead').textContent()).toContain('Yesterday')
    await shot(page, 'compare-yesterday')
    expect(complaints).toEqual([])
  })

  it('compares with any window, and says where too little of it is stored', async () => {
    const start = new Date(logs.to - 3 * 86_400_000)
    const { page } = await browser.open(`${service.url}/?range=6h`)
    await settled(page)
    await page.locator('[data-opens=compare]').click()
    await page.locator('.compare-menu input').fill(start.toISOString().slice(0, 16))
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => location.search.includes('compare=20'))
    await settled(page)
    expect(new URL(page.url()).searchParams.get('compare')).toBe(`${start.toISOString().slice(0, 16)}:00.000Z`)
    expect(await page.locator('.ghost-key').first().textContent()).toMatch(/\d\d:\d\d/)
    await page.goto(`${service.url}/?range=7d&compare=week`)
    await settled(page)
    expect(await page.locator('.compare.missing').count()).toBe(1)
    expect(await page.locator('th.change').count()).toBe(0)
  })

  it('shares have their line too, which tells how many failed then', async () => {
    const { page, complaints } = await browser.open(`${service.url}/?view=share&compare=day`)
    await settled(page)
    expect(await page.locator('.charts .legend .swatch.ghost').count()).toBe(4)
    expect(await page.locator('.by-class .ghost-key').textContent()).toContain('Yesterday (Errors)')
    await page.locator('.by-class .overlay').focus()
    await page.keyboard.press('End')
    await page.keyboard.press('ArrowLeft')
    expect(await page.locator('.by-class .overlay [aria-live]').textContent()).toMatch(/Yesterday \(Errors\): [\d.]+%/)
    expect(complaints).toEqual([])
  })

  it('a stretch that was dragged over is what the end of the chart is held against', async () => {
    const { page, complaints } = await browser.open(`${service.url}/?view=all&range=24h`)
    await settled(page)
    const { x, y, width } = (await page.locator('.by-class .overlay').boundingBox()) ?? expect.fail('no chart')
    await page.mouse.move(x + width * 0.2, y + 100)
    await page.mouse.down()
    await page.mouse.move(x + width * 0.4, y + 100, { steps: 5 })
    await page.mouse.up()
    await page.locator('.brush-menu .menu-item', { hasText: 'Compare' }).click()
    await page.waitForFunction(() => location.search.includes('compare='))
    await settled(page)
    const params = new URL(page.url()).searchParams
    const [from, to, then] = ['from', 'to', 'compare'].map((name) => Date.parse(params.get(name) ?? ''))
    expect(then + (to - from)).toBeLessThanOrEqual(from)
    expect(await page.locator('.charts .legend .swatch.ghost').count()).toBe(4)
    expect(await page.locator('.breakdown th.change').count()).toBe(2)
    expect(await page.locator('.tile-change').first().textContent()).not.toBe('')
    expect(complaints).toEqual([])
  })

  it('tells of each row how its first byte moved, and ranks by what can be seen', async () => {
    const { page, complaints } = await browser.open(
      `${service.url}/?range=24h&view=all&compare=day&what=host&columns=speed`,
    )
    await settled(page)
    const hosts = page.locator('.rows.host')
    expect(await hosts.locator('th[aria-sort]').textContent()).toBe('Requests')
    const [slow, same] = await Promise.all(
      ['api.example.com', 'www.example.com'].map((host) =>
        hosts.locator('tbody tr', { hasText: host }).locator('td.change').textContent(),
      ),
    )
    expect(slow).toMatch(/▲.*×/)
    expect(same).toBe('=')
    expect(complaints).toEqual([])
  })

  it('ranks by what rose where there is a spike: the new 522 above the everyday 404', async () => {
    const { page, complaints } = await browser.open(`${service.url}/`)
    await settled(page)
    expect((await statuses(page)).slice(0, 2)).toEqual(['522', '404'])
    expect(await page.locator('.rows.status th.change').getAttribute('aria-sort')).toBe('descending')
    expect(await page.locator('.rows.status tbody tr').first().locator('td.change').textContent()).toContain('+400')
    await shot(page, 'compare-ranked')
    await page.locator('.rows.status th .sort').first().click()
    await settled(page)
    expect((await statuses(page)).slice(0, 2)).toEqual(['404', '522'])
    expect(new URL(page.url()).searchParams.get('sort')).toBe('count')
    expect(complaints).toEqual([])
  })
})
