/** GET /api/v1/stream over a real connection: new data, batches, spikes. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { simulate } from '../../ingest/inputs/simulate/index.js'
import { startService, type TestService } from './service.js'

let service: TestService
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

interface Event {
  name: string
  data: { spikes?: string[]; batch?: string | null; state?: string }
}

/** Reads events until one fits; all that were read. */
async function read(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  events: Event[],
  fits: (event: Event) => boolean,
): Promise<Event> {
  let text = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) throw new Error('The stream ended')
    text += Buffer.from(value).toString()
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const [, name, data] = /^event: (.*)\ndata: (.*)$/m.exec(text.slice(0, end)) ?? []
      text = text.slice(end + 2)
      if (name === undefined) continue
      const event = { name, data: JSON.parse(data) as Event['data'] }
      events.push(event)
      if (fits(event)) return event
    }
  }
}

it('tells of new data, of the batch, and of spikes that are in it', async () => {
  const stop = new AbortController()
  const { body, headers } = await fetch(`${service.url}/api/v1/stream`, { signal: stop.signal })
  expect(headers.get('content-type')).toContain('text/event-stream')
  const reader = (body as ReadableStream<Uint8Array>).getReader()
  const events: Event[] = []
  const simulation = simulate({
    seed: 11,
    from: '2026-03-28T20:00:00Z',
    to: '2026-03-29T08:00:00Z',
    lines: 30_000,
    shape: 'status',
    incidents: 'demo',
  })
  const chunks: Uint8Array[] = []
  for await (const chunk of simulation.chunks()) chunks.push(chunk)
  expect((await service.post('/api/v1/logs', Buffer.concat(chunks))).status).toBe(200)
  const news = await read(
    reader,
    events,
    (e) => e.name === 'spikes' && (e.data.spikes?.length ?? 0) >= simulation.truth().incidents.length,
  )
  const { spikes } = (await service.get('/api/v1/spikes')).body
  expect([...(news.data.spikes ?? [])].sort()).toEqual(spikes.map((s: { id: string }) => s.id).sort())
  expect(events.some((e) => e.name === 'data' && e.data.batch === '1')).toBe(true)
  expect(events.some((e) => e.name === 'batch' && e.data.state === 'complete')).toBe(true)
  stop.abort()
}, 90_000)
