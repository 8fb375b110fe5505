/** What holds on every page: no errors, no sideways scrolling, names for all controls, nothing of a log line as markup. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startService, type TestService } from '../../app/service.js'
import { hasChromium, launch, settled, shot, type TestBrowser } from './browser.js'
import { ndjson, traffic } from './traffic.js'

const EVIL = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
const LONG = `/${'a-very-long-segment/'.repeat(40)}end`

describe.skipIf(!hasChromium)('every page', () => {
  let browser: TestBrowser
  let service: TestService
  let pages: string[]
  beforeAll(async () => {
    service = await startService()
    const { lines } = traffic(Date.now())
    const evil = lines.slice(-30).map((line, i) => ({
      ...line,
      RayID: `00000000000000${(16 + i).toString(16)}`,
      ClientRequestPath: i % 2 ? LONG : `/${EVIL}`,
      ClientRequestUserAgent: EVIL,
      ClientRequestHost: `${i % 2 ? 'long.'.repeat(12) : ''}evil.example`,
      SecurityRuleDescription: EVIL,
    }))
    const { body } = await service.post(
      `/api/v1/logs?name=${encodeURIComponent(`${EVIL}.ndjson`)}`,
      `${ndjson([...lines, ...evil])}${EVIL}\n`,
    )
    browser = await launch()
    const spike = (await service.get('/api/v1/spikes')).body.spikes[0].id as string
    pages = [
      '/',
      '/?view=all&what=path&who=userAgent',
      '/?host=static.example.com',
      '/records',
      '/records?host=evil.example',
      '/records/0000000000000010',
      '/batches',
      '/inputs',
      `/batches/${body.id}`,
      '/statuses',
      '/statuses/522',
      `/spikes/${spike}`,
      '/alerts',
      '/rules',
      '/rules/new',
      '/rules/starter-1',
      '/silences',
      '/notifiers',
      '/notifiers/new',
      '/notifiers/new:email',
      '/access',
    ]
  })
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  /** Controls that a screen reader could not name. */
  const nameless = (page: Page): Promise<string[]> =>
    page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('button, a[href], input, select, [role=tab], canvas, [tabindex="0"]')]
        .filter((e) => e.offsetParent !== null && !e.closest('[aria-hidden=true]'))
        .filter(
          (e) =>
            !(
              e.getAttribute('aria-label') ||
              e.textContent?.trim() ||
              e.title ||
              (e as HTMLInputElement).labels?.length ||
              e.closest('[aria-label]')
            ),
        )
        .map((e) => e.outerHTML.slice(0, 120)),
    )

  /** What reaches out of the screen; [] where nothing makes the page scroll sideways. */
  const tooWide = (page: Page): Promise<string[]> =>
    page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement
      if (scrollWidth <= clientWidth) return []
      return [...document.querySelectorAll('body *')]
        .filter(
          (e) => !e.closest('.scroll-x > *, .tabs > *, .legend > *') && e.getBoundingClientRect().right > clientWidth,
        )
        .map((e) => `${e.tagName}.${e.className} ${Math.round(e.getBoundingClientRect().right)}`)
        .slice(0, 12)
    })

  /** What moves without end, and so is painted for ever. */
  const endless = (page: Page): Promise<string[]> =>
    page.evaluate(() =>
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getTiming().iterations === Infinity)
        .map((animation) => (animation as CSSAnimation).animationName),
    )

  it.each([
    ['wide', 1440, 'light', 'en'],
    ['narrow', 360, 'dark', 'zh'],
    ['middle', 900, 'light', 'fr'],
    ['tablet', 768, 'dark', 'fr'],
  ] as const)('is whole on a %s screen', async (name, width, colorScheme, lang) => {
    const { page, complaints } = await browser.open('about:blank', {
      viewport: { width, height: 800 },
      colorScheme,
      reducedMotion: name === 'wide' ? 'no-preference' : 'reduce',
      hasTouch: name === 'tablet',
    })
    // the bar of pages is the same on all of them
    for (const path of name === 'tablet' ? pages.filter((_, i) => i % 4 === 0) : pages) {
      await page.goto(`${service.url}${path}${path.includes('?') ? '&' : '?'}lang=${lang}`)
      await settled(page)
      expect(await tooWide(page), `${path} scrolls sideways`).toEqual([])
      const tall = (names: Element[]) => names.filter((e) => e.getBoundingClientRect().height > 30).length
      expect(await page.locator('.top nav > a > span').evaluateAll(tall), `${path}: pages in one line`).toBe(0)
      const room = await page.evaluate(
        () => document.querySelector('.sentence p')?.getBoundingClientRect().width ?? Infinity,
      )
      expect(room, `${path}: the sentence has room`).toBeGreaterThan(width / 2)
      expect(await page.title()).not.toBe('owned')
      expect(await nameless(page), path).toEqual([])
      await page.locator('.live.on').waitFor({ state: 'attached' })
      // what is asked for again meanwhile has its skeleton, which goes
      await expect.poll(() => endless(page), { message: `${path} comes to rest`, timeout: 30_000 }).toEqual([])
      expect(await page.locator('h1, .sentence').count(), `${path} has a head`).toBeGreaterThan(0)
      expect(await page.locator('html').getAttribute('data-theme')).toBe(colorScheme)
      await shot(page, `${name}${path.replace(/[^\w]+/g, '-').slice(0, 40)}`)
    }
    expect(complaints).toEqual([])
  })

  it('shows what a log line carries as text', async () => {
    const { page } = await browser.open(`${service.url}/records/0000000000000010`)
    await settled(page)
    expect(await page.locator('.record-card').textContent()).toContain(EVIL)
    expect(await page.locator('main img, main script').count()).toBe(0)
  })

  it('shows signs that turn the text around as what they are, and says what of an address it left out', async () => {
    const turned = { EdgeStartTimestamp: new Date().toISOString(), EdgeResponseStatus: 200, RayID: 'abcdabcdabcdabcd' }
    await service.post(
      '/api/v1/logs',
      ndjson([{ ...turned, ClientRequestHost: 'bidi.example', ClientRequestPath: '/\u202Efdp.exe' }]),
    )
    const { page } = await browser.open(`${service.url}/records?host=bidi.example&from=abc&tz=Nowhere/Land`)
    await settled(page)
    expect(await page.locator('.misread').textContent()).toMatch(/from=abc.*tz=Nowhere\/Land/)
    expect(await page.locator('td.request').textContent()).toContain('/⟨U+202E⟩fdp.exe')
    expect(await page.locator('body').textContent()).not.toContain('\u202E')
    await page.goto(`${service.url}/%`, {})
    expect(await page.locator('main h1').textContent()).not.toBe('')
  })

  it('tells of newer requests and leaves the list alone until they are asked for', async () => {
    const { page } = await browser.open(`${service.url}/records?host=newer.example`)
    await settled(page)
    const send = (path: string) =>
      service.post(
        '/api/v1/logs',
        ndjson([
          {
            EdgeStartTimestamp: new Date().toISOString(),
            EdgeResponseStatus: 200,
            RayID: path === '/one' ? 'abcdabcdabcd0001' : 'abcdabcdabcd0002',
            ClientRequestHost: 'newer.example',
            ClientRequestPath: path,
          },
        ]),
      )
    const shown = () => page.locator('td.request').allTextContents()
    await send('/one')
    await page.locator('.newer button', { hasText: '1 newer request' }).click()
    await expect.poll(shown).toEqual(['newer.example/one'])
    await send('/two')
    await page.locator('.newer button', { hasText: '1 newer request' }).waitFor()
    expect(await shown()).toEqual(['newer.example/one'])
    await page.locator('.newer button').click()
    await expect.poll(shown).toEqual(['newer.example/two', 'newer.example/one'])
  })

  it('allows neither inline scripts nor inline styles', async () => {
    const { page, complaints } = await browser.open(service.url)
    await settled(page)
    await page.evaluate(() => {
      const script = document.createElement('script')
      script.textContent = 'document.title = "owned"'
      document.body.append(script)
    })
    expect(await page.title()).toBe('Faultline')
    expect(complaints.join()).toContain('Content Security Policy')
  })

  it('can be reached by the keyboard: skip link first, then everything in order', async () => {
    const { page } = await browser.open(service.url)
    await settled(page)
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('skip')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content')
    await page.keyboard.press('?')
    await page.locator('dialog[open]').waitFor()
    await page.keyboard.press('Escape')
    await page.locator('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('g')
    // the page is drawn anew between the two
    await page.evaluate(async () => {
      dispatchEvent(new PopStateEvent('popstate'))
      await new Promise((resolve) => setTimeout(resolve, 100))
    })
    await page.keyboard.press('b')
    await page.waitForFunction(() => location.pathname === '/batches')
  })

  it('from a stretch on the chart the choice of a comparison is one key away, and not far without', async () => {
    const { page } = await browser.open(`${service.url}/?view=all`)
    await settled(page)
    const chart = page.locator('.by-class .overlay')
    await chart.focus()
    await page.keyboard.press('c')
    await page.locator('.compare-menu :focus').waitFor()
    await page.keyboard.press('Escape')
    await chart.focus()
    const at = () => page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.opens)
    let presses = 0
    while (presses < 40 && (await at()) !== 'compare') {
      await page.keyboard.press('Shift+Tab')
      presses += 1
    }
    expect(presses).toBeLessThanOrEqual(16)
    // what one does not pass with Tab lies sideways
    await page.locator('.by-class .legend button').first().focus()
    await page.keyboard.press('ArrowRight')
    expect(await page.evaluate(() => document.activeElement?.parentElement?.className)).toBe('legend')
    await page.locator('.tile').nth(1).focus()
    await page.keyboard.press('ArrowRight')
    expect(await page.evaluate(() => document.activeElement?.className)).toContain('bell')
  })

  it('remembers language and theme, and the address wins', async () => {
    const { page } = await browser.open(service.url)
    await settled(page)
    await page.locator('.tools .popover').first().locator('button').first().click()
    await page.locator('.menu-item[lang=fr]').click()
    await page.locator('text=Vue d’ensemble').first().waitFor()
    await page.goto(service.url)
    await page.locator('text=Vue d’ensemble').first().waitFor()
    await page.goto(`${service.url}/?lang=zh`)
    await page.locator('text=概览').first().waitFor()
  })

  it('says quietly that the connection is lost, keeps the figures, and comes back', async () => {
    const { page } = await browser.open(`${service.url}/?view=all`, { quiet: true })
    await settled(page)
    const before = await page.locator('.tile-value').first().textContent()
    await page.context().setOffline(true)
    await page.keyboard.press('r')
    await page.locator('.live.lost').waitFor()
    expect(await page.locator('.tile-value').first().textContent()).toBe(before)
    await page.context().setOffline(false)
    await page.locator('.live.on').waitFor({ timeout: 20_000 })
  })
})
