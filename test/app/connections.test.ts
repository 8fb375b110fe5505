/** Connections that are held for nothing, over real sockets: each is cut by its limit, and nobody else notices. */
import { once } from 'node:events'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { ConnectionLimits } from '../../dashboard/access/connections.js'
import { startService, type TestService } from './service.js'

const LINE = `${JSON.stringify({ EdgeStartTimestamp: '2026-05-20T14:05:00Z', EdgeResponseStatus: 200, RayID: '7a1f7ad4df2f870a' })}\n`

let service: TestService
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await service.stop()
})

const start = async (connections: Partial<ConnectionLimits> = {}) => {
  service = await startService({ access: { token: null, allowedHosts: [], connections } })
}

interface Talking {
  socket: Socket
  text: () => string
  closed: () => boolean
}

function talk(said = ''): Talking {
  const socket = connect((service.app.server.address() as AddressInfo).port, '127.0.0.1')
  sockets.push(socket)
  let text = ''
  let isClosed = false
  socket.on('error', () => {})
  socket.on('data', (chunk) => (text += chunk.toString('latin1')))
  socket.once('close', () => (isClosed = true))
  if (said !== '') socket.write(said)
  return { socket, text: () => text, closed: () => isClosed }
}

/** The machine may be busy. */
const soon = <T>(ask: () => T) => expect.poll(ask, { timeout: 20_000 })

const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`
const isFine = async () => expect((await service.get('/healthz')).status).toBe(200)
const heldByServer = () =>
  new Promise<number>((resolve, reject) =>
    service.app.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  )

describe('a connection', () => {
  it('with huge headers is told so, and ended', async () => {
    await start()
    const huge = talk(get('/healthz', `Cookie: ${'x'.repeat(40_000)}\r\n`))
    await soon(huge.closed).toBe(true)
    expect(huge.text()).toMatch(/^HTTP\/1\.1 431 .*Connection: close.*"code":"HEADERS_TOO_LARGE".*16384 bytes/s)
    const large = talk(get('/healthz', `Cookie: ${'x'.repeat(14_000)}\r\n`))
    await soon(large.text).toMatch(/^HTTP\/1\.1 200 /)
    const garbage = talk('SSH-2.0-OpenSSH_9.6\r\n\r\n')
    await soon(garbage.closed).toBe(true)
    expect(garbage.text()).toMatch(/^HTTP\/1\.1 400 .*"code":"BAD_REQUEST"/s)
  })

  it('on which nothing comes, or headers that never end, is ended, and others are answered meanwhile', async () => {
    await start({ headersMs: 600 })
    const silent = Array.from({ length: 100 }, () => talk())
    const endless = Array.from({ length: 100 }, () => talk('GET /healthz HTTP/1.1\r\nHost: localhost\r\n'))
    const dripping = setInterval(() => {
      for (const { socket } of endless) if (!socket.destroyed) socket.write('X-More: 1\r\n')
    }, 50)
    await isFine()
    await soon(() => [...silent, ...endless].every(({ closed }) => closed())).toBe(true)
    clearInterval(dripping)
    expect(endless[0].text()).toMatch(/^HTTP\/1\.1 408 .*"code":"HEADERS_TOO_SLOW".*0\.6 s/s)
    await isFine()
  })

  it('that rests between requests is ended, and one that waits for its answer is not', async () => {
    await start({ idleMs: 300, unreadMs: 300 })
    const resting = talk(get('/healthz'))
    const waiting = talk(
      `POST /api/v1/logs HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${LINE.length}\r\n\r\n${LINE.slice(0, 20)}`,
    )
    await soon(resting.closed).toBe(true)
    expect(resting.text()).toMatch(/^HTTP\/1\.1 200 /)
    await sleep(900)
    expect(waiting.closed()).toBe(false)
    waiting.socket.write(LINE.slice(20))
    await soon(waiting.text).toMatch(/^HTTP\/1\.1 200 .*"stored":1/s)
  })

  it('whose answers nobody reads is ended', async () => {
    await start({ unreadMs: 400 })
    const deaf = talk()
    deaf.socket.pause()
    // more than the system's own buffers hold
    deaf.socket.write(get('/openapi.json').repeat(300))
    await soon(heldByServer).toBe(1)
    await soon(heldByServer).toBe(0)
    await isFine()
  })

  it('is one of so many that an address may have', async () => {
    await start({ mostOfAddress: 5 })
    const held = Array.from({ length: 5 }, () => talk())
    await soon(heldByServer).toBe(5)
    const oneMore = talk(get('/healthz'))
    await soon(oneMore.closed).toBe(true)
    expect([oneMore.text(), held.some(({ closed }) => closed())]).toEqual(['', false])
    held[0].socket.destroy()
    await soon(heldByServer).toBe(4)
    await soon(talk(get('/healthz')).text).toMatch(/^HTTP\/1\.1 200 /)
  })
})

it('of three thousand pages that listen, two hundred do, and the others are told when to come again', async () => {
  await start()
  const pages = Array.from({ length: 3_000 }, () => talk(get('/api/v1/stream')))
  const answered = () => pages.filter(({ text }) => text().includes('\r\n\r\n'))
  await isFine()
  await soon(() => answered().length).toBe(3_000)
  const listening = pages.filter(({ text }) => text().startsWith('HTTP/1.1 200'))
  const refused = pages.filter(({ text }) => text().startsWith('HTTP/1.1 503'))
  expect([listening.length, refused.length]).toEqual([200, 2_800])
  expect(refused[0].text()).toMatch(/retry-after: 15\r\n.*"code":"TOO_MANY_LISTENERS"/is)
  await soon(() => refused.every(({ closed }) => closed())).toBe(true)
  expect((await service.post('/api/v1/logs', LINE)).body).toMatchObject({ stored: 1 })
  await soon(() => listening.every(({ text }) => text().includes('event: batch'))).toBe(true)
  // when one has left there is room
  listening[0].socket.destroy()
  await once(listening[0].socket, 'close')
  await soon(async () => {
    const page = talk(get('/api/v1/stream'))
    await soon(page.text).not.toBe('')
    return page.text().slice(0, 12)
  }).toBe('HTTP/1.1 200')
}, 90_000)
