/** Senders who don't stop, or hardly send, over real sockets. */
import { once } from 'node:events'
import { connect, type AddressInfo, type Socket } from 'node:net'
import fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bodyPlugin, BODY_LIMITS } from '../../dashboard/access/bodies.js'
import { startService, type TestService } from './service.js'

const TOKEN = 'correct-horse-battery-staple'
const MiB = 1_048_576
/** More than the system itself holds of a connection, both ways. */
const SYSTEM_BUFFERS = 16 * MiB

const line = (n: number) =>
  `${JSON.stringify({ EdgeStartTimestamp: '2026-05-20T14:05:00Z', EdgeResponseStatus: 200, RayID: n.toString(16).padStart(16, '0') })}\n`

let service: TestService
beforeAll(async () => {
  service = await startService({
    access: {
      token: TOKEN,
      allowedHosts: null,
      limits: {
        slowestBytes: 600,
        slowMs: 600,
        strangerMs: 500,
        strangerRest: { bytes: MiB, ms: 400 },
        failures: { max: 1_000, windowMs: 60_000 },
      },
    },
  })
})
afterAll(() => service.stop())

interface Talk {
  socket: Socket
  answer: () => string
  /** resolves with the milliseconds from the beginning to the end of the connection */
  closed: Promise<number>
}

function open(port: number, head: string): Talk {
  const began = Date.now()
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  socket.on('error', () => {})
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString()
  })
  socket.write(head.replaceAll('\n', '\r\n'))
  const closed = new Promise<number>((resolve) => socket.once('close', () => resolve(Date.now() - began)))
  return { socket, answer: () => text, closed }
}

const portOf = ({ url }: TestService) => Number(new URL(url).port)
const talk = (head: string) => open(portOf(service), head)

/** Sends as fast as it is taken until the connection ends; gives how much was taken. */
async function flood({ socket, closed }: Talk): Promise<number> {
  const piece = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(0x10000, 'x'), Buffer.from('\r\n')])
  let sent = 0
  while (!socket.destroyed && sent < 1_000 * MiB) {
    sent += piece.length
    if (!socket.write(piece)) await Promise.race([closed, once(socket, 'drain').catch(() => {})])
  }
  return sent
}

function drip({ socket }: Talk, everyMs = 40): void {
  const timer = setInterval(() => socket.write('1\r\nx\r\n'), everyMs)
  socket.once('close', () => clearInterval(timer))
}

describe('after a refusal the connection ends', () => {
  it.each([
    ['logs without the token', 'POST /api/v1/logs', '', '401'],
    ['logs with a wrong token', 'POST /api/v1/logs', 'Authorization: Bearer wrong\n', '401'],
    ['a route of the API', 'PUT /api/v1/rules/x', '', '401'],
    ['an address that is none', 'POST /nowhere', '', '401'],
    ['a question with a body', 'GET /healthz', '', '200'],
    ['a page of another site', 'POST /api/v1/logs', 'Sec-Fetch-Site: cross-site\n', '403'],
    ['a sign-in of gigabytes', 'POST /login', 'Content-Type: application/x-www-form-urlencoded\n', '413'],
    ['a sign-in of another type', 'POST /login', 'Content-Type: text/html\n', '415'],
  ])('%s', async (_what, request, headers, status) => {
    const talking = talk(`${request} HTTP/1.1\nHost: faultline\n${headers}Transfer-Encoding: chunked\n\n`)
    const sent = await flood(talking)
    expect(talking.answer()).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(talking.answer()).toMatch(/^connection: close\r$/im)
    expect(sent).toBeLessThan(SYSTEM_BUFFERS)
  })

  it('also of a sender who takes its time', async () => {
    const talking = talk('POST /api/v1/logs HTTP/1.1\nHost: faultline\nTransfer-Encoding: chunked\n\n')
    drip(talking)
    expect(await talking.closed).toBeLessThan(3_000)
    expect(talking.answer()).toContain('TOKEN_NEEDED')
  })

  it('but not where there is none: the next request is answered on the same connection', async () => {
    const { socket, answer } = talk('GET /api/v1/summary HTTP/1.1\nHost: faultline\n\n')
    await expect.poll(answer).toContain('TOKEN_NEEDED')
    socket.write('GET /healthz HTTP/1.1\r\nHost: faultline\r\n\r\n')
    await expect.poll(answer).toContain('"ok"')
    socket.destroy()
  })

  it('whoever asks first whether to send is not told to', async () => {
    const head = `POST /api/v1/logs HTTP/1.1\nHost: faultline\nContent-Length: ${10 * MiB}\nExpect: 100-continue\n`
    const refused = talk(`${head}\n`)
    await expect.poll(refused.answer).toMatch(/^HTTP\/1.1 401 /)
    refused.socket.destroy()
    const known = talk(`${head.replace(/\d{8}/, String(line(1).length))}Authorization: Bearer ${TOKEN}\n\n`)
    await expect.poll(known.answer).toMatch(/^HTTP\/1.1 100 Continue/)
    known.socket.write(line(1))
    await expect.poll(known.answer, { timeout: 10_000 }).toContain('"stored":1')
    known.socket.destroy()
  })
})

describe('a body that hardly comes', () => {
  it('is cut in seconds where nobody is known: a sign-in', async () => {
    const talking = talk(
      'POST /login HTTP/1.1\nHost: faultline\nContent-Type: application/x-www-form-urlencoded\nTransfer-Encoding: chunked\n\n',
    )
    drip(talking)
    const took = await talking.closed
    expect(talking.answer()).toMatch(/^HTTP\/1.1 408 .*BODY_TOO_SLOW/s)
    expect(took).toBeLessThan(3_000)
  })

  it('is cut below the rate, what had come is stored, and the reason said', async () => {
    const head = `POST /api/v1/logs?name=slow HTTP/1.1\nHost: faultline\nAuthorization: Bearer ${TOKEN}\nTransfer-Encoding: chunked\n\n`
    const talking = talk(head)
    const lines = Array.from({ length: 20 }, (_, i) => line(100 + i)).join('')
    talking.socket.write(`${lines.length.toString(16)}\r\n${lines}\r\n`)
    drip(talking)
    await expect.poll(talking.answer, { timeout: 15_000 }).toContain('"TOO_SLOW"')
    talking.socket.end()
    expect(talking.answer()).toMatch(/^HTTP\/1.1 408 /)
    expect(talking.answer()).toMatch(/"state":"aborted".*"stored":20|"stored":20.*"state":"aborted"/s)
  }, 20_000)

  it('is cut on every route', async () => {
    const head = `POST /api/v1/silences HTTP/1.1\nHost: faultline\nAuthorization: Bearer ${TOKEN}\nContent-Type: application/json\nTransfer-Encoding: chunked\n\n`
    const talking = talk(head)
    drip(talking)
    await expect.poll(talking.answer, { timeout: 15_000 }).toMatch(/^HTTP\/1.1 408 .*BODY_TOO_SLOW/s)
    talking.socket.destroy()
  }, 20_000)

  it('is not cut where it comes at its rate, however long it takes', async () => {
    const head = `POST /api/v1/logs HTTP/1.1\nHost: faultline\nAuthorization: Bearer ${TOKEN}\nTransfer-Encoding: chunked\n\n`
    const talking = talk(head)
    for (let i = 0; i < 30; i++) {
      const piece = Array.from({ length: 10 }, (_, n) => line(1_000 + i * 10 + n)).join('')
      talking.socket.write(`${piece.length.toString(16)}\r\n${piece}\r\n`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    talking.socket.write('0\r\n\r\n')
    await expect.poll(talking.answer, { timeout: 15_000 }).toContain('"stored":300')
    talking.socket.destroy()
  }, 20_000)

  it('is not cut where it is we who do not read', async () => {
    const app = fastify()
    app.decorateRequest('known', true)
    await app.register(bodyPlugin, { ...BODY_LIMITS, slowestBytes: 1_000, slowMs: 300 })
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
    app.post('/slow', async (request) => {
      let bytes = 0
      for await (const chunk of request.body as AsyncIterable<Uint8Array>) {
        bytes += chunk.length
        await new Promise((resolve) => setTimeout(resolve, 400))
      }
      return { bytes }
    })
    await app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = app.server.address() as AddressInfo
    const answer = await fetch(`http://127.0.0.1:${port}/slow`, { method: 'POST', body: 'x'.repeat(400_000) })
    expect(await answer.json()).toEqual({ bytes: 400_000 })
    await app.close()
  }, 30_000)
})
