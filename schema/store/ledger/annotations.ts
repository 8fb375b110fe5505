/** What people write on the time line: a deployment, a campaign, a change of rules. */
import type { Page, PageQuery } from '../paging.js'

export interface Annotation {
  id: string
  text: string
  /** event time of the moment, or of the beginning */
  from: number
  /** event time of the end, excluded; null: it is a moment */
  to: number | null
  url: string | null
  /** as its author calls it: deploy, incident …; null: nothing particular */
  kind: string | null
  /** where it is about one zone or one host */
  zone: string | null
  host: string | null
  author: string | null
  /** wall time */
  createdAt: number
}

export type NewAnnotation = Omit<Annotation, 'id'>

export interface Annotations {
  create(annotation: NewAnnotation): Promise<Annotation>
  get(id: string): Promise<Annotation | null>
  /**
   * Those that touch the range (a moment at `from` does, one at `to` does not), the earliest beginning first. `zones`: only
   * those about one of these zones or about none.
   */
  page(query: PageQuery & { from: number; to: number; kind?: string; zones?: string[] }): Promise<Page<Annotation>>
  /** Replaces what people wrote; author and time of writing stay. Null: there is none. */
  change(id: string, to: Omit<NewAnnotation, 'author' | 'createdAt'>): Promise<Annotation | null>
  remove(id: string): Promise<boolean>
}
