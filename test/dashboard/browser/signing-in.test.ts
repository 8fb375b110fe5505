/** The login page in a real browser: its headers decide whether a form of our own gets through. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startService, type TestService } from '../../app/service.js'
import { hasChromium, launch, settled, shot, type TestBrowser } from './browser.js'

const TOKEN = 'correct-horse-battery-staple'

describe.skipIf(!hasChromium)('signing in', () => {
  let browser: TestBrowser
  let service: TestService
  beforeAll(async () => {
    service = await startService({ access: { token: TOKEN, allowedHosts: null } })
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  it('leads to the page that was asked for; a wrong token says so; signing out closes it again', async () => {
    const { page, complaints } = await browser.open(`${service.url}/batches?tz=UTC`, { locale: 'fr-FR', quiet: true })
    await shot(page, 'login-fr')
    expect(await page.title()).toBe('Connexion à Faultline')
    await page.fill('#token', 'not the token at all')
    await page.click('form button')
    expect(await page.textContent('[role=alert]')).toContain('Ce n’est pas le jeton')
    await page.fill('#token', TOKEN)
    await page.click('form button')
    await settled(page)
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/batches?tz=UTC')
    await page.click('[aria-label="Se déconnecter"]')
    await page.waitForURL('**/login')
    await page.goto(`${service.url}/`)
    expect(page.url()).toContain('/login?next=')
    expect(complaints).toEqual([])
  }, 60_000)

  it('shows no way out where nobody signed in', async () => {
    const open = await startService()
    try {
      const { page, complaints } = await browser.open(open.url)
      await settled(page)
      expect(await page.locator('form[action="/logout"]').count()).toBe(0)
      expect(complaints).toEqual([])
    } finally {
      await open.stop()
    }
  }, 60_000)
})
