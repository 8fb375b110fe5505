/** Which fields of a record are wanted. */
import { badRequest } from '../../schema/api/errors.js'
import type { FieldName } from '../../schema/words/fields.js'
import { nearest } from '../../schema/words/nearest.js'
import { ALL_FIELD_NAMES } from './lines.js'

/** null: all. */
export function fieldsOf(text: string | undefined): readonly FieldName[] | null {
  if (text === undefined) return null
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  for (const name of names) {
    if (ALL_FIELD_NAMES.includes(name as FieldName)) continue
    const meant = nearest(name, ALL_FIELD_NAMES)
    throw badRequest(
      'UNKNOWN_FIELD',
      `"${name}" is no field of a record.${meant === null ? '' : ` Did you mean ${meant}?`} GET /api/v1/fields lists them.`,
    )
  }
  if (names.length === 0)
    throw badRequest('UNKNOWN_FIELD', '"fields" is empty. Name fields with commas between, or leave it out.')
  return [...new Set(names)] as FieldName[]
}
