/** An annotation as the API gives it. */
import { iso } from '../../schema/words/iso.js'
import type { AnnotationJson } from '../../schema/api/annotations.js'
import type { Annotation } from '../../schema/store/ledger/annotations.js'

export function annotationView({ from, to, createdAt, ...rest }: Annotation): AnnotationJson {
  const { id, text, url, kind, zone, host, author } = rest
  const times = to === null ? { at: iso(from), from: null, to: null } : { at: null, from: iso(from), to: iso(to) }
  return { id, text, ...times, url, kind, zone, host, author, createdAt: iso(createdAt) }
}
