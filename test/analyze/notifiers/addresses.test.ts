import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addressRules } from '../../../analyze/notifiers/addresses.js'
import { createOutgoing } from '../../../analyze/notifiers/outgoing.js'
import { startReceiver, type Receiver } from '../alerts/kit/receiver.js'
import { toldOf, notifierOf, channelOf } from './sample.js'

const INTERNAL = [
  '127.0.0.1',
  '127.8.9.10',
  '0.0.0.0',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '100.100.100.200',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  'fe80::1',
  'fe80::1%eth0',
  'fd00:ec2::254',
  'fc00::1',
  'ff02::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:a9fe:a9fe',
  '0:0:0:0:0:ffff:10.0.0.1',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '[::1]',
]
const PUBLIC = [
  '1.1.1.1',
  '8.8.8.8',
  '172.32.0.1',
  '172.15.255.255',
  '100.128.0.1',
  '192.169.0.1',
  '2606:4700::1111',
  '2a00:1450:4001:80b::200e',
]

describe('addresses that notices may not go to', () => {
  const rules = addressRules()

  it.each(INTERNAL)('%s is refused, and the reason says how to allow it', (address) => {
    expect(rules.refusal(address)).toContain('FAULTLINE_ALLOW_ADDRESSES=')
  })

  it('are told of a host as people write it, names aside', () => {
    for (const host of ['localhost', 'LocalHost', 'api.localhost', '[::1]', '10.1.2.3'])
      expect(rules.refusalOf(host), host).toContain('internal')
    for (const host of ['hooks.slack.com', '1.1.1.1', '[2606:4700::1111]'])
      expect(rules.refusalOf(host), host).toBeNull()
    expect(addressRules(['127.0.0.1']).refusalOf('localhost')).toBeNull()
  })

  it.each(PUBLIC)('%s is fine', (address) => {
    expect(rules.refusal(address)).toBeNull()
  })

  it('are those of IPv4 in every way of writing them into IPv6', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const hex = address.split('.').map((n) => Number(n).toString(16).padStart(2, '0'))
        const mapped = [
          `::ffff:${address}`,
          `::ffff:${hex[0]}${hex[1]}:${hex[2]}${hex[3]}`,
          `0:0:0:0:0:ffff:${hex[0]}${hex[1]}:${hex[2]}${hex[3]}`,
        ]
        const plain = rules.refusal(address) === null
        for (const text of mapped) expect(rules.refusal(text) === null).toBe(plain)
      }),
    )
  })

  it('may be allowed one by one or by network, and no others with them', () => {
    const some = addressRules(['10.1.0.0/16', '::1'])
    expect(some.refusal('10.1.2.3')).toBeNull()
    expect(some.refusal('::ffff:10.1.2.3')).toBeNull()
    expect(some.refusal('::1')).toBeNull()
    expect(some.refusal('10.2.0.1')).not.toBeNull()
    expect(some.refusal('127.0.0.1')).not.toBeNull()
    expect(() => addressRules(['intranet'])).toThrow(/no address or network/)
  })
})

describe('a webhook to an internal address', () => {
  let receiver: Receiver
  beforeAll(async () => {
    receiver = await startReceiver()
  })
  afterAll(() => receiver.close())

  const send = (url: string, allowed: string[] = []) =>
    channelOf('webhook').deliver(toldOf(), notifierOf('webhook', { url }), {
      outgoing: createOutgoing(addressRules(allowed), 1_000),
      now: () => 0,
    })

  it.each(['127.0.0.1', 'localhost', '[::1]', '2130706433', '0x7f.1', '0177.0.0.1', '[::ffff:127.0.0.1]'])(
    'written as %s is not connected to',
    async (host) => {
      const port = new URL(receiver.url).port
      const outcome = await send(`http://${host}:${port}/`)
      expect(outcome).toMatchObject({ ok: false, status: null, permanent: true })
      expect(outcome.ok ? '' : outcome.reason).toContain('internal address')
      expect(receiver.received).toHaveLength(0)
    },
  )

  it('is connected to where it is allowed', async () => {
    expect(await send(receiver.url, ['127.0.0.1'])).toEqual({ ok: true, status: 200 })
    expect(receiver.received).toHaveLength(1)
  })

  it('that a redirect names is not followed to', async () => {
    receiver.behave((response) =>
      response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end(),
    )
    const before = receiver.received.length
    const outcome = await send(receiver.url, ['127.0.0.1'])
    receiver.behave(null)
    expect(outcome).toMatchObject({ ok: false, status: 302, permanent: true })
    expect(outcome.ok ? '' : outcome.reason).toContain('redirects are not followed')
    expect(receiver.received.length).toBe(before + 1)
  })
})

describe('a request', () => {
  let receiver: Receiver
  beforeAll(async () => {
    receiver = await startReceiver()
  })
  afterAll(() => receiver.close())
  const outgoing = createOutgoing(addressRules(['127.0.0.1']), 300)

  it('to a receiver that never answers ends by itself', async () => {
    receiver.behave(() => {})
    await expect(outgoing.post({ url: receiver.url, body: '{}' })).rejects.toThrow(/did not answer within 0.3 s/)
  })

  it('to a receiver that answers for ever ends too, with the status that it gave', async () => {
    receiver.behave((response) => {
      response.writeHead(200)
      const drip = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(drip))
    })
    expect(await outgoing.post({ url: receiver.url, body: '{}' })).toMatchObject({
      status: 200,
      body: expect.stringMatching(/^x+$/),
    })
  })

  it('reads no more of an answer than it needs', async () => {
    receiver.behave((response) => response.end('x'.repeat(5_000_000)))
    expect((await outgoing.post({ url: receiver.url, body: '{}' })).body.length).toBeLessThanOrEqual(16_384)
  })

  it('to a closed port says so', async () => {
    const gone = await startReceiver()
    await gone.close()
    await expect(outgoing.post({ url: gone.url, body: '{}' })).rejects.toThrow(/refuses connections/)
  })
})
