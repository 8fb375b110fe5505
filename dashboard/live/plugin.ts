/** GET /api/v1/stream: server-sent events. A page that falls behind gets the newest of each kind, not a queue. */
import type { FastifyInstance } from 'fastify'
import type { LiveEvent, LiveHub } from './hub.js'

/** At least this far apart, ms: a page can't redraw more often anyway. */
const SEND_EVERY_MS = 250
/** Keeps proxies from closing a quiet connection, ms. */
const HEARTBEAT_MS = 20_000
/** More open pages than this are refused, so that they can't starve the service. */
const MAX_LISTENERS = 200

export async function livePlugin(app: FastifyInstance, { hub }: { hub: LiveHub }): Promise<void> {
  const open = new Set<() => void>()

  app.get(
    '/stream',
    { schema: { description: 'Server-sent events: data, batch, spikes, alerts', tags: ['live'] } },
    (request, reply) => {
      if (open.size >= MAX_LISTENERS) {
        reply.code(503).send({
          statusCode: 503,
          code: 'TOO_MANY_LISTENERS',
          error: 'Service Unavailable',
          message: `${MAX_LISTENERS} pages listen already. Close some, or reload later.`,
        })
        return
      }
      reply.hijack()
      const out = reply.raw
      out.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        'x-content-type-options': 'nosniff',
      })
      out.write('retry: 2000\n\n')
      const waiting = new Map<string, LiveEvent>()
      let timer: NodeJS.Timeout | null = null
      const send = () => {
        timer = null
        for (const { name, value } of waiting.values()) out.write(`event: ${name}\ndata: ${JSON.stringify(value)}\n\n`)
        waiting.clear()
      }
      const stop = hub.subscribe((event) => {
        const key = event.name === 'batch' ? `batch ${event.value.id}` : event.name
        waiting.delete(key)
        waiting.set(key, event)
        timer ??= setTimeout(send, SEND_EVERY_MS)
      })
      const heartbeat = setInterval(() => out.write(': still here\n\n'), HEARTBEAT_MS)
      const close = () => {
        stop()
        clearInterval(heartbeat)
        if (timer) clearTimeout(timer)
        open.delete(close)
        out.end()
      }
      open.add(close)
      request.raw.on('close', close)
    },
  )

  app.addHook('preClose', async () => {
    for (const close of open) close()
  })
}
