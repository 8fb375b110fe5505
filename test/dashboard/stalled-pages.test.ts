/** Pages that stop reading, over real sockets: they cost little, are dropped, and keep nobody else waiting. */
import { connect, type AddressInfo, type Socket } from 'node:net'
import fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createLiveHub, type LiveHub } from '../../dashboard/live/hub.js'
import { livePlugin } from '../../dashboard/live/plugin.js'
import type { BatchReport } from '../../schema/api/batches.js'

let app: FastifyInstance
let hub: LiveHub
let port: number
const sockets: Socket[] = []

beforeEach(async () => {
  hub = createLiveHub()
  app = fastify({ forceCloseConnections: true })
  await app.register(livePlugin, {
    hub,
    limits: { sendEveryMs: 5, stalledMs: 700, heartbeatMs: 100, mostWaiting: 4, mostListeners: 25 },
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  port = (app.server.address() as AddressInfo).port
})

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await app.close()
})

/** An open stream, as far as it was read. */
async function listen(): Promise<{ socket: Socket; text: () => string }> {
  const socket = connect(port, '127.0.0.1')
  sockets.push(socket)
  socket.on('error', () => {})
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString()
  })
  socket.write('GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await expect.poll(() => text.includes('\r\n\r\n')).toBe(true)
  return { socket, text: () => text }
}

/** A report as large as one with a hundred rejected lines. */
const report = (id: number) => ({ id, message: 'x'.repeat(60_000) }) as unknown as BatchReport
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

it('drops those who stop reading, and tells the others on', async () => {
  const stalled = await Promise.all(Array.from({ length: 20 }, listen))
  const reading = await listen()
  expect(hub.listeners).toBe(21)
  for (const { socket } of stalled) socket.pause()
  // far more than the system's own buffers hold for twenty
  for (let i = 1; hub.listeners > 1 && i < 3_000; i++) {
    hub.publish('batch', report(i))
    await pause(6)
  }
  expect(hub.listeners).toBe(1)
  hub.publish('alerts', { at: 'the end' })
  await expect.poll(() => reading.text().includes('the end')).toBe(true)
  expect(reading.text()).toContain('event: batch')
  // who was dropped is told so by the end of the connection, and can come again
  const { socket } = stalled[0]
  const ended = new Promise((resolve) => socket.once('close', resolve))
  socket.resume()
  await ended
  expect((await listen()).text()).toContain('200 OK')
}, 60_000)

it('holds no queue for them: memory stays flat while they stand', async () => {
  const ends: Socket[] = []
  app.server.on('connection', (socket: Socket) => ends.push(socket))
  for (const { socket } of await Promise.all(Array.from({ length: 20 }, listen))) socket.pause()
  const held = () => ends.reduce((bytes, end) => bytes + end.writableLength, 0)
  let most = 0
  for (let i = 1; hub.listeners > 0 && i < 3_000; i++) {
    hub.publish('batch', report(i))
    await pause(6)
    most = Math.max(most, held())
  }
  expect(most).toBeGreaterThan(16_384)
  expect(most / 20).toBeLessThan(2 * 61_000 + 16_384)
}, 60_000)

it('refuses more pages than it can serve, and takes the next when one has left', async () => {
  const open = await Promise.all(Array.from({ length: 25 }, listen))
  const refused = await fetch(`http://127.0.0.1:${port}/stream`)
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([503, 'TOO_MANY_LISTENERS'])
  open[0].socket.destroy()
  await expect.poll(() => hub.listeners).toBe(24)
  expect((await listen()).text()).toContain('200 OK')
})
