/** Signing in with a real OpenID Connect provider, as a browser does it. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'
import { buildApp } from '../../../app.js'
import { createReaderPool } from '../../../ingest/reader/pool.js'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { roleMapOf, type RoleMap } from '../../../dashboard/access/providers/roles.js'
import { startService, type TestService } from '../service.js'

const PEOPLE: { [login: string]: { [claim: string]: string | boolean | string[] } } = {
  ada: { email: 'ada@example.com', email_verified: true, groups: [] },
  grace: { email: 'grace@elsewhere.example', email_verified: true, groups: ['sre'] },
  eve: { preferred_username: 'ada@example.com', groups: ['sre'] },
  mallory: { email: 'ada@example.com', email_verified: false, groups: [] },
}
const PUBLIC_URL = 'http://faultline.test'
const ROLES = ['ada@example.com=admin', 'group:sre=operate']
const OIDC = () => ({
  issuer,
  clientId: 'faultline',
  clientSecret: 'a secret of the provider',
  claim: 'groups',
  url: PUBLIC_URL,
  roles: roleMapOf(ROLES) as RoleMap,
})

let provider: Server
let service: TestService
let issuer: string

beforeAll(async () => {
  let handle: ReturnType<Provider['callback']> | undefined
  provider = createServer((request, response) => void handle?.(request, response))
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`
  const oidc = new Provider(issuer, {
    clients: [
      {
        client_id: 'faultline',
        client_secret: 'a secret of the provider',
        redirect_uris: [`${PUBLIC_URL}/login/oidc/callback`],
        application_type: 'web',
      },
    ],
    claims: { openid: ['sub', 'preferred_username'], email: ['email', 'email_verified'], groups: ['groups'] },
    scopes: ['openid', 'email', 'groups'],
    pkce: { required: () => true },
    cookies: { keys: ['a key for the cookies of this test'] },
    findAccount: (_context, id) => ({ accountId: id, claims: async () => ({ sub: id, ...PEOPLE[id] }) }),
  })
  handle = oidc.callback()
  service = await startService({
    access: {
      token: null,
      allowedHosts: null,
      oidc: OIDC(),
    },
  })
})
afterAll(async () => {
  await service.stop()
  provider.close()
})

/** Keeps cookies by host, follows where it is sent, and asks the service where it would be reached. */
class Browser {
  private readonly jar = new Map<string, Map<string, string>>()

  async open(address: string, form?: { [name: string]: string }): Promise<{ url: URL; status: number; body: string }> {
    const url = new URL(address)
    const real = url.origin === PUBLIC_URL ? new URL(url.pathname + url.search, service.url) : url
    const cookies = this.jar.get(url.host) ?? new Map<string, string>()
    this.jar.set(url.host, cookies)
    const response = await fetch(real, {
      redirect: 'manual',
      headers: { accept: 'text/html', cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    })
    for (const text of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(text) as RegExpExecArray
      if (value === '' || /Expires=Thu, 01 Jan 1970|Max-Age=0/i.test(text)) cookies.delete(name)
      else cookies.set(name, value)
    }
    const to = response.headers.get('location')
    const body = await response.text()
    return to === null ? { url, status: response.status, body } : this.open(new URL(to, url).href)
  }

  cookie(name: string): string {
    return `${name}=${this.jar.get(new URL(PUBLIC_URL).host)?.get(name) ?? ''}`
  }
}

/** Up to where the provider sends the browser back. */
async function signIn(login: string, browser = new Browser()) {
  let page = await browser.open(`${PUBLIC_URL}/login/oidc?next=/records`)
  for (const prompt of ['login', 'consent']) {
    if (page.url.origin !== issuer) break
    expect(page.url.pathname).toContain('/interaction/')
    page = await browser.open(page.url.href, { prompt, ...(prompt === 'login' ? { login, password: 'any' } : {}) })
  }
  return { browser, page }
}
const who = async (browser: Browser) =>
  (await service.get('/api/v1/me', { cookie: browser.cookie('faultline_session') })).body as {
    name: string
    role: string
  }

it('offers it on the sign-in page', async () => {
  expect((await service.get('/login?next=/records')).body).toContain('href="/login/oidc?next=%2Frecords"')
  expect((await service.get('/api/v1/summary')).status).toBe(401)
})

it('lets in whom the provider vouches for, with the role of the address or of the group, back to where they were', async () => {
  const { browser, page } = await signIn('ada')
  expect([page.status, page.body]).toEqual([200, expect.stringContaining('content="0;url=/records"')])
  expect(await who(browser)).toMatchObject({ name: 'ada@example.com', role: 'admin', session: true })
  expect(await who((await signIn('grace')).browser)).toMatchObject({ name: 'grace@elsewhere.example', role: 'operate' })
})

it('believes no address that the provider has not verified', async () => {
  const { page } = await signIn('mallory')
  expect([page.status, page.body]).toEqual([403, expect.stringContaining('have no role here')])
})

it('a name that somebody chose for himself is nobody else’s: sessions and notes are told by names', async () => {
  const { browser } = await signIn('eve')
  expect(await who(browser)).toMatchObject({ name: 'ada@example.com [eve]', role: 'operate' })
})

it('takes no answer that it has not asked for, and none twice', async () => {
  const stranger = await new Browser().open(`${PUBLIC_URL}/login/oidc/callback?code=x&state=y`)
  expect([stranger.status, stranger.body]).toEqual([401, expect.stringContaining('was not finished')])
  const { browser, page } = await signIn('ada')
  expect((await browser.open(page.url.href)).status).toBe(401)
})

it('goes nowhere else afterwards', async () => {
  const browser = new Browser()
  await signIn('ada', browser)
  const page = await browser.open(`${PUBLIC_URL}/login/oidc?next=//evil.example`)
  expect(page.body).toContain('content="0;url=/"')
})

it('ends such a session like any other', async () => {
  const { browser } = await signIn('grace')
  await browser.open(`${PUBLIC_URL}/logout`, {})
  expect((await service.get('/api/v1/me', { cookie: browser.cookie('faultline_session') })).status).toBe(401)
})

it('ends with the roles that it was begun under: whoever loses one loses it at the restart', async () => {
  const { browser } = await signIn('ada')
  const cookie = browser.cookie('faultline_session')
  const restarted = async (roles: string[]) => {
    const readers = createReaderPool()
    const oidc = { ...OIDC(), roles: roleMapOf(roles) as RoleMap }
    const app = await buildApp({ store: service.store, readers, access: { token: null, allowedHosts: null, oidc } })
    const { statusCode } = await app.inject({ url: '/api/v1/me', headers: { cookie } })
    await app.close()
    await readers.close()
    return statusCode
  }
  expect(await restarted(ROLES)).toBe(200)
  expect(await restarted(['ada@example.com=read', 'group:sre=operate'])).toBe(401)
})
