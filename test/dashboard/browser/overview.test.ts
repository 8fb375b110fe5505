import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { startService, type TestService } from '../../app/service.js'
import { hasChromium, launch, settled, shot, type TestBrowser } from './browser.js'
import { count, ndjson, traffic, type Traffic } from './traffic.js'

const digits = (text: string | null): number => Number((text ?? '').replace(/[^\d.]/g, ''))
/** The number of requests that the first tile shows, unshortened. */
const requestsShown = async (page: Page): Promise<number> =>
  Number(await page.locator('.tile-value').first().getAttribute('data-count'))

describe.skipIf(!hasChromium)('the overview', () => {
  let browser: TestBrowser
  let service: TestService
  let logs: Traffic
  beforeAll(async () => {
    logs = traffic(Date.now())
    service = await startService()
    expect((await service.post('/api/v1/logs?name=six-hours.ndjson', ndjson(logs.lines))).status).toBe(200)
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  async function overview(query = ''): Promise<{ page: Page; complaints: string[] }> {
    const opened = await browser.open(`${service.url}/${query}`)
    await settled(opened.page)
    return opened
  }
  /** Rows of a table: value and count. */
  const rows = (page: Page, group: number): Promise<[string, number][]> =>
    page
      .locator('.breakdown')
      .nth(group)
      .locator('tbody tr')
      .evaluateAll((trs) =>
        trs.map((tr) => [
          tr.querySelector('.row-pick')?.textContent ?? '',
          Number((tr.querySelector('td.number')?.textContent ?? '').replaceAll(',', '')),
        ]),
      )
  const legend = (page: Page, by: string): Promise<[string, number][]> =>
    page
      .locator(`.by-${by} .legend button`)
      .evaluateAll((all) =>
        all.map((b) => [
          b.querySelector('span')?.textContent ?? '',
          Number((b.querySelector('b')?.textContent ?? '').replaceAll(',', '')),
        ]),
      )

  it('shows what the lines say, counted by hand', async () => {
    const { page, complaints } = await overview('?view=all')
    const statuses = count(logs.lines, (l) => l.EdgeResponseStatus)
    expect(new Map((await rows(page, 0)).map(([text, n]) => [text.split(' ')[0], n]))).toEqual(statuses)
    expect(new Map(await rows(page, 1))).toEqual(
      new Map(
        [...count(logs.lines, (l) => String(l.ClientCountry))].map(([code, n]) => [
          `${code} ${new Intl.DisplayNames('en-GB', { type: 'region' }).of(code)}`,
          n,
        ]),
      ),
    )
    const classes = new Map(await legend(page, 'class'))
    expect(classes.get('499')).toBe(statuses.get('499'))
    expect(classes.get('4xx')).toBe((statuses.get('404') ?? 0) + (statuses.get('403') ?? 0))
    expect(new Map(await legend(page, 'source')).get('Edge')).toBe(statuses.get('403'))
    const errorRate = 1 - (statuses.get('200') ?? 0) / logs.lines.length
    expect(digits(await page.locator('.tile').nth(1).locator('.tile-value').textContent())).toBeCloseTo(
      errorRate * 100,
      1,
    )
    await shot(page, 'overview-all')
    expect(complaints).toEqual([])
  })

  it('speaks first, and shows errors first when there is a spike', async () => {
    const { page, complaints } = await overview()
    expect(await page.locator('.sentence').textContent()).toMatch(/403.*\/checkout/)
    expect(await page.locator('.by-class h2').textContent()).toContain('Errors')
    expect((await legend(page, 'class')).map(([name]) => name)).toEqual(['499', '4xx'])
    await shot(page, 'overview-errors')
    expect(complaints).toEqual([])
  })

  it('filters by a click on a row, excludes with Alt, and goes back', async () => {
    const { page } = await overview('?view=all&what=host')
    const hosts = count(logs.lines, (l) => l.ClientRequestHost)
    await page.locator('.row-pick', { hasText: 'api.example.com' }).click()
    await settled(page)
    expect(new URL(page.url()).searchParams.getAll('host')).toEqual(['api.example.com'])
    expect(await requestsShown(page)).toBe(hosts.get('api.example.com'))
    await page.goBack()
    await page.waitForFunction(() => !location.search.includes('host='))
    await settled(page)
    await page.locator('.row-pick', { hasText: 'api.example.com' }).click({ modifiers: ['Alt'] })
    await settled(page)
    expect(new URL(page.url()).searchParams.getAll('not.host')).toEqual(['api.example.com'])
    expect(new Map(await rows(page, 0)).has('api.example.com')).toBe(false)
    await page.locator('.chip-remove').click()
    await settled(page)
    expect(page.url()).not.toContain('not.host')
  })

  it('filters by any dimension from the keyboard alone', async () => {
    const { page } = await overview('?view=all')
    await page.keyboard.press('f')
    await page.keyboard.type('status cl')
    await page.keyboard.press('Enter')
    await page.locator('.menu-item', { hasText: '499' }).waitFor()
    await page.keyboard.type('499')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
    await settled(page)
    expect(new URL(page.url()).searchParams.getAll('class')).toEqual(['499'])
    expect(await requestsShown(page)).toBe(count(logs.lines, (l) => l.EdgeResponseStatus).get('499'))
  })

  it('takes what was typed as the value, not what it found first, however fast it is typed', async () => {
    const { page } = await overview('?view=all')
    const filterBy = async (text: string) => {
      const answered = page.waitForResponse((r) => {
        const url = new URL(r.url())
        return url.pathname.endsWith('/values') && url.searchParams.get('contains') === text
      })
      await page.keyboard.press('f')
      await page.keyboard.type('path')
      await page.keyboard.press('Enter')
      await page.keyboard.type(text)
      await answered
      await page.locator('.menu-item', { hasText: '/products' }).waitFor()
      await page.keyboard.press('Enter')
      await page.keyboard.press('Escape')
      await settled(page)
      return new URL(page.url()).searchParams.getAll('path')
    }
    expect(await filterBy('/pro')).toEqual(['/pro'])
    await page.goto(`${service.url}/?view=all`)
    await settled(page)
    expect(await filterBy('*roduct*')).toEqual(['*roduct*'])
    expect(await requestsShown(page)).toBe(count(logs.lines, (l) => l.ClientRequestPath).get('/products'))
    expect(await page.locator('.spike-none').textContent()).toContain('No spikes found with these filters')
    await page.locator('.spike-none button').click()
    await page.locator('.spike-card').first().waitFor()
  })

  it('takes what was typed though the list has not come', async () => {
    const { page } = await overview('?view=all')
    const held: (() => Promise<void>)[] = []
    await page.route('**/api/v1/values?*', (route) => void held.push(() => route.continue()))
    await page.keyboard.press('f')
    await page.keyboard.type('path')
    await page.keyboard.press('Enter')
    await page.keyboard.type('/search')
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => new URLSearchParams(location.search).get('path') === '/search')
    for (const go of held) await go()
    await page.keyboard.press('Escape')
    await settled(page)
    expect(await requestsShown(page)).toBe(count(logs.lines, (l) => l.ClientRequestPath).get('/search'))
  })

  it('zooms into what is dragged over and counts just that', async () => {
    const { page } = await overview('?view=all&range=6h')
    const box = await page.locator('.by-class .overlay').boundingBox()
    if (!box) throw new Error('no chart')
    await page.mouse.move(box.x + box.width * 0.3, box.y + 100)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.6, box.y + 100, { steps: 5 })
    await page.mouse.up()
    await page.locator('.brush-menu button').first().click()
    await page.waitForFunction(() => location.search.includes('from='))
    await settled(page)
    const params = new URL(page.url()).searchParams
    const [from, to] = [Date.parse(params.get('from') ?? ''), Date.parse(params.get('to') ?? '')]
    const inside = logs.lines.filter(
      (l) => Date.parse(l.EdgeStartTimestamp) >= from && Date.parse(l.EdgeStartTimestamp) < to,
    )
    expect(inside.length).toBeGreaterThan(0)
    expect(await requestsShown(page)).toBe(inside.length)
    await page.goBack()
    await page.waitForFunction(() => !location.search.includes('from='))
  })

  it('gives each chart as a table, with the same figures', async () => {
    const { page } = await overview('?view=all&range=6h')
    await page.locator('.by-class .panel-tools > .square').click()
    const sums = await page
      .locator('.by-class .data-table tbody tr')
      .evaluateAll((trs) =>
        trs.reduce((sum, tr) => sum + Number((tr.lastElementChild?.textContent ?? '').replaceAll(',', '')), 0),
      )
    expect(sums).toBe(await requestsShown(page))
  })

  it('moves through a chart with the arrow keys and reads the columns aloud', async () => {
    const { page } = await overview('?view=all')
    await page.locator('.by-class .overlay').focus()
    await page.keyboard.press('End')
    await page.keyboard.press('ArrowLeft')
    expect(await page.locator('.by-class .overlay [aria-live]').textContent()).toMatch(/\d\d:\d\d–\d\d:\d\d: .*2xx \d+/)
    expect(await page.locator('.tooltip').count()).toBe(1)
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => location.search.includes('from='))
  })

  it('asks each question once', async () => {
    // what the upload stirred up, rules and spikes, is told to somebody else first
    const first = await overview('?view=all')
    let lastAsked = Date.now()
    first.page.on('request', () => {
      lastAsked = Date.now()
    })
    await expect.poll(() => Date.now() - lastAsked, { timeout: 60_000 }).toBeGreaterThan(4_000)
    await first.page.close()
    const { page } = await browser.open('about:blank')
    const asked: string[] = []
    const addresses: string[] = []
    page.on('request', (r) => {
      if (r.url().includes('/api/v1/')) addresses.push(r.url())
    })
    page.on('request', (r) => {
      if (r.url().includes('/api/v1/') && !r.url().endsWith('/stream'))
        asked.push(r.url().split('/api/v1/')[1].split('?')[0] + (new URL(r.url()).searchParams.get('by') ?? ''))
    })
    await page.goto(`${service.url}/?view=all`)
    await settled(page)
    // titles are asked for when it is known of which statuses
    await expect.poll(() => asked).toContain('statuses/titles')
    await settled(page)
    expect(new Set(addresses).size).toBe(addresses.length)
    expect(asked.filter((path) => !/^(alerts|notifiers)/.test(path)).sort()).toEqual([
      'annotations',
      'breakdowncountry',
      'breakdownstatus',
      'inputs',
      'me',
      'percentiles',
      'spikes',
      'statuses/titles',
      'summary',
      'timeseriesclass',
      'timeseriessource',
    ])
  })

  it('follows new data by itself', async () => {
    const { page } = await overview('?view=all')
    const before = await requestsShown(page)
    const line = { ...logs.lines[logs.lines.length - 1], RayID: 'feedfeedfeedfeed', ClientIP: '192.0.2.250' }
    expect((await service.post('/api/v1/logs', ndjson([line]))).body.stored).toBe(1)
    await page.waitForFunction(
      (n) => Number((document.querySelector('.tile-value') as HTMLElement | null)?.dataset.count) === n,
      before + 1,
    )
    logs.lines.push(line)
  })
})
