/** What was asked and how it ended, told to the audit log: as each route's right says. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import plugin from 'fastify-plugin'
import type { Json } from '../../schema/words/json.js'
import type { AuditOutcome } from '../../schema/store/ledger/audit.js'
import type { Trail } from './audit-trail.js'

/** Statuses with which the door sends somebody away. */
const REFUSED = new Set([401, 403, 421, 429])

/** What an answer says of what was done; nothing of it can be a secret. */
interface Told {
  target: string | null
  detail: { [name: string]: Json }
  counts: { [name: string]: number }
}
const NAMES = ['name', 'title', 'role'] as const
const COUNTS = ['lines', 'stored', 'removed', 'ended'] as const

async function notes(app: FastifyInstance, { trail }: { trail: Trail }): Promise<void> {
  const told = new WeakMap<FastifyRequest, Told>()

  app.addHook('preSerialization', async (request, _reply, payload) => {
    if (request.routeOptions.config.right?.noted && typeof payload === 'object' && payload !== null)
      told.set(request, toldBy(payload as { [name: string]: unknown }))
    return payload
  })

  app.addHook('onResponse', async (request, reply) => {
    const { right } = request.routeOptions.config
    const outcome = outcomeOf(reply)
    if (right?.needs === 'stranger') return
    if (outcome === 'refused') {
      const action = right?.noted ?? 'door'
      trail.sum(request, { action, target: idIn(request), outcome })
      return
    }
    if (!right?.noted) return
    const { target, detail, counts } = told.get(request) ?? { target: null, detail: {}, counts: {} }
    const deed = { action: right.noted, target: idIn(request) ?? target, outcome }
    if (right.how === 'summed') trail.sum(request, deed, counts)
    else
      trail.note(request, {
        ...deed,
        detail: { ...detail, ...counts, ...(outcome === 'done' ? {} : { status: reply.statusCode }) },
      })
  })
}

function outcomeOf({ statusCode }: FastifyReply): AuditOutcome {
  if (statusCode < 400) return 'done'
  return REFUSED.has(statusCode) ? 'refused' : 'failed'
}

function idIn({ params }: FastifyRequest): string | null {
  const [id] = Object.values((params ?? {}) as { [name: string]: string })
  return typeof id === 'string' && id.length <= 200 ? id : null
}

function toldBy(payload: { [name: string]: unknown }): Told {
  const { id } = payload
  return {
    target: typeof id === 'string' ? id : null,
    detail: Object.fromEntries(
      NAMES.flatMap((name) => (typeof payload[name] === 'string' ? [[name, payload[name].slice(0, 200)]] : [])),
    ),
    counts: Object.fromEntries(
      COUNTS.flatMap((name) => (typeof payload[name] === 'number' ? [[name, payload[name]]] : [])),
    ),
  }
}

export const notePlugin = plugin(notes, { name: 'notes' })
