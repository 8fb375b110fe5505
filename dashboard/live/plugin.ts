/** GET /api/v1/stream: server-sent events. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { RequestError } from '../../schema/api/errors.js'
import type { LiveHub } from './hub.js'
import { createListener, LISTENER_LIMITS, type Listener, type ListenerLimits } from './listener.js'

/** More open pages than this are refused, so that they can't starve the service. */
const MOST_LISTENERS = 200

export interface LiveOptions {
  hub: LiveHub
  limits?: Partial<ListenerLimits & { mostListeners: number; checkEveryMs: number }>
  /** false: whoever listens was let in, but would not be any more */
  isStillKnown?: (request: FastifyRequest) => Promise<boolean>
  /** is whoever listens limited to some zones? What a batch brought tells of all */
  isLimited?: (request: FastifyRequest) => boolean
}

/** Whoever listens is looked up again this often, ms: a session that ended hears nothing more soon after. */
const CHECK_EVERY_MS = 5_000

export async function livePlugin(
  app: FastifyInstance,
  { hub, limits, isStillKnown = async () => true, isLimited = () => false }: LiveOptions,
): Promise<void> {
  const { mostListeners, checkEveryMs, ...each } = {
    mostListeners: MOST_LISTENERS,
    checkEveryMs: CHECK_EVERY_MS,
    ...LISTENER_LIMITS,
    ...limits,
  }
  const open = new Set<Listener>()

  app.get(
    '/stream',
    { schema: { description: 'Server-sent events: data, batch, spikes, alerts', tags: ['live'] } },
    (request, reply) => {
      if (open.size >= mostListeners) {
        const message = `${mostListeners} pages listen already. Close some, or reload later.`
        // thousands that come at once must not stay as connections that do nothing
        reply.header('connection', 'close')
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
      const limited = isLimited(request)
      const stop = hub.subscribe((event) => {
        if (!limited) listener.tell(event)
        else if (event.name === 'data') listener.tell({ name: 'data', value: { batch: null } })
      })
      const check = setInterval(() => {
        isStillKnown(request).then(
          (known) => known || out.destroy(),
          // a store that does not answer is no reason to hang up
          () => {},
        )
      }, checkEveryMs)
      open.add(listener)
      out.once('close', () => {
        clearInterval(check)
        stop()
        open.delete(listener)
      })
    },
  )

  app.addHook('preClose', async () => {
    for (const listener of open) listener.close()
  })
}
