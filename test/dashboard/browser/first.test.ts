/** What the page asks before it has its words. */
import { describe, expect, it } from 'vitest'
import { hasChromium, settled } from './browser.js'
import { withPage } from './kit.js'
import { traffic } from './traffic.js'

const DAY = 86_400_000

describe.skipIf(!hasChromium)('logs of the past', () => {
  const logs = traffic(Date.now() - 30 * DAY)
  const kit = withPage(() => logs.lines)

  it('are asked for by their own time while the words travel, and nothing more of the last day, which is empty', async () => {
    const { page, complaints } = await kit.browser.open('about:blank')
    const asked: URL[] = []
    page.on('request', (request) => {
      const url = new URL(request.url())
      if (url.pathname.startsWith('/api/v1/') && url.searchParams.has('from')) asked.push(url)
    })
    let words = () => {}
    const held = new Promise<void>((done) => (words = done))
    await page.route('**/assets/en-*.js', async (route) => {
      await held
      await route.continue()
    })
    await page.goto(`${kit.service.url}/?lang=en`)
    const names = (of: (from: number) => boolean) =>
      asked
        .filter((url) => of(Date.parse(url.searchParams.get('from') ?? '')))
        .map((url) => url.pathname.replace('/api/v1/', ''))
        .sort()
    const isPast = (from: number) => from < logs.to
    await expect.poll(() => names(isPast)).toEqual(['percentiles', 'spikes', 'summary', 'timeseries'])
    words()
    await settled(page)
    await page.locator('.rows.status .row-pick').first().waitFor()
    expect(names((from) => !isPast(from))).toEqual(['percentiles', 'spikes', 'summary', 'timeseries'])
    // what the upload stirred up, rules and spikes, may be asked again
    const addresses = asked.filter(({ pathname }) => !/spikes|alerts/.test(pathname)).map(String)
    expect(addresses.filter((one, i) => addresses.indexOf(one) !== i)).toEqual([])
    expect(Number(await page.locator('.tile-value').first().getAttribute('data-count'))).toBe(logs.lines.length)
    expect(complaints).toEqual([])
  })
})
