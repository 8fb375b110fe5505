/**
 * axe on every state of the page. Each state is loaded once, in one of the languages in turn; theme and size change in place.
 * Colours are looked at in both themes, everything else on a wide and on a narrow screen.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startService, type TestService } from '../../app/service.js'
import { hasChromium, launch, settled, shot, type TestBrowser } from './browser.js'
import { ndjson, traffic } from './traffic.js'

const LANGS = ['en', 'fr', 'zh'] as const
const WIDE = { width: 1440, height: 900 }
const PHONE = { width: 390, height: 844 }
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  id: string
  nodes: { html: string; failureSummary?: string }[]
}

describe.skipIf(!hasChromium)('axe finds nothing', () => {
  let browser: TestBrowser
  let service: TestService
  let page: Page
  let addresses: { [name: string]: string }
  beforeAll(async () => {
    const logs = traffic(Date.now())
    service = await startService()
    const { body } = await service.post('/api/v1/logs?name=six.ndjson', `${ndjson(logs.lines)}{"broken":\n`)
    const [spike] = (await service.get('/api/v1/spikes')).body.spikes
    await service.send('POST', '/api/v1/annotations', {
      text: 'deploy 1.42',
      kind: 'deploy',
      at: new Date(logs.incident.from - 240_000).toISOString(),
      url: 'https://ci.example.com/42',
    })
    await service.send('POST', '/api/v1/silences', {
      matchers: [{ label: 'host', value: 'www.example.com' }],
      endsAt: new Date(Date.now() + 3_600_000).toISOString(),
      by: 'Ada',
      reason: 'maintenance',
    })
    const incident = (await service.send('POST', '/api/v1/incidents', { spike: spike.id, by: 'Ada' })).body
    addresses = {
      'overview': '/',
      'overview, all, compared': '/?view=all&compare=previous&what=path&who=userAgent',
      'overview, shares, filtered': '/?view=share&host=www.example.com',
      'records': '/records',
      'record': `/records/${logs.lines[0].RayID}`,
      'no such record': '/records/ffffffffffffffff',
      'batches': '/batches',
      'batch': `/batches/${body.id}`,
      'statuses': '/statuses',
      'status': '/statuses/522',
      'spike': `/spikes/${spike.id}`,
      'explain': '/explain?range=6h',
      'annotations': '/annotations',
      'incidents': '/incidents',
      'incident': `/incidents/${incident.id}`,
      'alerts': '/alerts',
      'rules': '/rules',
      'new rule': '/rules/new',
      'silences': '/silences',
      'notifiers': '/notifiers',
      'new notifier': '/notifiers/new:email',
      'nowhere': '/nowhere',
    }
    browser = await launch()
    page = (await browser.open('about:blank', { viewport: WIDE, quiet: true, reducedMotion: 'reduce' })).page
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  /** What axe says, as lines that tell what to mend. */
  async function violations(colours = false): Promise<string[]> {
    if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe)
    const found = (await page.evaluate(async (only) => {
      const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<{ violations: unknown }> } }
      const options = only ? { runOnly: ['color-contrast', 'link-in-text-block'] } : {}
      return (await axe.run({ resultTypes: ['violations'], ...options })).violations
    }, colours)) as Violation[]
    return found.flatMap(({ id, nodes }) =>
      nodes
        .slice(0, 4)
        .map(
          (node) =>
            `${id} ×${nodes.length}: ${node.html.slice(0, 160)} | ${(node.failureSummary ?? '').split('\n')[1] ?? ''}`,
        ),
    )
  }

  async function show(address: string, lang: string): Promise<void> {
    await page.setViewportSize(WIDE)
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    await page.goto(`${service.url}${address}${address.includes('?') ? '&' : '?'}lang=${lang}&live=off`)
    await settled(page)
  }

  async function everywhere(name: string): Promise<void> {
    expect(await violations(), `${name}, wide, light`).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
    expect(await violations(true), `${name}, wide, dark`).toEqual([])
    await page.setViewportSize(PHONE)
    await settled(page)
    await shot(page, `phone-dark-${name.replace(/\W+/g, '-')}`)
    expect(await violations(), `${name}, phone, dark`).toEqual([])
  }

  it('on any page', async () => {
    const failed: string[] = []
    for (const [i, [name, address]] of Object.entries(addresses).entries()) {
      const lang = LANGS[i % LANGS.length]
      await show(address, lang)
      await everywhere(`${name} (${lang})`).catch((error: Error) => failed.push(error.message))
    }
    expect(failed).toEqual([])
  }, 240_000)

  it('on the pages that are read most, in the other languages', async () => {
    const failed: string[] = []
    for (const [name, langs] of [
      ['overview', ['fr', 'zh']],
      ['spike', ['en', 'fr']],
    ] as const)
      for (const lang of langs) {
        await show(addresses[name], lang)
        expect(await violations(), `${name} (${lang})`).toEqual([])
        await page.setViewportSize(PHONE)
        await violations(true).then((found) => failed.push(...found))
      }
    expect(failed).toEqual([])
  })

  it('on what opens: menus, dialogs, the choices of a stretch', async () => {
    const failed: string[] = []
    const look = async (name: string): Promise<void> => {
      failed.push(...(await violations()).map((line) => `${name}: ${line}`))
    }
    await show('/?view=all&range=6h', 'en')
    for (const name of ['range', 'compare', 'filter']) {
      await page.locator(`[data-opens=${name}]`).first().click()
      await page.locator('.popover .panel').waitFor()
      await look(name)
      await page.keyboard.press('Escape')
    }
    await page.locator('.by-class .overlay').focus()
    for (const key of ['End', 'ArrowLeft', 'Shift+ArrowLeft', 'Shift+ArrowLeft', 'Enter'])
      await page.keyboard.press(key)
    await page.locator('.brush-menu').waitFor()
    await look('brush')
    await page.keyboard.press('Escape')
    for (const [key, name] of [
      ['n', 'annotation'],
      ['?', 'shortcuts'],
    ]) {
      await page.keyboard.press(key)
      await page.locator('dialog[open]').waitFor()
      await look(name)
      await page.keyboard.press('Escape')
      await page.locator('dialog').waitFor({ state: 'detached' })
    }
    await page.locator('.by-class .panel-tools .square[aria-pressed]').click()
    await look('table')
    expect(failed).toEqual([])
  })
})
