/** GET /api/v1/stream: server-sent events. */
import type { FastifyInstance } from 'fastify'
import { RequestError } from '../../schema/api/errors.js'
import type { LiveHub } from './hub.js'
import { createListener, LISTENER_LIMITS, type Listener, type ListenerLimits } from './listener.js'

/** More open pages than this are refused, so that they can't starve the service. */
const MOST_LISTENERS = 200

export interface LiveOptions {
  hub: LiveHub
  limits?: Partial<ListenerLimits & { mostListeners: number }>
}

export async function livePlugin(app: FastifyInstance, { hub, limits }: LiveOptions): Promise<void> {
  const { mostListeners, ...each } = { mostListeners: MOST_LISTENERS, ...LISTENER_LIMITS, ...limits }
  const open = new Set<Listener>()

  app.get(
    '/stream',
    { schema: { description: 'Server-sent events: data, batch, spikes, alerts', tags: ['live'] } },
    (_request, reply) => {
      if (open.size >= mostListeners) {
        const message = `${mostListeners} pages listen already. Close some, or reload later.`
        throw new RequestError(503, 'TOO_MANY_LISTENERS', message, { retryAfter: each.stalledMs / 1_000 })
      }
      reply.hijack()
      const out = reply.raw
      out.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      })
      const listener = createListener(out, each)
      const stop = hub.subscribe(listener.tell)
      open.add(listener)
      out.once('close', () => {
        stop()
        open.delete(listener)
      })
    },
  )

  app.addHook('preClose', async () => {
    for (const listener of open) listener.close()
  })
}
