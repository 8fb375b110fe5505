/** Incidents frozen for good, and what is about to be. */
import type { IncidentDraft, IncidentJson } from '../../../schema/api/incidents.js'
import { ask, useAnswer, type Answer } from './api.js'
import { turn } from './clock.js'
import { createStore, useStore } from './store.js'
import type { UrlFilter } from './url.js'

export type IncidentHead = Omit<IncidentJson, 'frozen'>

export interface IncidentsAnswer {
  incidents: IncidentHead[]
  next: string | null
}

/** counts up with every change made on this page */
const acted = createStore(0)

export const useIncidents = (limit: number, lang: string): Answer<IncidentsAnswer> =>
  useAnswer(`incidents?limit=${limit}&lang=${lang}`, { turn: useStore(turn) + useStore(acted), subject: 'incidents' })

/** Asked for once: it does not change any more. */
export const useIncident = (id: string): Answer<IncidentJson> =>
  useAnswer(`incidents/${encodeURIComponent(id)}`, { subject: `incident ${id}` })

/** What a dialog asks to freeze; null: it is closed. */
export type Freezing = { spike: string } | { from: number; to: number; filters: readonly UrlFilter[] }
export const freezing = createStore<Freezing | null>(null)

export function draftOf(what: Freezing, own: Pick<IncidentDraft, 'title' | 'by' | 'lang'>): IncidentDraft {
  if ('spike' in what) return { spike: what.spike, ...own }
  const { from, to, filters } = what
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    filters: Object.fromEntries(filters.map((one) => [one.not ? `not.${one.dimension}` : one.dimension, one.values])),
    ...own,
  }
}

/** The incident whose link was just copied; its page says so. */
export const linkCopied = createStore<string | null>(null)

export async function freeze(draft: IncidentDraft): Promise<IncidentHead> {
  const made = await ask<IncidentJson>('incidents', {
    method: 'POST',
    body: JSON.stringify(draft),
    headers: { 'accept': 'application/json', 'content-type': 'application/json' },
  })
  acted.set(acted.get() + 1)
  return made
}

export async function removeIncident(id: string): Promise<void> {
  await ask(`incidents/${encodeURIComponent(id)}`, { method: 'DELETE' })
  acted.set(acted.get() + 1)
}
