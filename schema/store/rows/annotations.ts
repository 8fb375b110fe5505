/** An annotation as a row. */
import type { Annotation } from '../ledger/annotations.js'

export interface AnnotationRow {
  id: string
  text: string
  first_time: number
  last_time: number | null
  url: string | null
  kind: string | null
  zone: string | null
  host: string | null
  author: string | null
  created_at: number
}

export function annotationOf(row: AnnotationRow): Annotation {
  return {
    id: row.id,
    text: row.text,
    from: row.first_time,
    to: row.last_time,
    url: row.url,
    kind: row.kind,
    zone: row.zone,
    host: row.host,
    author: row.author,
    createdAt: row.created_at,
  }
}
