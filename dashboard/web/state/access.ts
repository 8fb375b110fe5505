/** Tokens, sessions and the audit log: asked for on their page, and again after what is changed there. */
import type { AuditEntryJson, MadeTokenJson, SessionJson, TokenDraft, TokenJson } from '../../../schema/api/access.js'
import type { ErasedJson, ErasureDraft, PrivacyJson } from '../../../schema/api/privacy.js'
import type { RetentionJson } from '../../../schema/api/retention.js'
import { ask, useAnswer, type Answer } from './api.js'
import { now } from './clock.js'
import { createStore, useStore } from './store.js'

const changed = createStore(0)
const useTurn = (): number => useStore(now) / 60_000 + useStore(changed)

export const useTokens = (): Answer<{ tokens: TokenJson[] }> =>
  useAnswer('tokens', { turn: useTurn(), subject: 'tokens' })
export const useSessions = (): Answer<{ sessions: SessionJson[] }> =>
  useAnswer('sessions', { turn: useTurn(), subject: 'sessions' })
export const useAudit = (limit: number): Answer<{ entries: AuditEntryJson[]; next: string | null }> =>
  useAnswer(`audit?limit=${limit}`, { turn: useTurn(), subject: 'audit' })

async function change<T>(method: 'POST' | 'DELETE', path: string, body?: object): Promise<T> {
  try {
    return await ask<T>(path, {
      method,
      ...(body
        ? { body: JSON.stringify(body), headers: { 'accept': 'application/json', 'content-type': 'application/json' } }
        : {}),
    })
  } finally {
    changed.set(changed.get() + 1)
  }
}

export const makeToken = (draft: TokenDraft): Promise<MadeTokenJson> => change('POST', 'tokens', draft)
export const revokeToken = (id: string): Promise<TokenJson> => change('DELETE', `tokens/${encodeURIComponent(id)}`)
export const usePrivacy = (): Answer<PrivacyJson> => useAnswer('privacy', { turn: useTurn(), subject: 'privacy' })
/** What limits would remove; empty ones are none, both empty: those that are set. */
export interface TriedLimits {
  days: string
  countsDays: string
  zones: string
  gb: string
}
export const NO_LIMITS: TriedLimits = { days: '', countsDays: '', zones: '', gb: '' }
export const isTried = (limits: TriedLimits): boolean => Object.values(limits).some((text) => text.trim() !== '')

export const useRetention = (limits: TriedLimits): Answer<RetentionJson> =>
  useAnswer(`retention${isTried(limits) ? `?${new URLSearchParams({ ...limits }).toString()}` : ''}`, {
    turn: useTurn(),
    subject: 'retention',
  })
export const erase = (what: ErasureDraft): Promise<ErasedJson> => change('POST', 'erasures', what)
export const endSession = (id: string): Promise<null> => change('DELETE', `sessions/${encodeURIComponent(id)}`)
export const endOtherSessions = (): Promise<{ ended: number }> => change('DELETE', 'sessions')
