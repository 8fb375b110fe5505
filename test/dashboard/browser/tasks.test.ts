/**
 * The fifteen tasks of somebody on call (test/dashboard/README.md), each done with the mouse as a person would. The clicks are
 * counted and printed; a task that takes more of them than it did is one that became harder.
 */
import { readFileSync } from 'node:fs'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, settled, shot } from './browser.js'
import { withPage } from './kit.js'
import { week } from './week.js'

const logs = week(Date.now())
const RAY = String(logs.lines[logs.lines.length - 1].RayID)

/** Of the outage that is over for an hour and more: its window is long enough to fire still. */
const RULE = {
  name: 'Visitors get 522',
  enabled: true,
  severity: 'critical',
  expr: { kind: 'count', where: { status: '522' }, window: '3h', above: 10 },
  by: ['status'],
}

/** What a row of the README says of a task. */
const LISTED = new Map(
  readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, task, clicks] = /^\| *\d+ *\| *(.+?) *\| *(\d+) *\|$/.exec(line) ?? []
      return task === undefined ? [] : [[task, Number(clicks)] as const]
    }),
)

describe.skipIf(!hasChromium)('fifteen tasks', () => {
  const kit = withPage(() => logs.lines, '?input=logpush&name=week.ndjson', {
    alerting: { allowAddresses: ['127.0.0.1'] },
  })
  let firing: Promise<void>
  beforeAll(async () => {
    // fires by itself while the other tasks are done
    expect((await kit.service.send('POST', '/api/v1/rules', RULE)).status).toBe(201)
    firing = (async () => {
      for (;;) {
        const { alerts } = (await kit.service.get('/api/v1/alerts?state=firing')).body
        if (alerts.some((alert: { name: string }) => alert.name === RULE.name)) return
        await new Promise((done) => setTimeout(done, 200))
      }
    })()
  })
  const counted = new Map<string, number>()
  afterAll(() => {
    for (const [task, clicks] of counted) process.stdout.write(`${String(clicks).padStart(3)} clicks: ${task}\n`)
  })

  interface Hands {
    page: Page
    click(what: Locator | string): Promise<void>
  }

  function task(name: string, path: string, deed: (hands: Hands) => Promise<void>): void {
    it(name, async () => {
      const { page, complaints } = await kit.open(path, { acceptDownloads: true, permissions: ['clipboard-read'] })
      let clicks = 0
      await deed({
        page,
        click: async (what) => {
          clicks += 1
          await (typeof what === 'string' ? page.locator(what).first() : what).click()
        },
      })
      counted.set(name, clicks)
      expect(clicks).toBe(LISTED.get(name))
      expect(complaints).toEqual([])
      await page.context().close()
    })
  }

  const at = (page: Page, path: string | RegExp) =>
    page.waitForURL((url) => (typeof path === 'string' ? url.pathname === path : path.test(url.pathname)))

  task('Say what is wrong, since when, and who answered', '/', async ({ page }) => {
    const said = await page.locator('.sentence p').textContent()
    for (const part of ['522', 'api.example.com', 'origin']) expect(said).toContain(part)
    expect(await page.locator('.by-source .legend').textContent()).toContain('Origin failure')
  })

  task('Find the documented cause, and what to check first', '/', async ({ page, click }) => {
    await click('.sentence .primary')
    await page.locator('.likely').waitFor()
    expect(await page.locator('.likely').textContent()).toContain('does not answer')
    expect(await page.locator('.scope').textContent()).toContain('api.example.com')
    expect(await page.locator('.likely ol li').count()).toBeGreaterThan(0)
  })

  task('Look up the Ray ID that a visitor sent', '/', async ({ page, click }) => {
    await click(page.locator('.top').getByRole('button', { name: 'Search' }))
    await page.locator('dialog :focus').waitFor()
    await page.keyboard.type(`Cloudflare Ray ID: ${RAY}-CDG`)
    await page.locator('dialog .menu-item').first().waitFor()
    await page.keyboard.press('Enter')
    await at(page, `/records/${RAY}`)
    await page.locator('.record-card').waitFor()
  })

  task('See all requests of one address', '/', async ({ page, click }) => {
    await click(page.locator('.top').getByRole('button', { name: 'Search' }))
    await page.locator('dialog :focus').waitFor()
    await page.keyboard.type('192.0.2.7')
    await page.locator('dialog .menu-item').first().waitFor()
    await page.keyboard.press('Enter')
    await at(page, '/records')
    await settled(page)
    expect(new URL(page.url()).searchParams.get('clientIp')).toBe('192.0.2.7')
  })

  task('Compare with the same hours of last week', '/', async ({ page, click }) => {
    await click('[data-opens=compare]')
    await click(page.locator('.compare-menu .menu-item', { hasText: 'week' }))
    await page.locator('.charts .legend .swatch.ghost').first().waitFor()
  })

  task('Find the slowest host', '/?view=all', async ({ page, click }) => {
    await click('[data-tab=host]')
    await click(page.locator('.breakdown .columns').first().getByText('Speed'))
    const rows = page.locator('.rows.host tbody tr')
    await rows.locator('.speed').nth(3).waitFor()
    expect(await rows.filter({ hasText: 'api.example.com' }).locator('.speed').nth(1).textContent()).toContain('s')
    expect(await rows.filter({ hasText: 'www.example.com' }).locator('.speed.bad').count()).toBe(0)
    await shot(page, 'speed')
  })

  task('See which network the requests come from', '/?view=all', async ({ page, click }) => {
    const who = page.locator('.breakdown').nth(1)
    await click(who.locator('.more-tabs > button'))
    await click(who.locator('.more-tabs .menu-item', { hasText: 'Blocks' }))
    const block = page.locator('.rows.clientIp .row-pick', { hasText: '192.0.2.0/24' })
    await block.waitFor()
    expect(await who.locator('[data-tab=network]').getAttribute('aria-selected')).toBe('true')
    await click(block)
    await page.waitForFunction(() => new URLSearchParams(location.search).get('clientIp') === '192.0.2.*')
    await settled(page)
    expect(await block.getAttribute('aria-pressed')).toBe('true')
  })

  task('See whether the logs are complete and on time', '/', async ({ page, click }) => {
    await click('.top nav a[href^="/inputs"]')
    await page.locator('main h1').waitFor()
    await settled(page)
    expect(await page.locator('main').textContent()).toMatch(/Logpush/)
  })

  task('Write down a deployment on the chart', '/', async ({ page, click }) => {
    const chart = (await page.locator('.by-class .overlay').boundingBox()) ?? expect.fail('no chart')
    const y = chart.y + chart.height / 2
    await page.mouse.move(chart.x + chart.width * 0.4, y)
    await page.mouse.down()
    await page.mouse.move(chart.x + chart.width * 0.5, y, { steps: 4 })
    await page.mouse.up()
    await click(page.locator('.brush-menu .menu-item', { hasText: 'Annotate' }))
    await page.locator('dialog[open] :focus').waitFor()
    await page.keyboard.type('deploy 1.42')
    await click('dialog .primary')
    await page.locator('.by-class .annotation-mark').first().waitFor()
  })

  task('Freeze what is known, send its link, and keep a copy', '/', async ({ page, click }) => {
    await click('.sentence .primary')
    await click('.freeze-copy')
    await at(page, /^\/incidents\//)
    await page.locator('.link-copied').waitFor()
    expect(await page.title()).toContain('522')
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url().split('?')[0])
    await click('[data-opens=export]')
    const downloading = page.waitForEvent('download')
    await click(page.locator('.panel .menu-item', { hasText: 'HTML' }))
    expect((await downloading).suggestedFilename()).toMatch(/\.html$/)
  })

  task('Be alerted when this happens again', '/', async ({ page, click }) => {
    await page.locator('.spike-list li').first().hover()
    await click('.spike-list li .bell')
    await page.locator('.backtest-text').waitFor()
    expect(await page.locator('form.form').textContent()).toContain('522')
    await page.getByLabel('Name', { exact: true }).fill('Origin down')
    await click(page.getByRole('button', { name: 'Create rule' }))
    await at(page, /^\/rules\/rule-/)
  })

  task('Take on an alert that fires', '/', async ({ page, click }) => {
    await firing
    await click('.top nav a[href^="/alerts"]')
    const alert = page.locator('.firing-row', { hasText: RULE.name })
    await click(alert.getByRole('button', { name: 'Acknowledge' }))
    await page.locator('dialog[open] :focus').waitFor()
    await page.locator('dialog[open] input').first().fill('night shift')
    await click('dialog .primary')
    await alert.locator('.flag.good', { hasText: 'night shift' }).waitFor()
    await page.locator('.firing-row a', { hasText: RULE.name }).click()
    await page.waitForFunction((name) => document.title.startsWith(`${name} · 522`), RULE.name)
  })

  task('Silence it for two hours', '/alerts', async ({ page, click }) => {
    await firing
    const alert = page.locator('.firing-row', { hasText: RULE.name })
    await click(alert.getByRole('button', { name: 'Silence' }))
    await page.locator('dialog[open] textarea').fill('the hoster works on it')
    await click('dialog .primary')
    await page.locator('dialog').waitFor({ state: 'detached' })
    const { silences } = (await kit.service.get('/api/v1/silences')).body
    expect(silences).toHaveLength(1)
  })

  task('Have notices sent to a webhook', '/', async ({ page, click }) => {
    await click('.top nav a[href^="/alerts"]')
    await click('.sections a[href^="/notifiers"]')
    await click('a.primary[href^="/notifiers/new"]')
    await click('.channels a[href$="webhook"]')
    await page.getByLabel('Name', { exact: true }).fill('On call')
    await page.getByLabel('URL', { exact: true }).fill('http://127.0.0.1:9/hook')
    await click(page.getByRole('button', { name: 'Create notifier' }))
    await page.getByRole('button', { name: 'Send a test: On call' }).waitFor()
  })

  // the last: it takes the logs away
  task('Undo an upload', '/', async ({ page, click }) => {
    await click('.top nav a[href^="/batches"]')
    const row = page.locator('.batches tbody tr', { hasText: 'week.ndjson' })
    await row.waitFor()
    expect(await row.locator('.sender').textContent()).toBe('127.0.0.1')
    await click(row.locator('a'))
    await click(page.getByRole('button', { name: 'Remove batch' }))
    await click('dialog .primary')
    await page.locator('.empty-range', { hasText: 'removed' }).waitFor()
    expect((await kit.service.get('/api/v1/summary')).body.extent.records).toBe(0)
  })

  it('are those of the README', () => {
    expect([...counted.keys()].sort()).toEqual([...LISTED.keys()].sort())
    expect(LISTED.size).toBe(15)
  })
})
