import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sameSecret } from '../../dashboard/access/token.js'
import { LOGIN_COLOURS } from '../../dashboard/access/login-page.js'
import { startService, type TestService } from './service.js'

const TOKEN = 'correct-horse-battery-staple'

/** A request with headers that fetch would not let through. */
function raw(
  service: TestService,
  path: string,
  headers: { [name: string]: string },
  method = 'GET',
  body = '',
): Promise<number> {
  return new Promise((resolve, reject) => {
    const out = request(new URL(service.url + path), { method, headers }, (response) => {
      response.resume()
      resolve(response.statusCode as number)
    })
    out.on('error', reject)
    out.end(body)
  })
}

describe('on loopback without a token', () => {
  let service: TestService
  beforeAll(async () => {
    service = await startService()
  })
  afterAll(() => service.stop())

  it.each(['localhost', 'localhost:9', '127.0.0.1:8080', '[::1]:8080', 'LOCALHOST'])('answers for %s', async (host) =>
    expect(await raw(service, '/api/v1/summary', { host })).toBe(200),
  )
  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '192.168.1.2'])(
    'does not answer for "%s" (DNS rebinding)',
    async (host) => {
      expect(await raw(service, '/api/v1/summary', { host })).toBeGreaterThanOrEqual(400)
    },
  )
  it.each([
    ['a page elsewhere', { origin: 'http://evil.example' }],
    ['a sandboxed page', { origin: 'null' }],
    ['another port', { origin: 'http://127.0.0.1:1' }],
    ['a form elsewhere', { 'sec-fetch-site': 'cross-site' }],
    ['a page of a sister site', { 'sec-fetch-site': 'same-site' }],
  ])('refuses a post of %s', async (_what, headers) => {
    expect(await raw(service, '/api/v1/logs', { ...headers, 'content-type': 'text/plain' }, 'POST', '{}')).toBe(403)
    expect(await raw(service, '/api/v1/batches/1', headers, 'DELETE')).toBe(403)
  })
  it('takes a post of its own page, and of a program', async () => {
    expect(
      await raw(
        service,
        '/api/v1/logs',
        { 'origin': service.url, 'sec-fetch-site': 'same-origin' },
        'POST',
        '{"content":"tests"}',
      ),
    ).toBe(200)
    expect(await raw(service, '/api/v1/logs', {}, 'POST', '{"content":"tests"}')).toBe(200)
    // a form of our own, from a browser that hides the origin; and our page behind a proxy that rewrites Host
    expect(
      await raw(
        service,
        '/api/v1/logs',
        { 'origin': 'null', 'sec-fetch-site': 'same-origin' },
        'POST',
        '{"content":"tests"}',
      ),
    ).toBe(200)
    expect(
      await raw(
        service,
        '/api/v1/logs',
        { 'origin': 'https://faultline.example.com', 'sec-fetch-site': 'same-origin' },
        'POST',
        '{"content":"tests"}',
      ),
    ).toBe(200)
  })
  it('sends a strict content security policy everywhere', async () => {
    for (const path of ['/', '/api/v1/summary', '/nowhere']) {
      const policy = (await service.get(path)).headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'none'")
      expect(policy).not.toContain('unsafe')
    }
    expect((await service.get('/api/v1/summary')).headers.get('x-content-type-options')).toBe('nosniff')
  })
})

describe('with a token', () => {
  let service: TestService
  beforeAll(async () => {
    service = await startService({ access: { token: TOKEN, allowedHosts: null } })
  })
  afterAll(() => service.stop())

  it.each([
    '/',
    '/api/v1/summary',
    '/api/v1/stream',
    '/metrics',
    '/readyz',
    '/docs/',
    '/openapi.json',
    '/assets/x.js',
    '/nowhere',
  ])('%s is closed', async (path) => {
    expect((await service.get(path)).status).toBe(401)
  })
  it('/healthz is open', async () => expect((await service.get('/healthz')).body).toEqual({ status: 'ok' }))
  it.each([
    ['bearer', `Bearer ${TOKEN}`],
    ['basic, as Logpush can send it', `Basic ${Buffer.from(`logpush:${TOKEN}`).toString('base64')}`],
  ])('opens with %s', async (_what, authorization) =>
    expect((await service.get('/api/v1/summary', { authorization })).status).toBe(200),
  )
  it.each(['Bearer wrong', 'Bearer', `Bearer ${TOKEN} `.slice(0, -2), 'Basic !!!', TOKEN])(
    'stays closed with "%s"',
    async (authorization) => {
      expect((await service.get('/api/v1/summary', { authorization })).status).toBe(401)
    },
  )
  it('sends a browser to the login page and, after the token, back', async () => {
    const asked = await service.get('/records?status=403', { accept: 'text/html' })
    expect([asked.status, asked.headers.get('location')]).toEqual([303, '/login?next=%2Frecords%3Fstatus%3D403'])
    const page = await service.get('/login', { 'accept-language': 'fr-FR' })
    expect(page.body).toContain('Jeton d’accès')
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    expect((await service.post('/login', 'token=wrong', form)).status).toBe(401)
    const done = await service.post('/login?next=/records%3Fstatus%3D403', `token=${TOKEN}`, form)
    expect([done.status, done.headers.get('location')]).toEqual([303, '/records?status=403'])
    const cookie = done.headers.get('set-cookie') as string
    expect(cookie).toMatch(/HttpOnly.*SameSite=Strict/)
    expect(cookie).not.toContain(TOKEN)
    expect((await service.get('/api/v1/summary', { cookie: cookie.split(';')[0] })).status).toBe(200)
  })
  it('lets a browser sign out; the cookie that tells the page so opens nothing', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const cookies = (await service.post('/login', `token=${TOKEN}`, form)).headers.getSetCookie()
    expect(cookies.map((text) => [text.split('=')[0], text.includes('HttpOnly')])).toEqual([
      ['faultline_session', true],
      ['faultline_signed_in', false],
    ])
    expect((await service.get('/api/v1/summary', { cookie: 'faultline_signed_in=1' })).status).toBe(401)
    const left = await service.post('/logout', '', { ...form, cookie: cookies[0].split(';')[0] })
    expect([left.status, left.headers.get('location')]).toEqual([303, '/login'])
    expect(left.headers.getSetCookie().every((text) => /Expires=Thu, 01 Jan 1970|Max-Age=0/.test(text))).toBe(true)
  })
  it('speaks the language chosen on it, also after a wrong token, and keeps where to go', async () => {
    const page = (await service.get('/login?next=/records&lang=zh', { 'accept-language': 'fr' })).body as string
    expect(page).toContain('lang="zh" hreflang="zh" aria-current="true"')
    expect(page).toContain('action="/login?next=%2Frecords&amp;lang=zh"')
    const wrong = await service.post('/login?next=/records&lang=zh', 'token=wrong', {
      'content-type': 'application/x-www-form-urlencoded',
      'accept-language': 'fr',
    })
    expect([wrong.status, (wrong.body as string).includes('令牌不正确')]).toEqual([401, true])
    expect((await service.get('/login?lang=xx&lang=yy&next=/a&next=/b')).status).toBe(200)
  })
  it('wears the colours of the page, in both themes', () => {
    const css = readFileSync(new URL('../../dashboard/web/styles/tokens.css', import.meta.url), 'utf8')
    const themes = [css, css.slice(css.indexOf('data-theme'))].map(
      (text) =>
        new Map([...text.split('\n}')[0].matchAll(/--([\w-]+): (#\w+)/g)].map(([, name, value]) => [name, value])),
    )
    for (const [name, [light, dark]] of Object.entries(LOGIN_COLOURS))
      expect([name, light, dark]).toEqual([name, themes[0].get(name), themes[1].get(name)])
  })
  it.each(['//evil.example', '/\\evil.example', 'https://evil.example', '/a\nb'])(
    'does not send anyone to "%s" after login',
    async (next) => {
      const done = await service.post(`/login?next=${encodeURIComponent(next)}`, `token=${TOKEN}`, {
        'content-type': 'application/x-www-form-urlencoded',
      })
      expect(done.headers.get('location')).toBe('/')
    },
  )
})

it('secrets of any length compare', () => {
  expect(sameSecret('a', 'a')).toBe(true)
  expect(sameSecret('a', 'ab')).toBe(false)
})
