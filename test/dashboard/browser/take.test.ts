/** Searching for whatever is at hand, taking figures along, and from anything to an alert. */
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { hasChromium, settled, shot } from './browser.js'
import { withPage } from './kit.js'
import { count, traffic } from './traffic.js'

describe.skipIf(!hasChromium)('search, files and bells', () => {
  const logs = traffic(Date.now())
  const kit = withPage(() => logs.lines)

  const opened = async (path: string) => {
    const { page, complaints } = await kit.browser.open(kit.service.url + path, { acceptDownloads: true })
    await settled(page)
    return { page, complaints }
  }

  it('takes one by keys alone to a request, a client, a path', async () => {
    const { page, complaints } = await opened('/?range=6h')
    const search = async (text: string) => {
      await page.keyboard.press('/')
      await page.keyboard.type(text)
      await page.locator('dialog .menu-item').first().waitFor()
      await page.keyboard.press('Enter')
    }
    const ray = String(logs.lines[5].RayID)
    await search(`Ray ID: ${ray.toUpperCase()}-CDG`)
    await page.waitForFunction((id) => location.pathname === `/records/${id}`, ray)
    await settled(page)
    await search('192.0.2.7')
    await page.waitForFunction(() => location.pathname === '/records' && location.search.includes('clientIp=192.0.2.7'))
    await settled(page)
    await page.goto(`${kit.service.url}/?range=6h`)
    await settled(page)
    await page.keyboard.press('/')
    await page.keyboard.type('heckou')
    const found = page.locator('dialog .menu-item', { hasText: '/checkout' })
    await found.waitFor()
    await shot(page, 'search')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => new URLSearchParams(location.search).get('path') === '/checkout')
    expect(complaints).toEqual([])
  })

  it('is listed among the shortcuts, which can be off, and closes with Esc', async () => {
    const { page } = await opened('/?range=6h&lang=fr')
    await page.keyboard.press('?')
    await page.locator('.shortcut-list', { hasText: 'Rechercher' }).waitFor()
    await page.locator('dialog input[type=checkbox]').uncheck()
    await page.keyboard.press('Escape')
    await page.keyboard.press('/')
    await page.keyboard.press('?')
    expect(await page.locator('dialog').count()).toBe(0)
    await page.locator('header.top').getByRole('button', { name: 'Rechercher' }).click()
    await page.locator('dialog').getByPlaceholder('Ray ID').waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => page.locator('dialog').count()).toBe(0)
  })

  async function taken(page: Page, inside: string, format: string): Promise<{ name: string; content: Buffer }> {
    await page.locator(`${inside} .take button`).first().click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator(`${inside} .take .menu-item`, { hasText: format }).click(),
    ])
    return { name: download.suggestedFilename(), content: readFileSync(await download.path()) }
  }

  it('a chart and a table come as CSV, JSON and picture, with whole figures', async () => {
    const { page, complaints } = await opened('/?range=24h&view=all&what=path')
    const statuses = count(logs.lines, (line) => line.EdgeResponseStatus)
    const csv = await taken(page, '.by-class', 'CSV')
    expect(csv.name).toMatch(/^faultline-.*\.csv$/)
    const [head, ...rows] = csv.content.toString().replace('\ufeff', '').trimEnd().split('\r\n')
    const at = head.split(',').indexOf('499')
    expect(rows.reduce((sum, row) => sum + Number(row.split(',')[at]), 0)).toBe(statuses.get('499'))
    const points = JSON.parse((await taken(page, '.by-class', 'JSON')).content.toString()) as {
      [key: string]: number
    }[]
    expect(points.reduce((sum, point) => sum + point['499'], 0)).toBe(statuses.get('499'))
    const picture = await taken(page, '.by-class', 'PNG')
    expect(picture.content.subarray(1, 4).toString()).toBe('PNG')
    expect(picture.content.length).toBeGreaterThan(5_000)
    const drawn = await taken(page, '.breakdown', 'PNG')
    expect(drawn.name).toMatch(/\.png$/)
    // so many colours are on it: words, figures and bars, not an empty ground
    expect(drawn.content.length).toBeGreaterThan(5_000)
    const table = JSON.parse((await taken(page, '.breakdown', 'JSON')).content.toString()) as {
      path: string
      requests: number
    }[]
    const paths = count(logs.lines, (line) => line.ClientRequestPath)
    for (const { path, requests } of table) expect([path, requests]).toEqual([path, paths.get(path)])
    expect(complaints).toEqual([])
  })

  it('so does the chart of a spike', async () => {
    const [spike] = (await kit.service.get('/api/v1/spikes')).body.spikes
    const { page, complaints } = await opened(`/spikes/${encodeURIComponent(spike.id)}`)
    const points = JSON.parse((await taken(page, '.spike-chart', 'JSON')).content.toString()) as { seen: number }[]
    expect(points.reduce((sum, point) => sum + point.seen, 0)).toBeGreaterThanOrEqual(spike.observed)
    expect((await taken(page, '.spike-chart', 'PNG')).content.length).toBeGreaterThan(5_000)
    const changed = 'section:has(> div > .changed)'
    const rows = JSON.parse((await taken(page, changed, 'JSON')).content.toString()) as { value: string }[]
    expect(rows.map(({ value }) => value)).toEqual(spike.changed.map(({ value }: { value: string }) => value))
    expect((await taken(page, changed, 'PNG')).content.length).toBeGreaterThan(5_000)
    expect(complaints).toEqual([])
  })

  it('a table that shows how long answers took can be ranked by it', async () => {
    const { page, complaints } = await opened('/?range=24h&view=all&what=path')
    await page.locator('.breakdown .columns').first().getByText('Speed').click()
    await page.locator('.rows.path .sort[title="The slowest first"]').click()
    await page.locator('.rows.path th[aria-sort=descending].speed').waitFor()
    await settled(page)
    const told = await page.locator('.rows.path tbody tr td:nth-of-type(4)').allTextContents()
    const ms = told.map((text) => Number.parseFloat(text))
    expect(ms.length).toBeGreaterThan(3)
    expect(ms).toEqual([...ms].sort((a, b) => b - a))
    expect(complaints).toEqual([])
  })

  it('the requests of a view come as NDJSON and CSV', async () => {
    const { page } = await opened('/records?range=6h&status=403')
    for (const [i, format] of ['ndjson', 'csv'].entries()) {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.locator('.take-records a').nth(i).click(),
      ])
      expect(download.suggestedFilename()).toMatch(new RegExp(`\\.${format}$`))
      const lines = readFileSync(await download.path(), 'utf8')
        .trimEnd()
        .split('\n')
      expect(lines).toHaveLength(600 + i)
    }
  })

  it('a bell opens the editor with what one saw, which says what the rule would have done', async () => {
    const { page, complaints } = await opened('/?range=6h&view=all&what=path')
    await page.locator('.rows.path .row-pick', { hasText: '/checkout' }).focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => location.pathname === '/rules/new')
    await settled(page)
    expect(await page.locator('form.form').textContent()).toContain('/checkout')
    await page.goBack()
    await settled(page)
    await page.locator('.spike-list li').first().hover()
    await page.locator('.spike-list li .bell').first().click()
    await page.waitForFunction(() => location.search.includes('status=403'))
    await page.locator('.backtest-text').waitFor()
    await shot(page, 'bell')
    expect(complaints).toEqual([])
  })

  it.each([
    ['Requests', /^more than \d+ requests in 5m$/],
    ['TTFB p95', /^To the first byte: p95 above [\d.]+\sm?s in 5m · at least 100 requests$/],
  ])('the figure %s has a bell, whose rule it would have kept', async (name, sentence) => {
    const { page, complaints } = await opened('/?range=6h&view=all')
    const tile = page.locator('.tile-room', { hasText: name })
    await tile.hover()
    await tile.locator('.bell').click()
    await page.waitForFunction(() => location.pathname.startsWith('/rules/new'))
    await page.locator('.backtest-text', { hasText: 'Would not have fired' }).waitFor()
    expect(await page.locator('.rule-sentence').textContent()).toMatch(sentence)
    expect(complaints).toEqual([])
  })

  it.each([
    ['en', 'the minimum of 100 was not reached'],
    ['fr', 'le minimum de 100 n’a pas été atteint'],
    ['zh', '未达到最少 100 个'],
  ])('says why nothing would have fired, in %s', async (lang, said) => {
    const { page } = await opened(`/rules/new?range=6h&lang=${lang}&host=static.example.com&path=/about&class=4xx`)
    await page.locator('.backtest-text', { hasText: said }).waitFor()
    await shot(page, `quiet-${lang}`)
  })
})
