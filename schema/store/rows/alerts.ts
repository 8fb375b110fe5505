/** Rules and episodes as rows, and what lies in a row as a whole. */
import type { Episode, StoredRule } from '../alert-log.js'

export interface RuleRow {
  id: string
  origin: StoredRule['origin']
  draft: string
  created_at: number
  updated_at: number
}

export function ruleOf(row: RuleRow): StoredRule {
  return {
    id: row.id,
    origin: row.origin,
    draft: JSON.parse(row.draft) as StoredRule['draft'],
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

/** What was queued was once called told. */
export function episodeOf(doc: string): Episode {
  const { told, ...episode } = JSON.parse(doc) as Episode & { told?: Episode['queued'] }
  return told === undefined ? episode : { ...episode, queued: told }
}

export function parsed<T>(docs: unknown[]): T[] {
  return docs.map((doc) => JSON.parse(doc as string) as T)
}
