/** The page of the inputs, and the overview whose newest minutes are not complete. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOUR, MINUTE } from '../../../schema/words/duration.js'
import { startService, type TestService } from '../../app/service.js'
import { hasChromium, launch, settled, shot, type TestBrowser } from './browser.js'
import { ndjson } from './traffic.js'

describe.skipIf(!hasChromium)('the inputs', () => {
  let browser: TestBrowser
  let service: TestService
  beforeAll(async () => {
    browser = await launch()
    service = await startService()
    const now = Math.floor(Date.now() / MINUTE) * MINUTE
    const deliver = (job: string, until: number) =>
      service.post(
        `/api/v1/logs?job=${job}`,
        ndjson(
          Array.from({ length: Math.floor((until - now + 6 * HOUR) / 10_000) }, (_, i) => ({
            EdgeStartTimestamp: new Date(now - 6 * HOUR + i * 10_000).toISOString(),
            EdgeResponseStatus: 200,
            RayID: `${job === 'www' ? '1' : '2'}${i.toString(16).padStart(15, '0')}`,
            ClientRequestHost: `${job}.example.com`,
          })),
        ),
        { 'user-agent': 'Go-http-client/2.0' },
      )
    await deliver('www', now - HOUR)
    await deliver('shop', now)
  })
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  it.each([
    ['en', 'Logpush · www', 'Silent', 'last_error', 'The newest minutes are not complete'],
    ['fr', 'Logpush · www', 'Muette', 'last_error', 'Les minutes les plus récentes ne sont pas complètes'],
    ['zh', 'Logpush · www', '无日志到达', 'last_error', '最近几分钟的数据不完整'],
  ])(
    'say what is silent and what to do, on their page and on the overview (%s)',
    async (lang, name, state, todo, said) => {
      const { page, complaints } = await browser.open(`${service.url}/?lang=${lang}`)
      await settled(page)
      await page.locator('.incomplete').waitFor()
      expect(await page.locator('.incomplete').textContent()).toContain(said)
      expect(await page.locator('.incomplete').textContent()).toContain(name)
      await shot(page, `incomplete-${lang}`)
      await page.locator('.incomplete a').click()
      await settled(page)
      const card = page.locator('.input-card', { hasText: name })
      expect(await card.locator('.state').textContent()).toBe(state)
      expect(await card.locator('.advice .serious').first().textContent()).toContain(todo)
      expect(await page.locator('.input-card').count()).toBe(2)
      expect(await page.locator('.input-card', { hasText: 'shop' }).locator('.serious').count()).toBe(0)
      await shot(page, `inputs-${lang}`)
      expect(complaints).toEqual([])
    },
  )
})
