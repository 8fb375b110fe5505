/**
 * Requests that last: an upload or an export may take hours, and whoever was let in for it may be shut out meanwhile. A token that was
 * revoked and a session that was ended end what they began; one that only ran out does not.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Ledger } from '../../schema/store/ledger.js'
import { SECOND } from '../../schema/words/duration.js'
import { FIRST_TOKEN } from './identity.js'

/** So often they are looked at, ms; what is answered sooner is not. */
const LOOK_MS = 5 * SECOND

export interface LastingOptions {
  ledger: Pick<Ledger, 'tokens' | 'sessions'>
  onError: (error: unknown) => void
  lookMs?: number
}

export function endRevoked(app: FastifyInstance, { ledger, onError, lookMs = LOOK_MS }: LastingOptions): void {
  const open = new Map<FastifyRequest, number>()

  async function isRevoked({ who }: FastifyRequest): Promise<boolean> {
    if (who === null) return false
    if (who.session !== null) return (await ledger.sessions.get(who.session))?.endedAt !== null
    if (who.token === null || who.token === FIRST_TOKEN) return false
    return (await ledger.tokens.get(who.token))?.revokedAt !== null
  }

  async function look(): Promise<void> {
    const before = performance.now() - lookMs
    const lasting = [...open].filter(([, since]) => since <= before).map(([request]) => request)
    for (const request of lasting) if (await isRevoked(request)) request.raw.destroy()
  }

  let looking: Promise<void> | null = null
  const timer = setInterval(() => {
    looking ??= look()
      // a store that does not answer is no reason to hang up
      .catch(onError)
      .finally(() => (looking = null))
  }, lookMs).unref()
  app.addHook('onRequest', async (request, reply) => {
    if (request.who === null) return
    open.set(request, performance.now())
    reply.raw.once('close', () => open.delete(request))
  })
  // what an assistant's tool asks comes over no connection
  app.addHook('onResponse', async (request) => void open.delete(request))
  app.addHook('onClose', async () => {
    clearInterval(timer)
    await looking
  })
}
