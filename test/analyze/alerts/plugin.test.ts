/** Alerting over HTTP, on a whole service with a real store. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RULE_KINDS } from '../../../analyze/alerts/kinds/index.js'
import { checkRule } from '../../../analyze/alerts/rules/check.js'
import { fieldsOf } from '../../../schema/api/rule-fields.js'
import { LANGUAGES } from '../../../schema/words/languages.js'
import { startService, type TestService } from '../../app/service.js'
import { lineOf } from './kit/real-store.js'
import { startReceiver, type Receiver } from './kit/receiver.js'

const MINUTE = 60_000
/** A past afternoon: six hours of logs, with an hour in which the edge blocks. */
const START = Date.UTC(2026, 4, 20, 12, 0)
const RULE = {
  name: 'Edge blocks',
  expr: { kind: 'ratio', errors: { status: 403, source: 'edge' }, window: '5m', above: '10%', minimum: 20 },
  for: '2m',
  severity: 'critical',
}

let service: TestService
let receiver: Receiver
let batch: number
const api = (path: string) => `/api/v1${path}`
const json = { 'content-type': 'application/json' }
const post = (path: string, body: unknown) => service.post(api(path), JSON.stringify(body), json)
async function send(method: string, path: string, body?: unknown) {
  const response = await fetch(service.url + api(path), {
    method,
    ...(body === undefined ? {} : { headers: json, body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? null : JSON.parse(text) }
}

beforeAll(async () => {
  receiver = await startReceiver()
  service = await startService({
    alerting: {
      allowAddresses: ['127.0.0.1'],
      publicUrl: 'https://faultline.example.com',
    },
  })
  const lines: string[] = []
  for (let minute = 0; minute < 360; minute++) {
    for (let i = 0; i < 12; i++) {
      const blocked = minute >= 125 && minute < 160 && i % 2 === 0
      lines.push(
        lineOf({
          time: START + minute * MINUTE + i * 4_000,
          status: blocked ? 403 : 200,
          origin: blocked ? 0 : 200,
          host: i % 3 === 0 ? 'api.example.com' : 'www.example.com',
        }),
      )
    }
  }
  const report = await service.post(api('/logs?input=upload&name=afternoon.ndjson'), lines.join(''))
  expect(report.status).toBe(200)
  batch = report.body.id
})
afterAll(async () => {
  await service.stop()
  await receiver.close()
})

async function until<T>(ask: () => Promise<T>, fits: (value: T) => boolean): Promise<T> {
  for (let i = 0; i < 300; i++) {
    const value = await ask()
    if (fits(value)) return value
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('It did not happen within 30 s')
}

describe('rules', () => {
  it('to begin with are there after the first upload: off until somebody confirms them, but for surges', async () => {
    const { body } = await until(
      () => service.get(api('/rules')),
      (answer) => answer.body.rules.length > 0,
    )
    const rules = body.rules as {
      name: string
      enabled: boolean
      origin: string
      state: string
      expr: { kind: string; above?: number }
    }[]
    expect(rules.map((r) => [r.origin, r.enabled, r.expr.kind])).toEqual([
      ['starter', true, 'surge'],
      ['starter', false, 'ratio'],
      ['starter', false, 'ratio'],
      ['starter', false, 'ratio'],
      ['starter', false, 'ratio'],
      ['starter', false, 'burn-rate'],
      ['starter', false, 'burn-rate'],
      ['starter', false, 'absence'],
    ])
    // history is no live traffic: nothing to evaluate
    expect(rules[0].state).toBe('waiting')
    expect(body.watermark).toBeNull()
  })

  it('are made, read, changed and deleted', async () => {
    const made = await post('/rules', RULE)
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      name: 'Edge blocks',
      origin: 'person',
      enabled: true,
      expr: { kind: 'ratio', above: 0.1, window: '5m' },
      for: '2m',
      severity: 'critical',
    })
    const { id } = made.body
    expect((await service.get(api(`/rules/${id}`))).body.name).toBe('Edge blocks')
    const changed = await send('PUT', `/rules/${id}`, { ...RULE, enabled: false, for: '10m' })
    expect(changed.body).toMatchObject({ for: '10m', state: 'off' })
    expect((await send('DELETE', `/rules/${id}`)).status).toBe(204)
    expect((await service.get(api(`/rules/${id}`))).body).toMatchObject({ statusCode: 404, code: 'NO_SUCH_RULE' })
  })

  it('with a mistake are refused with the place and the reason', async () => {
    const { status, body } = await post('/rules', { ...RULE, expr: { ...RULE.expr, windwo: '5m' }, severity: 'urgent' })
    expect([status, body.code]).toEqual([400, 'BAD_RULE'])
    expect(body.message).toContain('expr.windwo: "windwo" is not known here. Did you mean "window"?')
    expect(body.message).toContain('severity: "urgent" is not known')
  })

  it('do not share a name', async () => {
    const { body } = await post('/rules', { ...RULE, name: 'Server errors' })
    expect(body).toMatchObject({ statusCode: 409, code: 'NAME_TAKEN' })
  })

  it('are exported as a file that is valid', async () => {
    const { body, headers } = await service.get(api('/rules/export'))
    expect(headers.get('content-type')).toContain('yaml')
    const { body: verdict } = await post('/rules/validate', { yaml: body })
    expect(verdict).toMatchObject({ valid: true, problems: [] })
    expect(verdict.rules).toHaveLength(8)
    const wrong = await post('/rules/validate', { yaml: (body as string).replace('kind: surge', 'kind: surprise') })
    expect(wrong.body.problems[0]).toMatchObject({ line: 6, path: 'groups[0].rules[0].expr.kind' })
  })

  it('whose share is of requests that were chosen by how they ended are valid, and come with a warning', async () => {
    const draft = { ...RULE, name: 'Of 503s', expr: { ...RULE.expr, where: { status: 503 }, errors: { class: '5xx' } } }
    const warning = { code: 'ALWAYS_ERRORS', rule: 'Of 503s', path: 'expr.where.status' }
    for (const path of ['/rules/validate', '/rules/preview', '/backtest']) {
      const { status, body } = await post(`${path}?lang=fr`, path === '/rules/validate' ? draft : { rule: draft })
      expect([path, status]).toEqual([path, 200])
      expect(body.warnings).toEqual([{ ...warning, message: expect.stringContaining('Retirez-y status=503') }])
    }
    const yaml =
      'groups:\n  - name: g\n    rules:\n      - alert: Of 503s\n        expr: {kind: ratio, where: {status: 503}, errors: {class: 5xx}, window: 5m, above: 5%}\n'
    const { body } = await post('/rules/validate', { yaml })
    expect(body).toMatchObject({ valid: true, problems: [], warnings: [warning] })
  })
})

describe('kinds of rules', () => {
  it('are described with their fields, limits and words in every language, so that an editor can be made of them', async () => {
    for (const lang of LANGUAGES) {
      const { body } = await service.get(api(`/rules/kinds?lang=${lang}`))
      expect(body.kinds.map((k: { kind: string }) => k.kind)).toEqual(RULE_KINDS.map((k) => k.name))
      for (const { name, when, fields } of body.kinds) {
        expect(name && when).not.toBe('')
        for (const field of fields) {
          expect(field.label, `${lang} ${name} ${field.name}`).not.toBe(field.name)
          for (const inner of field.fields ?? []) expect(inner.label).not.toBe(inner.name)
        }
      }
    }
    const { body } = await service.get(api('/rules/kinds?lang=fr'))
    const ratio = body.kinds.find((k: { kind: string }) => k.kind === 'ratio')
    expect(ratio.fields.find((f: { name: string }) => f.name === 'window')).toEqual({
      name: 'window',
      reads: 'window',
      required: true,
      least: '1m',
      most: '30d',
      label: 'Comptées sur',
      help: '',
    })
  })

  it('are in the description of the API with every field, each optional one with what it is when left out', async () => {
    const { body } = await service.get('/openapi.json')
    const { anyOf } = body.paths['/api/v1/rules'].post.requestBody.content['application/json'].schema.properties.expr
    const told = anyOf.map((one: { properties: object; required: string[] }) => [
      Object.keys(one.properties),
      one.required,
    ])
    expect(told).toEqual(RULE_KINDS.map(({ schema }) => [Object.keys(schema.properties), schema.required]))
    expect(anyOf[0].properties.minimum.default).toBe(100)
  })

  it('give what they describe back: the example of every kind is a rule, and its draft reads back to the same', () => {
    const examples: { [reads: string]: unknown } = { window: '5m', filters: { class: '5xx' }, share: 0.1, number: 5 }
    for (const { name, schema } of RULE_KINDS) {
      const expr = Object.fromEntries(
        fieldsOf(schema).flatMap(([f, of, needed]) => (needed && f !== 'kind' ? [[f, examples[of['x-reads']]]] : [])),
      )
      const { draft, problems } = checkRule({ name: 'R', expr: { kind: name, ...expr } }, 'r')
      expect(problems).toEqual([])
      expect(checkRule(draft, 'r').draft).toEqual(draft)
      expect(draft?.expr).toMatchObject(expr)
    }
  })
})

describe('what a rule would have done', () => {
  it('is shown before it is saved: its value over time and every episode', async () => {
    const { status, body } = await post('/rules/preview', {
      rule: RULE,
      from: '2026-05-20T12:00:00Z',
      to: '2026-05-20T18:00:00Z',
    })
    expect(status).toBe(200)
    expect(body.episodes).toMatchObject([
      {
        pendingAt: '2026-05-20T14:07:00.000Z',
        firedAt: '2026-05-20T14:09:00.000Z',
        resolvedAt: '2026-05-20T14:44:00.000Z',
        threshold: 0.1,
        expected: 0,
      },
    ])
    expect(body.series).toHaveLength(1)
    const points = body.series[0].points as [number, number | null][]
    expect(points[0][0]).toBe(START)
    expect(points.find(([at]) => at === START + 130 * MINUTE)?.[1]).toBe(0.5)
    expect(points.length).toBeLessThanOrEqual(400)
  })

  it('is replayed over any range, for a draft or a stored rule', async () => {
    const { body } = await post('/backtest', { rule: { ...RULE, by: ['host'] } })
    expect(body.episodes.map((e: { labels: { host: string } }) => e.labels.host).sort()).toEqual([
      'api.example.com',
      'www.example.com',
    ])
    expect(body).toMatchObject({ notices: 2, noticesPerWeek: 2, unit: 'share' })
    const { body: rules } = await service.get(api('/rules'))
    const stored = await post('/backtest', {
      ruleId: rules.rules[1].id,
      from: '2026-05-20T12:00:00Z',
      to: '2026-05-20T13:00:00Z',
    })
    expect(stored.body).toMatchObject({ episodes: [], notices: 0, from: '2026-05-20T12:00:00.000Z' })
    expect((await post('/backtest', {})).body).toMatchObject({ statusCode: 400, code: 'WHICH_RULE' })
    expect((await post('/backtest', { ruleId: 'x' })).body).toMatchObject({ statusCode: 404, code: 'NO_SUCH_RULE' })
    expect((await post('/backtest', { rule: RULE, from: 'yesterday' })).body).toMatchObject({
      statusCode: 400,
      code: 'BAD_TIME',
    })
  })

  it.each([
    ['en', 'No record of the last day carries ClientASN, which', 'longer than 400 days'],
    ['fr', 'Aucun enregistrement du dernier jour ne porte ClientASN, dont', 'dépasse 400 jours :'],
    ['zh', '最近一天没有任何记录带有 ClientASN，而', '超过 400 天，仅检查了'],
  ])('says what the logs lack and what was not looked at, in %s', async (lang, lacking, tooLong) => {
    const rule = { name: 'R', expr: { kind: 'count', where: { asn: 64500 }, window: '5m', above: 1 } }
    const range = { from: '2025-01-01T00:00:00Z', to: '2026-05-20T13:00:00Z' }
    for (const route of ['/backtest', '/rules/preview']) {
      const { problems } = (await post(`${route}?lang=${lang}`, { rule, ...range })).body
      expect(problems.map((text: string) => [lacking, tooLong].map((part) => text.includes(part)))).toEqual([
        [true, false],
        [false, true],
      ])
    }
  })

  it('stands in the report of an upload, in the language asked for', async () => {
    const { id } = (await post('/rules', RULE)).body
    const { status, body } = await service.get(api(`/alerts/would-have-fired?batch=${batch}&lang=fr`))
    expect(status).toBe(200)
    const mine = body.rules.find((r: { id: string }) => r.id === id)
    expect(mine.summary).toBe('Edge blocks\u202f: aurait sonné à 14:09, résolue à 14:44.')
    // rules that are off are told too, and the surge was found by the detector
    expect(body.rules).toHaveLength(9)
    expect(body.rules[0].episodes.length).toBeGreaterThan(0)
    expect((await service.get(api('/alerts'))).body.alerts).toEqual([])
    expect((await service.get(api('/alerts/would-have-fired?batch=99'))).status).toBe(404)
  })
})

describe('silences and maintenance', () => {
  it('are made, listed and ended', async () => {
    const made = await post('/silences', {
      matchers: [{ label: 'host', op: '=~', value: 'www*' }],
      endsAt: new Date(Date.now() + 3_600_000).toISOString(),
      reason: 'deploy',
      by: 'Ada',
    })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({ state: 'active', alerts: 0, reason: 'deploy' })
    const { body } = await service.get(api('/silences'))
    expect(body.silences).toHaveLength(1)
    expect((await send('DELETE', `/silences/${made.body.id}`)).status).toBe(204)
    expect((await send('DELETE', `/silences/${made.body.id}`)).status).toBe(404)
  })

  it('need an end after their beginning, a reason and something to match', async () => {
    expect(
      (await post('/silences', { matchers: [{ label: 'a', value: 'b' }], endsAt: '2020-01-01', reason: 'x' })).body,
    ).toMatchObject({ code: 'EMPTY_RANGE' })
    expect((await post('/silences', { matchers: [], endsAt: '2090-01-01', reason: 'x' })).status).toBe(400)
    expect((await post('/silences', { matchers: [{ label: 'a', value: 'b' }], endsAt: '2090-01-01' })).status).toBe(400)
  })

  it('recur by the calendar', async () => {
    const made = await post('/maintenance', {
      name: 'Deploys',
      weekdays: ['tuesday'],
      start: '02:30',
      duration: '90m',
      timeZone: 'Europe/Paris',
    })
    expect(made.status).toBe(201)
    expect(new Date(made.body.next).getUTCDay()).toBe(2)
    expect((await post('/maintenance', { name: 'x', start: '2:30', duration: '1h' })).status).toBe(400)
    expect((await post('/maintenance', { name: 'x', start: '02:30', duration: 'long' })).body).toMatchObject({
      code: 'BAD_DURATION',
    })
    expect(
      (await post('/maintenance', { name: 'x', start: '02:30', duration: '1h', timeZone: 'Mars/Olympus' })).body,
    ).toMatchObject({ code: 'BAD_ZONE' })
    expect((await send('DELETE', `/maintenance/${made.body.id}`)).status).toBe(204)
  })
})

describe('notifiers', () => {
  const hook = () => ({
    name: 'hook',
    type: 'webhook',
    settings: { url: receiver.url, secret: 'whsec_c2VjcmV0', authorization: 'Bearer token' },
  })

  it('never show a secret again: of an address its host and last characters, of headers their names', async () => {
    const made = await post('/notifiers', {
      ...hook(),
      settings: {
        ...hook().settings,
        url: `${receiver.url}/services/T0000/B0000/verysecretpart`,
        headers: { 'X-Key': 'k-1234' },
      },
    })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      settings: {},
      secrets: {
        url: `${receiver.url}/…part`,
        secret: '••••••••',
        authorization: '••••••••',
        headers: 'X-Key: ••••••••',
      },
      destination: `${receiver.url}/…part`,
    })
    const { id } = made.body
    const renamed = await send('PUT', `/notifiers/${id}`, { name: 'renamed', type: 'webhook', settings: {} })
    expect(renamed.body).toMatchObject({ name: 'renamed', secrets: made.body.secrets })
    expect(renamed.body.dropped).toBeUndefined()
    for (const text of [
      made,
      renamed,
      await service.get(api('/notifiers')),
      await service.get(api('/notifiers/deliveries')),
    ]) {
      expect(JSON.stringify(text.body)).not.toMatch(/whsec_|Bearer|verysecret|k-1234/)
    }
    const cleared = await send('PUT', `/notifiers/${id}`, {
      name: 'renamed',
      type: 'webhook',
      settings: { authorization: null },
    })
    expect(cleared.body.secrets).toMatchObject({ secret: '••••••••', authorization: null })
  })

  it('rest where nobody who has the file can read them', () => {
    const files = readdirSync(service.folder).filter((name) => !name.endsWith('.key'))
    expect(files.length).toBeGreaterThan(0)
    for (const name of files) {
      expect(readFileSync(join(service.folder, name), 'latin1')).not.toMatch(/whsec_|verysecret|k-1234/)
    }
  })

  it('keep a header that is only named, and send it', async () => {
    const [{ id }] = (await service.get(api('/notifiers'))).body.notifiers
    const put = (headers: object) =>
      send('PUT', `/notifiers/${id}`, { name: 'renamed', type: 'webhook', settings: { headers } })
    expect((await put({ 'X-Key': null, 'X-Team': 'edge' })).body.secrets.headers).toBe(
      'X-Key: ••••••••\nX-Team: ••••••••',
    )
    await send('POST', `/notifiers/${id}/test`)
    expect(receiver.received.at(-1)?.headers).toMatchObject({ 'x-key': 'k-1234', 'x-team': 'edge' })
  })

  it('do not send kept secrets to another place: they are gone unless given again', async () => {
    const [{ id }] = (await service.get(api('/notifiers'))).body.notifiers
    const other = await startReceiver()
    const moved = await send('PUT', `/notifiers/${id}`, {
      name: 'renamed',
      type: 'webhook',
      settings: { url: other.url, headers: { 'X-Key': null, 'X-New': 'n' } },
    })
    expect(moved.body).toMatchObject({
      secrets: { secret: null, authorization: null, headers: 'X-New: ••••••••' },
      dropped: ['secret', 'headers'],
    })
    expect((await send('POST', `/notifiers/${id}/test`)).body.ok).toBe(true)
    const { headers } = other.received[0]
    expect(headers).toMatchObject({ 'x-new': 'n' })
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['authorization']))
    expect([headers.authorization, headers['x-key'], headers['webhook-signature']]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    await other.close()
    const back = await send('PUT', `/notifiers/${id}`, {
      name: 'renamed',
      type: 'webhook',
      settings: { url: `${receiver.url}/other`, secret: 'whsec_bmV3' },
    })
    expect(back.body.secrets.secret).toBe('••••••••')
  })

  it('can be tried out, and the log tells of it', async () => {
    const [{ id }] = (await service.get(api('/notifiers'))).body.notifiers
    const before = receiver.received.length
    const tried = await send('POST', `/notifiers/${id}/test`)
    expect(tried.body).toMatchObject({ ok: true, status: 200, error: null })
    expect(receiver.received[before].headers['webhook-id']).toBe(tried.body.id)
    expect(receiver.received[before].headers['webhook-signature']).toMatch(/^v1,/)
    const { body } = await service.get(api(`/notifiers/deliveries?notifier=${id}`))
    expect(body.deliveries[0]).toMatchObject({
      id: tried.body.id,
      reason: 'test',
      state: 'sent',
      attempts: [{ ok: true, status: 200 }],
    })
  })

  it.each(['http://10.0.0.7/x', 'http://169.254.169.254/latest', 'http://[::1]:8080/', 'http://[::ffff:10.0.0.7]/'])(
    'do not go to %s, and say so when they are saved',
    async (url) => {
      const { status, body } = await post('/notifiers', { name: 'inside', type: 'webhook', settings: { url } })
      expect([status, body.code]).toEqual([400, 'ADDRESS_REFUSED'])
      expect(body.message).toContain('FAULTLINE_ALLOW_ADDRESSES')
    },
  )

  it('take a DELETE with a content type and no body, as some clients send it', async () => {
    const { id } = (await post('/notifiers', { ...hook(), name: 'short-lived' })).body
    const response = await fetch(`${service.url}${api(`/notifiers/${id}`)}`, { method: 'DELETE', headers: json })
    expect(response.status).toBe(204)
    expect(await post('/notifiers', 'x')).toMatchObject({ status: 400 })
    expect((await service.post(api('/notifiers'), '{', json)).body).toMatchObject({ statusCode: 400, code: 'BAD_JSON' })
    expect((await service.post(api('/notifiers'), '', json)).body).toMatchObject({ statusCode: 400 })
    expect(
      (await service.post(api('/notifiers'), 'a=b', { 'content-type': 'application/x-www-form-urlencoded' })).body,
    ).toMatchObject({ statusCode: 415, code: 'WRONG_TYPE' })
  })

  it('say what is wrong with their settings', async () => {
    const codes = async (settings: object, type = 'webhook') =>
      (await post('/notifiers', { name: 'x', type, settings })).body.code as string
    expect(await codes({})).toBe('MISSING_SETTING')
    expect(await codes({ url: 'ftp://example.com' })).toBe('BAD_SETTING')
    expect(await codes({ url: 'https://user:pass@example.com' })).toBe('BAD_SETTING')
    expect(await codes({ url: 'https://example.com', colour: 'red' })).toBe('UNKNOWN_SETTING')
    expect(await codes({ url: 'https://example.com', headers: { 'a b': 'c' } })).toBe('BAD_SETTING')
    expect(await codes({ host: 'smtp.example.com', from: 'a@example.com', to: ['nobody'] }, 'email')).toBe(
      'BAD_SETTING',
    )
    expect((await post('/notifiers', { ...hook(), name: 'other', language: 'de' })).body.code).toBe('UNKNOWN_LANGUAGE')
    expect((await post('/notifiers', { ...hook(), name: 'other', groupInterval: 'often' })).body.code).toBe(
      'BAD_DURATION',
    )
    expect((await post('/notifiers', { ...hook(), type: 'slak' })).body).toMatchObject({
      statusCode: 400,
      message: expect.stringContaining('Did you mean "slack"?'),
    })
    expect((await post('/notifiers', { ...hook(), name: 7 })).body).toMatchObject({
      code: 'BAD_REQUEST',
      message: expect.stringContaining('/name'),
    })
  })

  it('describe themselves, so that a page can ask for what each needs', async () => {
    const { body } = await service.get(api('/notifiers/types'))
    expect(body.types.map((t: { type: string }) => t.type)).toEqual([
      'webhook',
      'slack',
      'teams',
      'pagerduty',
      'email',
      'feishu',
      'dingtalk',
      'alertmanager',
    ])
    for (const type of body.types) expect(type.settings.some((s: { required: boolean }) => s.required)).toBe(true)
  })
})

describe('the description of the API', () => {
  it('holds every route of alerting, with what it takes and gives', async () => {
    const { body } = await service.get('/openapi.json')
    const paths = Object.keys(body.paths).map((path) => path.replace('/api/v1', ''))
    for (const path of [
      '/rules',
      '/rules/{id}',
      '/rules/preview',
      '/alerts',
      '/alerts/{id}/acknowledge',
      '/silences',
      '/maintenance',
      '/notifiers',
      '/notifiers/deliveries',
      '/backtest',
    ]) {
      expect(paths).toContain(path)
    }
    expect(JSON.stringify(body.paths['/api/v1/rules'].post.requestBody)).toContain('burn-rate')
  })
})

describe('live logs', () => {
  it('make an alert that is told, acknowledged and listed', async () => {
    await post('/rules', { name: 'Live', expr: { kind: 'count', where: { status: 429 }, window: '1m', above: 3 } })
    const now = Date.now()
    const lines: string[] = []
    for (let age = 40 * MINUTE; age > 0; age -= 2_000) {
      lines.push(lineOf({ time: now - age, status: 200 }))
      if (age < 20 * MINUTE) lines.push(lineOf({ time: now - age, status: 429, origin: 0 }))
    }
    await service.post(api('/logs?input=logpush'), lines.join(''))
    const { body } = await until(
      () => service.get(api('/alerts?state=firing')),
      (answer) => answer.body.alerts.some((a: { name: string }) => a.name === 'Live'),
    )
    const alert = body.alerts.find((a: { name: string }) => a.name === 'Live')
    expect(alert).toMatchObject({
      state: 'firing',
      labels: { alertname: 'Live', severity: 'warning' },
      unit: 'requests',
      threshold: 3,
      history: false,
      observed: null,
    })
    await until(
      async () => receiver.received.map((r) => r.text),
      (texts) => texts.some((t) => t.includes('"Live"')),
    )
    const { body: rules } = await service.get(api('/rules'))
    expect(rules.rules.find((r: { name: string }) => r.name === 'Live')).toMatchObject({
      state: 'firing',
      instances: [{ state: 'firing' }],
    })
    expect(rules.delays[0]).toMatchObject({ input: 'logpush', seconds: 300, learned: false })
    const acknowledged = await post(`/alerts/${alert.id}/acknowledge`, { by: 'Ada', note: 'looking' })
    expect(acknowledged.body.acknowledged).toMatchObject({ by: 'Ada', note: 'looking' })
    expect((await service.get(api(`/alerts/${alert.id}`))).body.acknowledged.by).toBe('Ada')
    expect((await post('/alerts/none/acknowledge', {})).status).toBe(404)
    expect((await service.get(api('/alerts?state=sleeping'))).body.code).toBe('BAD_STATE')
    expect((await service.get(api('/alerts?sate=firing'))).body.code).toBe('UNKNOWN_PARAMETER')
  }, 60_000)

  it('are counted for those who watch the watcher', async () => {
    const metrics = async () =>
      Object.fromEntries(
        ((await service.get('/metrics')).body as string)
          .split('\n')
          .filter((line) => line.startsWith('faultline_alert'))
          .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
      )
    // a notice that was just taken is on its way out of the queue
    const now = await until(metrics, (all) => all.faultline_alert_notices_queued === 0)
    expect(now['faultline_alerts_firing{rule="Live",severity="warning"}']).toBe(1)
    expect(now['faultline_alerts_firing{rule="Edge blocks",severity="critical"}']).toBe(0)
    expect(now['faultline_alert_rules{state="firing"}']).toBeGreaterThanOrEqual(1)
    expect(now['faultline_alert_rules{state="cannot-be-evaluated"}']).toBe(0)
    expect(now['faultline_alert_deliveries_total{channel="webhook",outcome="sent"}']).toBeGreaterThanOrEqual(2)
    expect(now.faultline_alert_notices_queued).toBe(0)
    expect(now.faultline_alert_evaluations_total).toBeGreaterThan(0)
    expect(now.faultline_alert_evaluation_errors_total).toBe(0)
    expect(now.faultline_alert_watermark_timestamp_seconds).toBeGreaterThan(Date.now() / 1000 - 1_800)
    expect(Math.abs(now.faultline_alert_last_evaluation_timestamp_seconds - Date.now() / 1000)).toBeLessThan(120)
    // asking twice counts nothing twice
    expect((await metrics())['faultline_alerts_firing{rule="Live",severity="warning"}']).toBe(1)
  })
})
