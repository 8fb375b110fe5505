import { FIELDS, type Field } from '../schema/words/fields.js'
import type { MissingField } from '../schema/api/batches.js'

/** Fields that no line carried and whose absence spoils an answer, under Cloudflare's current name. */
export function missingFields(seen: ReadonlySet<string>): MissingField[] {
  return (FIELDS as readonly Field[]).flatMap((field) =>
    field.spoils === undefined || field.from.some((name) => seen.has(name))
      ? []
      : [{ field: field.from[0], spoils: field.spoils }],
  )
}
