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
    expect(await page.textContent('[role=alert]')).toContain('Ce n’est pas un jeton')
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

  it('hides from a reader what the role may not do, and lets an admin make and revoke a token', async () => {
    const admin = { 'authorization': `Bearer ${TOKEN}`, 'content-type': 'application/json' }
    const reader = await service.post('/api/v1/tokens', JSON.stringify({ name: 'reader', role: 'read' }), admin)
    const signIn = async (token: string) => {
      const { page, complaints } = await browser.open(`${service.url}/access`)
      await page.fill('#token', token)
      await page.click('form button')
      await settled(page)
      await page.waitForFunction(() => document.documentElement.dataset.role !== undefined)
      return { page, complaints }
    }
    const r = await signIn(reader.body.token as string)
    await r.page.waitForSelector('text=You are reader. Role: Read.')
    expect(await r.page.isVisible('text=New token')).toBe(false)
    expect(await r.page.isVisible('h2:text-is("Audit log")')).toBe(false)
    expect(await r.page.isVisible('[data-opens=upload]')).toBe(false)
    expect(r.complaints).toEqual([])

    const a = await signIn(TOKEN)
    await a.page.click('text=New token')
    await a.page.fill('dialog input[required]', 'for a colleague')
    await a.page.selectOption('dialog select', 'operate')
    await a.page.click('dialog button[type=submit]')
    const made = await a.page.textContent('dialog .command code')
    expect(made).toMatch(/^flt_/)
    const use = async () => (await service.get('/api/v1/summary', { authorization: `Bearer ${String(made)}` })).status
    expect(await use()).toBe(200)
    await a.page.click('dialog footer button')
    await shot(a.page, 'access')
    await a.page.click('[aria-label="Revoke: for a colleague"]')
    await a.page.click('dialog button[type=submit]')
    await a.page.waitForSelector('text=Revoked')
    expect(await use()).toBe(401)
    expect(a.complaints).toEqual([])
  }, 60_000)

  it('asks above a half-written rule where the session ended, and the rule is saved as it was written', async () => {
    const { page } = await browser.open(`${service.url}/rules/new`, { quiet: true })
    await page.fill('#token', TOKEN)
    await page.click('form button')
    await settled(page)
    await page.getByLabel('Name', { exact: true }).fill('Half written')
    await page.getByLabel('Fires above (%)').fill('37')
    await page.context().clearCookies()
    await page.getByRole('button', { name: 'Create rule' }).click()
    const dialog = page.locator('dialog[open]')
    await dialog.getByLabel('Access token').fill('not the token at all')
    await page.keyboard.press('Enter')
    await dialog.locator('.field-problem', { hasText: 'That is not the token.' }).waitFor()
    await shot(page, 'signed-out')
    await dialog.getByLabel('Access token').fill(TOKEN)
    await page.keyboard.press('Enter')
    await dialog.waitFor({ state: 'detached' })
    // what was said of the session before is not said of this one
    await page.locator('form.form .problem').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Create rule' }).click()
    await page.waitForFunction(() => location.pathname.startsWith('/rules/rule-'))
    const { body } = await service.get('/api/v1/rules', { authorization: `Bearer ${TOKEN}` })
    expect(body.rules.find(({ name }: { name: string }) => name === 'Half written').expr.above).toBe(0.37)
  }, 60_000)

  it('goes on with an upload that a session did not live to see, once somebody signed in', async () => {
    const { page } = await browser.open(`${service.url}/inputs`, { quiet: true })
    await page.fill('#token', TOKEN)
    await page.click('form button')
    await settled(page)
    await page.context().clearCookies()
    const line = { EdgeStartTimestamp: new Date().toISOString(), EdgeResponseStatus: 200, RayID: 'abcdabcdabcdabcd' }
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles({ name: 'one.ndjson', mimeType: 'text/plain', buffer: Buffer.from(`${JSON.stringify(line)}\n`) })
    await page.locator('dialog[open]').getByLabel('Access token').fill(TOKEN)
    await page.keyboard.press('Enter')
    await page.locator('.upload.done', { hasText: '1 request stored' }).waitFor()
    const { body } = await service.get('/api/v1/batches', { authorization: `Bearer ${TOKEN}` })
    expect(body.batches).toHaveLength(1)
  }, 60_000)

  it('asks once: who does not want to sign in just then looks on, and is asked again by doing something', async () => {
    const { page } = await browser.open(`${service.url}/rules/new`, { quiet: true })
    await page.fill('#token', TOKEN)
    await page.click('form button')
    await settled(page)
    await page.context().clearCookies()
    await page.locator('h1').click()
    await page.keyboard.press('r')
    await page.locator('dialog[open]').waitFor()
    await page.keyboard.press('Escape')
    await page.locator('dialog').waitFor({ state: 'detached' })
    await page.locator('.signed-out', { hasText: 'You are signed out.' }).waitFor()
    const refused = page.waitForResponse((r) => r.status() === 401)
    await page.locator('h1').click()
    await page.keyboard.press('r')
    await refused
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
    expect(await page.locator('dialog').count()).toBe(0)
    await page.getByLabel('Name', { exact: true }).fill('Half written')
    await page.getByRole('button', { name: 'Create rule' }).click()
    await page.locator('dialog[open]').waitFor()
    await page.keyboard.press('Escape')
    await page.locator('.signed-out button').click()
    await page.locator('dialog[open]').getByLabel('Access token').fill(TOKEN)
    await page.keyboard.press('Enter')
    await page.locator('dialog, .signed-out').first().waitFor({ state: 'detached' })
    expect(await page.locator('.signed-out').count()).toBe(0)
    await page.locator('form.form').waitFor()
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
