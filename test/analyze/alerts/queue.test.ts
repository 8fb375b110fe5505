/** Delivery: retries, patience, order, isolation, and the log of it all. */
import { afterEach, describe, expect, it } from 'vitest'
import { retryAt } from '../../../analyze/alerts/notices/backoff.js'
import { checkNotifier } from '../../../analyze/alerts/notices/check-notifier.js'
import { startReceiver, type Receiver } from './kit/receiver.js'
import { MINUTE, START } from './kit/series.js'
import { blockedIn, makeWorld, type World, type WorldOptions } from './kit/world.js'

const EXPR = { kind: 'count', where: { status: 403 }, window: '1m', above: 10 } as const

let world: World
const others: Receiver[] = []
async function given(options: Partial<WorldOptions> = {}): Promise<World> {
  world = await makeWorld({ rules: [{ expr: EXPR }], ...options })
  world.traffic = blockedIn([[5, 200]])
  return world
}
afterEach(async () => {
  for (const other of others.splice(0)) await other.close()
  await world.close()
})

const deliveries = async (w: World) =>
  (
    await w.log.deliveries({
      notifier: null,
      state: null,
      limit: 100,
      after: null,
    })
  ).items

describe('a receiver that', () => {
  it('answers 500 is asked again, later and later, and hears it in the end', async () => {
    const w = await given()
    w.receiver.behave((response) => response.writeHead(500).end('<h1>oops</h1>'))
    await w.pass(40)
    w.receiver.behave(null)
    await w.pass(60)
    const [delivery] = (await deliveries(w)).reverse()
    expect(delivery.state).toBe('sent')
    const failed = delivery.attempts.filter((a) => !a.ok)
    expect(failed[0]).toMatchObject({ status: 500, error: 'answered 500: <h1>oops</h1>' })
    const waits = failed.slice(1).map((a, i) => a.at - failed[i].at)
    expect(waits.length).toBeGreaterThanOrEqual(4)
    for (let i = 1; i < waits.length; i++) expect(waits[i]).toBeGreaterThanOrEqual(waits[i - 1])
    expect(new Set(w.receiver.received.map((r) => r.headers['webhook-id'])).size).toBe(1)
  })

  it('asks for patience with Retry-After gets it', async () => {
    const w = await given()
    w.receiver.behave((response) => response.writeHead(429, { 'retry-after': '600' }).end())
    await w.pass(8)
    expect(w.receiver.received).toHaveLength(1)
    w.receiver.behave(null)
    await w.pass(9)
    expect(w.receiver.received).toHaveLength(1)
    await w.pass(2)
    expect(w.receiver.received).toHaveLength(2)
  })

  it('hangs holds up nobody else', async () => {
    const w = await given()
    const other = await startReceiver()
    others.push(other)
    await w.log.putNotifier(
      {
        ...checkNotifier({ name: 'other', type: 'webhook', settings: { url: other.url } }, null).notifier,
        id: 'other',
      },
      START,
    )
    w.receiver.behave(() => {})
    await w.pass(7)
    w.now += MINUTE
    w.store.addBatch({
      from: new Date(w.now - 2 * MINUTE).toISOString(),
      to: new Date(w.now - MINUTE).toISOString(),
      receivedAt: new Date(w.now).toISOString(),
    })
    await w.service.evaluate()
    const delivering = w.service.deliver()
    // the other has heard it while the first still holds its request
    while (other.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    const hook = (await deliveries(w)).find((d) => d.notice.notifier === 'hook')
    expect(hook?.state).toBe('sending')
    // and what comes for the other meanwhile does not wait either
    const [sent] = (await deliveries(w)).filter((d) => d.notice.notifier === 'other')
    await w.log.enqueue({ ...sent.notice, id: 'next' }, 0)
    const again = w.service.deliver()
    while (other.received.length === 1) await new Promise((resolve) => setTimeout(resolve, 5))
    expect((await w.log.delivery(hook!.notice.id))?.state).toBe('sending')
    await Promise.all([delivering, again])
    expect((await deliveries(w)).find((d) => d.notice.notifier === 'hook')).toMatchObject({
      state: 'queued',
      attempts: [{ ok: false, error: expect.stringContaining('did not answer') }],
    })
  })

  it('refuses one notice still gets those of other groups', async () => {
    const w = await given({
      rules: [
        { expr: EXPR, name: 'Poison' },
        { expr: EXPR, name: 'Fine' },
      ],
    })
    w.receiver.behave((response, { text }) => response.writeHead(text.includes('Poison') ? 400 : 200).end())
    await w.pass(10)
    expect((await deliveries(w)).map((d) => [d.notice.alerts[0].name, d.state]).sort()).toEqual([
      ['Fine', 'sent'],
      ['Poison', 'queued'],
    ])
  })

  it('is away hears the turns of one alert in their order', async () => {
    const w = await given()
    w.traffic = blockedIn([[5, 8]])
    w.receiver.behave((response) => response.writeHead(503).end())
    await w.pass(15)
    w.receiver.behave(null)
    await w.pass(20)
    const phases = w.receiver.received.slice(-2).map((r) => (r.body as { alerts: { phase: string }[] }).alerts[0].phase)
    expect(phases).toEqual(['firing', 'resolved'])
  })

  it('never comes back: after a day the notice is given up, stays in the log, and can be sent by hand', async () => {
    const w = await given({ notifier: { repeatInterval: '30d' } })
    w.receiver.behave((response) => response.writeHead(404).end('no_service'))
    await w.pass(10)
    for (let hour = 0; hour < 30; hour++) {
      w.jump(60 * MINUTE)
      await w.service.deliver()
    }
    const [given_up] = await deliveries(w)
    expect(given_up.state).toBe('failed')
    expect((await w.log.counts()).hook).toMatchObject({
      queued: 0,
      failed: 1,
      last: { ok: false, error: 'answered 404: no_service' },
    })
    w.receiver.behave(null)
    expect(await w.log.retry(given_up.notice.id, w.now)).toBe(true)
    await w.service.deliver()
    expect((await deliveries(w))[0].state).toBe('sent')
  })
})

describe('a notifier', () => {
  it('that is mended gets what waits for it at once', async () => {
    const w = await given()
    w.receiver.behave((response) => response.writeHead(500).end())
    await w.pass(20)
    const before = w.receiver.received.length
    w.receiver.behave(null)
    const [notifier] = (await w.log.load()).notifiers
    await w.log.putNotifier({ ...notifier, name: 'renamed' }, w.now)
    await w.service.deliver()
    expect(w.receiver.received.length).toBe(before + 1)
  })

  it('that is deleted leaves nothing waiting', async () => {
    const w = await given()
    w.receiver.behave((response) => response.writeHead(500).end())
    await w.pass(10)
    await w.log.deleteNotifier('hook')
    expect((await deliveries(w)).map((d) => d.state)).toEqual(['cancelled'])
    expect(await w.log.nextDue()).toBeNull()
  })

  it('that is new is told what already fires', async () => {
    const w = await given()
    await w.pass(20)
    const other = await startReceiver()
    others.push(other)
    await w.log.putNotifier(
      {
        ...checkNotifier({ name: 'other', type: 'webhook', settings: { url: other.url } }, null).notifier,
        id: 'other',
      },
      w.now,
    )
    await w.pass(1)
    expect(other.received.map((r) => (r.body as { alerts: { phase: string }[] }).alerts[0].phase)).toEqual(['firing'])
    expect(w.said).toHaveLength(1)
  })

  it('takes only the severities and labels that it asks for, and rules may name theirs', async () => {
    const w = await given({
      rules: [
        { expr: EXPR, name: 'critical', severity: 'critical' },
        { expr: EXPR, name: 'warning' },
        { expr: EXPR, name: 'named', severity: 'info', notify: ['hook'] },
        { expr: EXPR, name: 'elsewhere', severity: 'critical', notify: ['other'] },
      ],
      notifier: { severities: ['critical'], groupBy: [] },
    })
    const other = await startReceiver()
    others.push(other)
    await w.log.putNotifier(
      {
        ...checkNotifier(
          {
            name: 'other',
            type: 'webhook',
            matchers: [{ label: 'alertname', op: '=~', value: 'nothing*' }],
            settings: { url: other.url },
          },
          null,
        ).notifier,
        id: 'other',
      },
      START,
    )
    await w.pass(10)
    expect(w.said).toEqual(['12:08 firing critical + firing named'])
    expect(
      other.received.map((r) => (r.body as { alerts: { rule: { name: string } }[] }).alerts.map((a) => a.rule.name)),
    ).toEqual([['elsewhere']])
  })

  it('can be tried out, without waiting behind others', async () => {
    const w = await given()
    const [notifier] = (await w.log.load()).notifiers
    const { id, outcome } = await w.service.sendTest(notifier)
    expect(outcome).toEqual({ ok: true, status: 200 })
    await w.service.deliver()
    expect(w.receiver.received).toHaveLength(1)
    expect(w.receiver.received[0].body).toMatchObject({ reason: 'test', id, title: 'Test notice' })
    w.receiver.behave((response) => response.writeHead(401).end('invalid_token'))
    const failed = await w.service.sendTest(notifier)
    expect(failed.outcome).toMatchObject({ ok: false, reason: 'answered 401: invalid_token' })
    // a test is not sent again behind one's back
    expect((await w.log.delivery(failed.id))?.state).toBe('failed')
  })
})

describe('the explanation of a spike', () => {
  const about: unknown[] = []
  const explanation = {
    cause: {
      id: '403/waf-managed-rule',
      title: 'Une règle gérée',
      explanation: 'Elle bloque.',
      confidence: 0.9,
      url: null,
    },
    firstCheck: 'Voir les événements.',
    spike: 's1',
  }

  it('is asked in the language of the channel, for the records of the alert, and goes with the notice', async () => {
    const w = await given({
      notifier: { language: 'fr' },
      service: {
        publicUrl: 'https://faultline.example.com/',
        explain: async (question) => {
          about.push(question)
          return explanation
        },
      },
    })
    await w.pass(8)
    expect(about).toEqual([
      {
        from: START + 5 * MINUTE,
        to: START + 6 * MINUTE,
        filters: [{ dimension: 'status', values: ['403'] }],
        status: 403,
        statusClass: null,
        source: null,
        host: null,
        language: 'fr',
      },
    ])
    expect(w.receiver.received[0].body).toMatchObject({
      language: 'fr',
      alerts: [
        {
          cause: { title: 'Une règle gérée', firstCheck: 'Voir les événements.' },
          links: { spike: 'https://faultline.example.com/spikes/s1' },
        },
      ],
    })
  })

  it('that fails costs nobody the notice', async () => {
    const w = await given({ service: { explain: () => Promise.reject(new Error('no')) } })
    await w.pass(8)
    expect(w.said).toEqual(['12:08 firing Rule'])
  })
})

describe('patience', () => {
  it('doubles from 10 s to an hour, spread by half to one and a half, and ends after a day', () => {
    const failure = { permanent: false, retryAfterMs: null }
    const waits = Array.from({ length: 12 }, (_, i) => (retryAt(failure, i + 1, 0, 0, 0.5) ?? 0) / 1000)
    expect(waits).toEqual([10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600])
    expect(retryAt(failure, 1, 0, 0, 0)).toBe(5_000)
    expect(retryAt(failure, 1, 0, 0, 1)).toBe(15_000)
    expect(retryAt(failure, 3, 0, 24 * 60 * MINUTE, 0.5)).toBeNull()
  })

  it('is as long as Retry-After asks, up to six hours', () => {
    expect(retryAt({ permanent: false, retryAfterMs: 90_000 }, 1, 0, 0, 0.5)).toBe(90_000)
    expect(retryAt({ permanent: false, retryAfterMs: 1e12 }, 1, 0, 0, 0.5)).toBe(6 * 60 * MINUTE)
  })
})
