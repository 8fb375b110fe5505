/** Incidents frozen for good: what was known when somebody froze them, whatever becomes of the records. */
import type { Page, PageQuery } from '../paging.js'
import type { Json } from '../../words/json.js'

export interface Incident {
  id: string
  title: string
  /** event time */
  from: number
  to: number
  author: string | null
  /** wall time */
  createdAt: number
  /** figures, series, causes, evidence, alerts, annotations and records, as the API gives them */
  frozen: Json
}

export type IncidentHead = Omit<Incident, 'frozen'> & {
  /** what the explanation says, by language; empty: nothing was explained */
  summaries: { [language: string]: string }
}

export interface Incidents {
  create(incident: Omit<Incident, 'id'>): Promise<Incident>
  get(id: string): Promise<Incident | null>
  /** Without what is frozen, the latest written first. */
  page(query: PageQuery): Promise<Page<IncidentHead>>
  /** There is no way to change one. */
  remove(id: string): Promise<boolean>
}
