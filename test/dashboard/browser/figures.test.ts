/** What figures and tables of the overview must not say, and where everything else that an export tells is found. */
import { describe, expect, it } from 'vitest'
import { hasChromium, settled, shot } from './browser.js'
import { withPage } from './kit.js'
import { traffic } from './traffic.js'

const MINUTE = 60_000

describe.skipIf(!hasChromium)('figures and tables', () => {
  const logs = traffic(Date.now())
  // the last minutes, answered by two machines behind one name, and some of it by bots; what becomes of one answer is unknown
  const lines = logs.lines.map((line, i) => ({
    ...line,
    OriginIP: `198.51.100.${i % 2}`,
    BotScoreSrc: 'Machine Learning',
    EdgeResponseContentType: i % 3 ? 'text/html' : 'image/png',
    ...(i % 600 === 7 ? { EdgeResponseStatus: 0, OriginResponseStatus: 0 } : {}),
    ...(i % 3000 === 8 ? { EdgeResponseStatus: 503, OriginResponseStatus: 503 } : {}),
  }))
  const kit = withPage(() => lines, '?name=edge.ndjson')
  const at = (path: string, options = {}) => kit.open(path, options)

  it('have the colour of what they count: 5xx that of 5xx, 499 that of 499, and who asks for errors sees no red', async () => {
    const { page, complaints } = await at('/?range=6h&view=all')
    const colour = (of: string) =>
      page
        .locator(of)
        .first()
        .evaluate((e) => getComputedStyle(e).getPropertyValue('--c'))
    for (const name of ['5xx', '499'])
      expect(await colour(`.tile-room:has-text("${name}") .spark`)).toBe(
        await colour(`.by-class .swatch.class-${name}`),
      )
    await page.goto(`${kit.service.url}/?range=6h&status=499`)
    await settled(page)
    const tile = page.locator('.tile-room', { hasText: 'Errors' }).locator('.tile-value')
    expect(await tile.getAttribute('class')).toContain(' calm ')
    expect(await page.locator('.sentence').textContent()).not.toContain('100%')
    expect(complaints).toEqual([])
  })

  it('name every status, and what else the export has of requests and visitors is a tab away', async () => {
    const { page, complaints } = await at('/?range=6h&view=all')
    expect(await page.locator('.rows.status tr', { hasText: /^0/ }).first().textContent()).toContain(
      'No status was sent',
    )
    for (const [group, tab, row] of [
      [0, 'Origins', '198.51.100.1'],
      [0, 'Content types', 'image/png'],
      [1, 'Blocks /24, /48', '192.0.2.0/24'],
      [1, 'Bot detection engines', 'Machine Learning'],
    ] as const) {
      const table = page.locator('.breakdown').nth(group)
      await table.locator('.more-tabs button').first().click()
      await table.locator('.more-tabs .menu-item', { hasText: tab }).click()
      await table.locator('tbody .row-pick', { hasText: row }).waitFor()
    }
    await page.locator('.breakdown').first().locator('.more-tabs button').first().click()
    await page.locator('.more-tabs .absent', { hasText: 'Not in the logs of this range' }).waitFor()
    expect(complaints).toEqual([])
  })

  it('are one stop of the Tab key a row; what else a row has lies sideways', async () => {
    const { page } = await at('/?range=6h&view=all')
    const stops = await page
      .locator('.rows.status tbody tr')
      .evaluateAll((rows) =>
        rows.map(
          (row) => [...row.querySelectorAll('a, button')].filter((e) => (e as HTMLElement).tabIndex === 0).length,
        ),
      )
    expect(stops.length).toBeGreaterThan(3)
    expect(Math.max(...stops)).toBe(1)
  })

  it('of a chart are read once: its picture is none, its columns are read where the keys stand', async () => {
    const { page } = await at('/?range=6h&view=all')
    for (const chart of await page.locator('.panel:has(canvas)').all()) {
      expect(await chart.locator('canvas').getAttribute('aria-hidden')).toBe('true')
      expect(await chart.locator('[aria-live]').count()).toBe(1)
      expect(await chart.locator('[role=application], [role=img], [role=group]').count()).toBeLessThanOrEqual(1)
    }
  })

  it('come from somebody: a batch says who sent it, and from where', async () => {
    const { page } = await at('/batches')
    expect(await page.locator('tbody .sender').first().textContent()).toContain('127.0.0.1')
    await page.locator('tbody .name a').first().click()
    await page.locator('.facts-row').waitFor()
    expect(await page.locator('.facts-row').textContent()).toContain('127.0.0.1')
  })

  it('of tomorrow and of two years ago have their day, and of tomorrow a hint at a clock that is wrong', async () => {
    for (const [days, day] of [
      [1, /\d{1,2} [A-Z][a-z]{2}/],
      [-730, /[A-Z][a-z]{2} 20\d\d/],
    ] as const) {
      const moved = lines.slice(0, 600).map((line, i) => ({
        ...line,
        RayID: (0xc000_0000_0000 + (days + 1000) * 10_000 + i).toString(16).padStart(16, '0'),
        EdgeStartTimestamp: new Date(Date.parse(line.EdgeStartTimestamp) + days * 1440 * MINUTE).toISOString(),
      }))
      const { id } = (
        await kit.service.post('/api/v1/logs?name=moved.ndjson', moved.map((line) => JSON.stringify(line)).join('\n'))
      ).body
      const { from, to } = (await kit.service.get(`/api/v1/batches/${id}`)).body
      const { page, complaints } = await at(`/?from=${from}&to=${to}&tz=UTC`)
      const text = (await page.locator('main').textContent()) ?? ''
      expect(await page.locator('.sentence').textContent()).toMatch(day)
      expect(await page.locator('.toolbar .range').textContent()).toMatch(day)
      expect(/clock of this server, or of whoever wrote the logs, is wrong/.test(text)).toBe(days > 0)
      await shot(page, `moved-${days}`)
      expect(complaints).toEqual([])
      await kit.service.send('DELETE', `/api/v1/batches/${id}`)
    }
  })

  it('fit a phone, where the zone of time and the way out of a zoom are too', async () => {
    const to = logs.incident.to
    const { page, complaints } = await at(
      `/?from=${new Date(to - 30 * MINUTE).toISOString()}&to=${new Date(to).toISOString()}`,
      { viewport: { width: 390, height: 780 }, hasTouch: true },
    )
    const { y } = (await page.locator('.sentence').boundingBox()) ?? expect.fail('no sentence')
    const chart = (await page.locator('.by-class').boundingBox()) ?? expect.fail('no chart')
    expect(chart.y - y).toBeLessThan(600)
    await page.locator('.toolbar .range button').first().click()
    const menu = page.locator('.range-narrow')
    await menu.locator('select').first().selectOption('Asia/Tokyo')
    await page.waitForFunction(() => new URLSearchParams(location.search).get('tz') === 'Asia/Tokyo')
    await menu.getByRole('button', { name: /zoom out/i }).click()
    await page.waitForFunction(
      (before) => Date.parse(new URLSearchParams(location.search).get('from') ?? '') < before,
      to - 30 * MINUTE,
    )
    expect(complaints).toEqual([])
  })
})
