import { ALL_FIELDS } from '../schema/words/fields.js'
import type { MissingField } from '../schema/api/batches.js'

/** Fields that no line carried and whose absence spoils an answer, under Cloudflare's current name. */
export function missingFields(seen: ReadonlySet<string>): MissingField[] {
  return ALL_FIELDS.flatMap((field) =>
    field.spoils === undefined || field.from.some((name) => seen.has(name))
      ? []
      : [{ field: field.from[0], spoils: field.spoils.en }],
  )
}
