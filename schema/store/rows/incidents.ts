/** A frozen incident as a row, whole and without what is frozen. */
import type { Json } from '../../words/json.js'
import type { Incident, IncidentHead } from '../ledger/incidents.js'

export interface IncidentHeadRow {
  seq: number
  id: string
  title: string
  first_time: number
  last_time: number
  author: string | null
  created_at: number
  /** JSON */
  summaries: string | null
}
export type IncidentRow = Omit<IncidentHeadRow, 'summaries'> & { frozen: string }

const ownOf = (row: Omit<IncidentHeadRow, 'summaries'>): Omit<Incident, 'frozen'> => ({
  id: row.id,
  title: row.title,
  from: row.first_time,
  to: row.last_time,
  author: row.author,
  createdAt: row.created_at,
})

export const headOf = (row: IncidentHeadRow): IncidentHead => ({
  ...ownOf(row),
  summaries: JSON.parse(row.summaries ?? '{}') as IncidentHead['summaries'],
})

export const incidentOf = (row: IncidentRow): Incident => ({ ...ownOf(row), frozen: JSON.parse(row.frozen) as Json })
