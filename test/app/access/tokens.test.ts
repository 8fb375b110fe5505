/** Tokens and sessions: made, shown once, kept as hashes, over at once; who did what is written down. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditEntryJson, MadeTokenJson, SessionJson } from '../../../schema/api/access.js'
import { Database } from '../../../schema/sqlite/driver/index.js'
import { queryTokenOf, withoutQueryToken } from '../../../dashboard/access/query-token.js'
import { startService, type TestService } from '../service.js'

const TOKEN = 'correct-horse-battery-staple'
const ADMIN = { authorization: `Bearer ${TOKEN}` }
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const LINE = JSON.stringify({
  EdgeStartTimestamp: '2026-05-20T14:00:00Z',
  EdgeResponseStatus: 200,
  RayID: '7a1f7ad4df2f870a',
  ZoneName: 'example.com',
})

let service: TestService
beforeAll(async () => {
  service = await startService({ access: { token: TOKEN, allowedHosts: null } })
})
afterAll(() => service.stop())

const json = async (method: string, path: string, headers: { [name: string]: string }, body?: object) => {
  const response = await fetch(`${service.url}/api/v1${path}`, {
    method,
    headers: { ...headers, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text.startsWith('{') ? JSON.parse(text) : text }
}
const make = async (draft: object): Promise<MadeTokenJson> => {
  const { status, body } = await json('POST', '/tokens', ADMIN, draft)
  expect([status, body.message]).toEqual([201, undefined])
  return body as MadeTokenJson
}
const signIn = async (token: string) => {
  const { status, headers, body } = await service.post('/login', `token=${token}`, FORM)
  return { status, body: String(body), cookie: (headers.get('set-cookie') ?? '').split(';')[0] }
}
const summary = async ({ cookie, authorization }: { cookie?: string; authorization?: string }) =>
  (await service.get('/api/v1/summary', { ...(cookie ? { cookie } : {}), ...(authorization ? { authorization } : {}) }))
    .status
const audit = async (query = ''): Promise<AuditEntryJson[]> =>
  (await json('GET', `/audit${query}`, ADMIN)).body.entries as AuditEntryJson[]

describe('a token in the address', () => {
  it('opens POST /api/v1/logs and nothing else, and is seen nowhere afterwards', async () => {
    const { token, id } = await make({ name: 'a plain sender', role: 'ingest' })
    const sent = await service.post(
      `/api/v1/logs?job=plain&token=${encodeURIComponent(token)}`,
      LINE.replace('870a', '8700'),
    )
    expect([sent.status, sent.body.job]).toEqual([200, 'plain'])
    expect((await service.post('/api/v1/logs?token=', LINE)).status).toBe(401)
    const wrong = await service.post('/api/v1/logs?token=flt_guess', LINE)
    expect([wrong.status, JSON.stringify(wrong.body)]).toEqual([401, expect.not.stringContaining('flt_guess')])
    expect((await service.post(`/api/v1/logs?token=${token}`, LINE, { authorization: 'Bearer other' })).status).toBe(
      401,
    )
    expect((await service.get(`/api/v1/summary?token=${TOKEN}`)).status).toBe(401)
    const { tokens } = (await json('GET', '/tokens', ADMIN)).body
    expect(tokens.find((one: { id: string }) => one.id === id).lastUsedAt).not.toBeNull()
    for (const path of ['/audit', '/batches']) {
      const said = JSON.stringify((await json('GET', path, ADMIN)).body)
      expect([said.includes(token), said.includes('flt_guess')]).toEqual([false, false])
    }
  })
  it('is taken out of the address before anybody sees that', () => {
    const request = { method: 'POST', url: '/api/v1/logs?a=1&token=x%2By&b=2' }
    expect([withoutQueryToken(request), queryTokenOf(request)]).toEqual(['/api/v1/logs?a=1&b=2', 'x+y'])
    for (const other of [
      { method: 'GET', url: '/api/v1/logs?token=x' },
      { method: 'POST', url: '/api/v1/rules?token=x' },
    ])
      expect([withoutQueryToken(other), queryTokenOf(other)]).toEqual([other.url, null])
  })
})

describe('a token', () => {
  it('is shown once, and rests as a hash only', async () => {
    const made = await make({ name: 'on call', role: 'read' })
    expect(made).toMatchObject({ name: 'on call', role: 'read', zones: null, state: 'valid', lastUsedAt: null })
    expect(made.token).toMatch(/^flt_[\w-]{43}$/)
    expect(JSON.stringify((await json('GET', '/tokens', ADMIN)).body)).not.toContain(made.token)
    for (const name of ['faultline.sqlite', 'faultline.sqlite-wal'])
      expect(readFileSync(join(service.folder, name)).includes(made.token)).toBe(false)
    expect(await summary({ authorization: `Bearer ${made.token}` })).toBe(200)
    const { tokens } = (await json('GET', '/tokens', ADMIN)).body
    expect(tokens.find(({ id }: { id: string }) => id === made.id).lastUsedAt).not.toBeNull()
  })

  it('that is revoked opens nothing from then on, nor do the sessions that it began', async () => {
    const made = await make({ name: 'for a while', role: 'read' })
    const { cookie, status } = await signIn(made.token)
    expect([status, await summary({ cookie })]).toEqual([303, 200])
    expect((await json('DELETE', `/tokens/${made.id}`, ADMIN)).body.state).toBe('revoked')
    const refused = await json('GET', '/summary', { authorization: `Bearer ${made.token}` })
    expect([refused.status, refused.body.code]).toEqual([401, 'TOKEN_REVOKED'])
    expect(await summary({ cookie })).toBe(401)
    expect((await signIn(made.token)).body).toContain('has expired or was revoked')
    expect((await json('DELETE', `/tokens/${made.id}`, ADMIN)).body.code).toBe('TOKEN_OVER')
  })

  it('ends when it says, and its sessions with it', async () => {
    const expiresAt = new Date(Date.now() + 4_000).toISOString()
    const made = await make({ name: 'short', role: 'read', expiresAt })
    const { cookie } = await signIn(made.token)
    expect(await summary({ cookie })).toBe(200)
    const code = async () => (await json('GET', '/summary', { authorization: `Bearer ${made.token}` })).body.code
    await expect.poll(code, { interval: 200 }).toBe('TOKEN_EXPIRED')
    expect(await summary({ cookie })).toBe(401)
  })

  it('for sending sends, and signs nobody in', async () => {
    const { token } = await make({ name: 'logpush', role: 'ingest' })
    const basic = { authorization: `Basic ${Buffer.from(`logpush:${token}`).toString('base64')}` }
    expect((await service.post('/api/v1/logs', LINE, basic)).body).toMatchObject({ stored: 1 })
    expect(await summary(basic)).toBe(403)
    const { status, body, cookie } = await signIn(token)
    expect([status, cookie]).toEqual([403, ''])
    expect(body).toContain('only sends logs')
  })

  it('that makes no sense is not made', async () => {
    const codes = await Promise.all(
      [
        { name: 'a', role: 'admin', zones: ['example.com'] },
        { name: 'b', role: 'read', expiresAt: '2020-01-01' },
        { name: 'c', role: 'read', zones: ['*.example.com'] },
        { name: 'd', role: 'king' },
        { name: ' ', role: 'read' },
      ].map(async (draft) => (await json('POST', '/tokens', ADMIN, draft)).body.code),
    )
    expect(codes).toEqual(['ADMIN_OF_ZONES', 'ALREADY_OVER', 'BAD_REQUEST', 'BAD_REQUEST', 'BAD_REQUEST'])
  })
})

describe('a session', () => {
  const ofCookie = async (cookie: string): Promise<SessionJson[]> =>
    (await json('GET', '/sessions', { cookie })).body.sessions as SessionJson[]

  it('ends when one signs out, wherever the cookie is', async () => {
    const { cookie } = await signIn(TOKEN)
    expect(await summary({ cookie })).toBe(200)
    expect((await service.post('/logout', '', { ...FORM, cookie })).status).toBe(303)
    expect(await summary({ cookie })).toBe(401)
  })

  it('is listed, ended one by one, or all but the one that asks; others see and end their own only', async () => {
    const made = await make({ name: 'reader', role: 'read' })
    const [mine, other, admin] = [await signIn(made.token), await signIn(made.token), await signIn(TOKEN)]
    const own = await ofCookie(mine.cookie)
    expect(own.map(({ name, current }) => [name, current])).toEqual([
      ['reader', false],
      ['reader', true],
    ])
    const all = await ofCookie(admin.cookie)
    expect(all.length).toBeGreaterThan(2)
    const ofAdmin = all.find(({ current }) => current) as SessionJson
    expect((await json('DELETE', `/sessions/${ofAdmin.id}`, { cookie: mine.cookie })).status).toBe(404)
    expect((await json('DELETE', `/sessions/${own[0].id}`, { cookie: mine.cookie })).status).toBe(204)
    expect([await summary(mine), await summary(other), await summary(admin)]).toEqual([200, 401, 200])
    const ended = await json('DELETE', '/sessions', { cookie: admin.cookie })
    expect(ended.body.ended).toBeGreaterThanOrEqual(1)
    expect([await summary(mine), await summary(admin)]).toEqual([401, 200])
  })

  it('has the role of its token, and what it writes its name', async () => {
    const { cookie } = await signIn((await make({ name: 'Grace', role: 'operate' })).token)
    expect((await json('GET', '/me', { cookie })).body).toEqual({
      role: 'operate',
      zones: null,
      name: 'Grace',
      session: true,
      asked: true,
    })
    const note = { text: 'deploy', at: '2026-05-20T14:00:00Z', by: 'somebody else' }
    expect((await json('POST', '/annotations', { cookie }, note)).body.author).toBe('Grace')
    expect((await json('POST', '/annotations', ADMIN, note)).body.author).toBe('somebody else')
    expect((await json('GET', '/tokens', { cookie })).body.code).toBe('ROLE_NEEDED')
    const foreign = await fetch(`${service.url}/api/v1/annotations`, {
      method: 'POST',
      headers: { cookie, 'origin': 'https://evil.example', 'content-type': 'application/json' },
      body: JSON.stringify(note),
    })
    expect(foreign.status).toBe(403)
  })

  it('that ended hears nothing more on the live stream', async () => {
    const { cookie } = await signIn(TOKEN)
    const stream = await fetch(`${service.url}/api/v1/stream`, { headers: { cookie } })
    const reader = (stream.body as ReadableStream<Uint8Array>).getReader()
    await reader.read()
    await service.post('/logout', '', { ...FORM, cookie })
    const over = (async () => {
      while (!(await reader.read()).done);
    })()
    await expect(over).rejects.toThrow()
  }, 15_000)
})

describe('the audit log', () => {
  it('tells sign-ins, refusals, changes, deletions and uploads, by whom and from where', async () => {
    const made = await make({ name: 'Ada', role: 'operate' })
    const ada = { authorization: `Bearer ${made.token}` }
    const { id } = (await service.post('/api/v1/logs', LINE.replace('7a1f', '8b2f'), ada)).body as { id: string }
    await json('DELETE', `/batches/${id}`, ada)
    await json('POST', '/notifiers', ada, { name: 'x' })
    await signIn('wrong')
    await json('GET', '/records', ada)
    const entries = await audit()
    const of = (action: string, actor: string | null) =>
      entries.find((one) => one.action === action && one.actor === actor)
    expect(of('token.create', 'FAULTLINE_TOKEN')).toMatchObject({ outcome: 'done', address: '127.0.0.1' })
    expect(of('logs.post', 'Ada')).toMatchObject({
      target: id,
      outcome: 'done',
      role: 'operate',
      detail: { times: 1, lines: 1, stored: 1 },
    })
    expect(of('batch.delete', 'Ada')).toMatchObject({ target: id, outcome: 'done', detail: { removed: 1 } })
    expect(of('notifier.create', 'Ada')).toMatchObject({ outcome: 'refused' })
    expect(entries.find((one) => one.action === 'session.begin' && one.outcome === 'refused')).toMatchObject({
      actor: null,
      address: '127.0.0.1',
    })
    expect(of('records.read', 'Ada')).toMatchObject({ detail: { times: 1 } })
    expect(JSON.stringify(entries)).not.toContain(made.token)
    expect(await audit('?action=batch&outcome=done')).toHaveLength(1)
  })

  it('is hardly an entry for a flood of guesses', async () => {
    const before = await audit()
    for (let i = 0; i < 30; i++) await summary({ authorization: 'Bearer guess' })
    const doors = async () =>
      (await audit('?outcome=refused&action=door')).filter(({ id }) => !before.some((one) => one.id === id))
    const timesIn = (entries: AuditEntryJson[]) =>
      entries.reduce((sum, { detail }) => sum + (detail as { times: number }).times, 0)
    await expect.poll(async () => timesIn(await doors())).toBe(30)
    expect((await doors()).length).toBeLessThanOrEqual(3)
  })

  it('can be taken along whole, for a spreadsheet without formulas', async () => {
    await make({ name: '=cmd|x', role: 'read' })
    const take = async (format: string) => {
      const response = await fetch(`${service.url}/api/v1/audit?format=${format}`, { headers: ADMIN })
      return { name: response.headers.get('content-disposition'), lines: (await response.text()).trim().split(/\r?\n/) }
    }
    const ndjson = await take('ndjson')
    expect(ndjson.lines.map((line) => (JSON.parse(line) as AuditEntryJson).action)).toContain('token.create')
    const csv = await take('csv')
    expect(csv.name).toContain('faultline-audit.csv')
    expect(csv.lines[0]).toBe('time,actor,role,address,action,target,outcome,detail,id')
    expect(csv.lines.length).toBeGreaterThanOrEqual(ndjson.lines.length)
    expect(csv.lines.some((line) => line.startsWith('='))).toBe(false)
  })

  it('can only grow: the store itself refuses to change or remove an entry', async () => {
    const db = new Database(join(service.folder, 'faultline.sqlite'))
    expect(() => db.prepare("update audit set actor = 'nobody'").run()).toThrow('append-only')
    expect(() => db.prepare('delete from audit').run()).toThrow('append-only')
  })
})
