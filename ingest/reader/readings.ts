/** How the fields of the catalogue are read out of a line: a function for each of its words. */
import { ALL_FIELDS, type Reading, type ReadField } from '../../schema/words/fields.js'
import type { Record } from '../../schema/words/record.js'
import {
  amount,
  asn,
  botDecision,
  lower,
  mediaType,
  parentRay,
  requestSource,
  status,
  text,
  upper,
  wholeAmount,
} from './values.js'

export const READINGS: { readonly [R in Reading]: (value: unknown) => string | number | null } = {
  text,
  lower,
  upper,
  status,
  amount,
  wholeAmount,
  asn,
  requestSource,
  parentRay,
  mediaType,
  botDecision,
}

type Line = { readonly [name: string]: unknown }

const READ = ALL_FIELDS.flatMap(({ name, from, read }) => (read ? [{ name, from, meaning: READINGS[read] }] : []))

/** The fields whose value is that of one of their names, read on its own: the first name that carries one. */
export function readFields(line: Line): Pick<Record, ReadField> {
  const out: { [name: string]: unknown } = {}
  for (const { name, from, meaning } of READ) out[name] = meaning(firstScalar(line, from))
  return out as Pick<Record, ReadField>
}

/** Of a text, a number or a truth value; what is empty or nested carries none. */
function firstScalar(line: Line, names: readonly string[]): unknown {
  if (names.length === 1) return line[names[0]]
  for (const name of names) {
    const value = line[name]
    if (typeof value === 'string' ? value !== '' : typeof value === 'number' || typeof value === 'boolean') return value
  }
  return null
}
