/** What services elsewhere answer is read within limits of bytes and of time. */
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, it } from 'vitest'
import { beginningOf, fetchWhole } from '../../../schema/runtime/whole-answer.js'

const servers: Server[] = []
async function serverThat(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})
const LIMITS = { mostBytes: 10_000, withinMs: 700 }
const ask = fetchWhole(LIMITS)
const dripping: RequestListener = (_request, response) => {
  const timer = setInterval(() => response.write('a'), 20)
  response.on('close', () => clearInterval(timer))
}
const endless: RequestListener = (_request, response) => {
  const more = () => {
    while (!response.destroyed && response.write(Buffer.alloc(65_536, 'a')));
  }
  response.on('drain', more)
  more()
}

it('comes whole, with status and headers', async () => {
  const answer = await ask(await serverThat((_request, response) => response.writeHead(418, { 'x-a': 'b' }).end('{}')))
  expect([answer.status, answer.headers.get('x-a'), await answer.json()]).toEqual([418, 'b', {}])
  expect((await ask(await serverThat((_request, response) => response.writeHead(204).end()))).status).toBe(204)
})

it('what has no end, or no end in time, is an error; what is packed counts as what it is', async () => {
  await expect(ask(await serverThat(dripping))).rejects.toThrow('no whole answer within 0.7 s')
  await expect(ask(await serverThat(() => {}))).rejects.toThrow('no whole answer within 0.7 s')
  await expect(ask(await serverThat(endless))).rejects.toThrow('longer than 10 kB')
  const bomb: RequestListener = (_request, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(10_000_000)))
  await expect(ask(await serverThat(bomb))).rejects.toThrow('longer than 10 kB')
})

it('goes nowhere else with what it carries', async () => {
  let met = 0
  const elsewhere = await serverThat((_request, response) => {
    met++
    response.end('{}')
  })
  const away = await serverThat((_request, response) => response.writeHead(307, { location: elsewhere }).end())
  await expect(ask(away, { headers: { 'x-auth-key': 'secret' } })).rejects.toThrow()
  expect(met).toBe(0)
})

it('whoever asked may stop it, and gets his own reason', async () => {
  const stop = new AbortController()
  setTimeout(() => stop.abort(new Error('enough')), 50)
  await expect(ask(await serverThat(dripping), { signal: stop.signal })).rejects.toThrow('enough')
})

it('of a refusal its beginning is enough, whatever becomes of it', async () => {
  expect(await beginningOf(await fetch(await serverThat(endless)), LIMITS)).toBe('a'.repeat(10_000))
  expect(await beginningOf(await fetch(await serverThat(dripping)), LIMITS)).toMatch(/^a+$/)
  const broken = await serverThat((request, response) => {
    response.write('half')
    setTimeout(() => request.socket.destroy(), 50)
  })
  expect(await beginningOf(await fetch(broken), LIMITS)).toBe('half')
})
