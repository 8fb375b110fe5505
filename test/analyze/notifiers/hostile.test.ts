/** Receivers that behave as no receiver should: bare sockets that answer what a test wants, in their own time. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { addressRules } from '../../../analyze/notifiers/addresses.js'
import { CHANNELS } from '../../../analyze/notifiers/index.js'
import { createOutgoing } from '../../../analyze/notifiers/outgoing.js'
import { channelOf, notifierOf, toldOf } from './sample.js'

const PATIENCE_MS = 500
/** Beyond this the channel would not have ended by itself. */
const LATE_MS = 10 * PATIENCE_MS
const open: Server[] = []

/** `answer` once somebody has said something; `greet` before that. */
async function socketThat(answer: (socket: Socket) => void, greet = (_socket: Socket): void => {}): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    greet(socket)
    socket.once('data', () => answer(socket))
  })
  open.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
afterEach(() => {
  for (const server of open.splice(0)) server.close()
})

const settingsOf: { [type: string]: (port: number) => { [name: string]: unknown } } = {
  email: (port) => ({ host: '127.0.0.1', port, from: 'a@example.com', to: ['b@example.com'] }),
  pagerduty: (port) => ({ routingKey: 'a'.repeat(32), url: `http://127.0.0.1:${port}` }),
}

async function send(type: string, port: number) {
  const started = performance.now()
  const settings = settingsOf[type]?.(port) ?? { url: `http://127.0.0.1:${port}/hook` }
  const outcome = await channelOf(type).deliver(toldOf(), notifierOf(type, settings), {
    outgoing: createOutgoing(addressRules(['127.0.0.1']), PATIENCE_MS),
    now: () => Date.now(),
  })
  expect(performance.now() - started).toBeLessThan(LATE_MS)
  return outcome
}

/** Writes as fast as it is taken, until nobody takes it. */
function pour(socket: Socket, text: string): void {
  const piece = text.repeat(Math.ceil(65_536 / text.length))
  const more = () => {
    while (!socket.destroyed && socket.write(piece));
  }
  socket.on('drain', more)
  more()
}
function drip(socket: Socket, piece: string): void {
  const timer = setInterval(() => socket.write(piece), 30)
  socket.on('close', () => clearInterval(timer))
}
const after = (head: string, then: (socket: Socket) => void) => (socket: Socket) => {
  socket.write(head)
  then(socket)
}
const LOTS = 'a'
const FAILURE = 'HTTP/1.1 500 No\r\n\r\n'

describe('a receiver that', () => {
  it.each<[string, (socket: Socket) => void, number | null, RegExp]>([
    ['says nothing', () => {}, null, /did not answer within/],
    ['closes at once', (socket) => socket.destroy(), null, /closed the connection/],
    ['closes within its first line', (socket) => socket.end('HTTP/1.1 2'), null, /closed the connection/],
    ['is none of the web', (socket) => socket.end('220 mail.example.com ESMTP\r\n'), null, /Parse Error/],
    [
      'wants to speak otherwise',
      (socket) => socket.write('HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'),
      101,
      /answered 101/,
    ],
    [
      'says for ever that it will answer',
      (socket) => pour(socket, 'HTTP/1.1 103 Early\r\n\r\n'),
      null,
      /did not answer/,
    ],
    ['has an endless header', after('HTTP/1.1 200 OK\r\nx: ', (socket) => pour(socket, LOTS)), null, /overflow/i],
    ['drips its header', after('HTTP/1.1 200 OK\r\nx: ', (socket) => drip(socket, 'a')), null, /did not answer/],
    ['fails with an endless body', after(FAILURE, (socket) => pour(socket, LOTS)), 500, /^answered 500: a{200}$/],
    ['fails and drips', after(FAILURE, (socket) => drip(socket, 'a')), 500, /^answered 500: a+$/],
    [
      'fails in pieces that hold next to nothing',
      after('HTTP/1.1 500 No\r\ntransfer-encoding: chunked\r\n\r\n', (socket) =>
        pour(socket, `1;${'x'.repeat(2_000)}\r\na\r\n`),
      ),
      500,
      /^answered 500: a+$/,
    ],
    [
      'fails and is shorter than it says',
      (socket) => socket.end('HTTP/1.1 500 No\r\ncontent-length: 99999999999\r\n\r\nno'),
      500,
      /^answered 500: no$/,
    ],
  ])('%s: one attempt that failed, in time and as it was', async (_name, answer, status, reason) => {
    const outcome = await send('webhook', await socketThat(answer))
    expect(outcome).toMatchObject({ ok: false, status, retryAfterMs: null, permanent: false })
    expect(outcome.ok ? '' : outcome.reason).toMatch(reason)
  })

  it.each([
    ['drips', (socket: Socket) => drip(socket, 'a')],
    ['pours', (socket: Socket) => pour(socket, LOTS)],
    ['breaks off', (socket: Socket) => socket.end('half')],
  ])('took it and then %s has taken it: it is not sent again', async (_name, then) => {
    const port = await socketThat(after('HTTP/1.1 200 OK\r\ncontent-length: 999999999\r\n\r\n', then))
    expect(await send('webhook', port)).toEqual({ ok: true, status: 200 })
  })

  it('redirects to what is endless is told in a few words', async () => {
    const head = `HTTP/1.1 302 Found\r\nlocation: http://e.example/${'a'.repeat(12_000)}\r\n\r\n`
    const outcome = await send('webhook', await socketThat((socket) => socket.end(head)))
    expect(outcome.ok ? '' : outcome.reason.length).toBeLessThan(400)
  })

  it.each(CHANNELS.map(({ type }) => type))('pours before anything is asked holds up no %s', async (type) => {
    const port = await socketThat(
      () => {},
      (socket) => pour(socket, '250-more\r\n'),
    )
    expect(await send(type, port)).toMatchObject({ ok: false, permanent: false })
  })
})

describe('a mail server that', () => {
  const greeting = (socket: Socket) => socket.write('220 here\r\n')
  it.each<[string, (socket: Socket) => void]>([
    ['greets and falls silent', () => {}],
    ['never ends a reply', (socket) => pour(socket, '250-MORE\r\n')],
    ['never ends a line', (socket) => pour(socket, LOTS)],
    ['drips a reply', (socket) => drip(socket, '250-MORE\r\n')],
  ])('%s: one attempt that failed, in time', async (_name, answer) => {
    const outcome = await send('email', await socketThat(answer, greeting))
    expect(outcome).toMatchObject({ ok: false, permanent: false })
  })
})
