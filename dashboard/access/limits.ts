/**
 * How often one address may try. Who guesses secrets soon waits; who has the right one is kept out by nobody: neither from
 * another address nor from one that the right secret came from before.
 */
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { RequestError } from '../../schema/api/errors.js'
import { DAY, MINUTE } from '../../schema/words/duration.js'
import { SteadyCounts } from './steady-counts.js'

export interface RateLimits {
  /** Wrong tokens from one address, at the sign-in and in headers together; beyond it not even the right one is looked at. */
  failures: Limit
  /** Changes by one address: uploads, removals, rules. Bodies of logs are limited by what they weigh, not here. */
  changes: Limit
}

interface Limit {
  max: number
  windowMs: number
}

export const RATE_LIMITS: RateLimits = {
  failures: { max: 10, windowMs: MINUTE },
  changes: { max: 600, windowMs: MINUTE },
}

/** An address from which the right secret came is known this long, ms; so many are. */
const TRUSTED_MS = DAY
const MOST_TRUSTED = 1_000

export interface Limiter {
  /** Throws 429 for an address that was wrong too often. */
  checkGuess(request: FastifyRequest): Promise<void>
  /** Counts a wrong secret; throws 429 where it was one too many. */
  noteWrong(request: FastifyRequest): Promise<void>
  noteRight(request: FastifyRequest): void
  /** Counts a change; throws 429 where it was one too many. */
  noteChange(request: FastifyRequest): Promise<void>
}

export async function createLimiter(app: FastifyInstance, limits: RateLimits): Promise<Limiter> {
  await app.register(rateLimit, { global: false, store: SteadyCounts })
  const counter = ({ max, windowMs }: Limit) => app.createRateLimit({ max, timeWindow: windowMs })
  const failures = counter(limits.failures)
  const changes = counter(limits.changes)
  const trusted = new LRUCache<string, true>({ max: MOST_TRUSTED, ttl: TRUSTED_MS })
  const peek = (request: FastifyRequest) => failures(request, { increment: false })

  return {
    async checkGuess(request) {
      const { key, ...state } = await peek(request)
      if (!state.isAllowed && state.remaining === 0 && !trusted.has(key)) throw tooManyFailures(state.ttl)
    },
    async noteWrong(request) {
      const state = await failures(request)
      if (!state.isAllowed && state.isExceeded) throw tooManyFailures(state.ttl)
    },
    async noteRight(request) {
      trusted.set((await peek(request)).key, true)
    },
    async noteChange(request) {
      const state = await changes(request)
      if (!state.isAllowed && state.isExceeded) {
        const seconds = Math.ceil(state.ttl / 1_000)
        const message = `More than ${limits.changes.max} changes within ${limits.changes.windowMs / 1_000} s from this address. Go on in ${seconds} s.`
        throw new RequestError(429, 'TOO_MANY_CHANGES', message, { retryAfter: seconds })
      }
    },
  }
}

function tooManyFailures(ttl: number): RequestError {
  const seconds = Math.ceil(ttl / 1_000)
  const message = `Too many wrong tokens came from this address. Try again in ${seconds} s; other addresses are not held up.`
  return new RequestError(429, 'TOO_MANY_FAILURES', message, { retryAfter: seconds })
}
