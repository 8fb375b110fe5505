/**
 * `when`: which records speak for a cause. Clauses are alternatives; within a clause every field must match.
 * Evidence has to be seen: a field that a record lacks matches nothing but `present: false` and `not`.
 */
import { Type, type Static } from 'typebox'
import { EVIDENCE_FIELDS, type EvidenceField } from '../words/fields.js'
import { plain } from '../words/source.js'

const Scalar = Type.Union([Type.String({ minLength: 1 }), Type.Number()])
const OneOf = Type.Array(Scalar, { minItems: 1 })

/**
 * What a field has to be: one value, one of a list, or all of the named conditions. Values are compared as text,
 * case and underscores ignored, since Cloudflare spells `dns_err` in tables and `dnsErr` in logs.
 */
export const MatcherSchema = Type.Union([
  Scalar,
  OneOf,
  Type.Object(
    {
      /** none of these; holds where the field is absent */
      not: Type.Optional(OneOf),
      /** a number of at least this */
      min: Type.Optional(Type.Number()),
      /** a number of at most this */
      max: Type.Optional(Type.Number()),
      /** true: the field carries a value; false: it does not, or only Cloudflare's word for that, `unknown` */
      present: Type.Optional(Type.Boolean()),
    },
    { additionalProperties: false, minProperties: 1 },
  ),
])
export type Matcher = Static<typeof MatcherSchema>

export const ClauseSchema = Type.Partial(
  Type.Object(
    Object.fromEntries(EVIDENCE_FIELDS.map((f) => [f, MatcherSchema])) as {
      [F in EvidenceField]: typeof MatcherSchema
    },
  ),
  { additionalProperties: false, minProperties: 1 },
)
export type Clause = Static<typeof ClauseSchema>

export const WhenSchema = Type.Array(ClauseSchema, { minItems: 1 })
export type When = Static<typeof WhenSchema>

/** True if a clause of `when` holds for the record. Without `when` nothing is evidence: false. */
export function matches(when: When | undefined, record: { readonly [field: string]: unknown }): boolean {
  return when !== undefined && when.some((clause) => matchesClause(clause, record))
}

/** True if every field that the clause names matches. */
export function matchesClause(clause: Clause, record: { readonly [field: string]: unknown }): boolean {
  return conditionsIn(clause).every(({ field, accepts }) => accepts(textOf(record[field])))
}

/**
 * Could the clause hold, were the fields that the export lacks there? `isUnknown` says which fields those are;
 * `sources` are the sources that the record may have, given what is not known of it.
 */
export function mayMatchClause(
  clause: Clause,
  record: { readonly [field: string]: unknown },
  isUnknown: (field: string) => boolean,
  sources: readonly string[],
): boolean {
  return conditionsIn(clause).every(({ field, accepts }) => {
    if (field === 'source') return sources.some((source) => accepts(textOf(source)))
    const text = textOf(record[field])
    return (text === null && isUnknown(field)) || accepts(text)
  })
}

/** A condition that names what a field must be, instead of what it must not be. */
export function isPositive(matcher: Matcher | undefined): boolean {
  if (typeof matcher !== 'object' || Array.isArray(matcher)) return matcher !== undefined
  return matcher.min !== undefined || matcher.max !== undefined
}

/** A field of a clause, and whether it may have a value, given as text. */
interface Condition {
  readonly field: string
  readonly accepts: (text: string | null) => boolean
}

/** Clauses are of the catalogue and never change; each is held against tens of thousands of records. */
const known = new WeakMap<Clause, readonly Condition[]>()

function conditionsIn(clause: Clause): readonly Condition[] {
  let conditions = known.get(clause)
  if (conditions === undefined) {
    conditions = Object.entries(clause).map(([field, matcher]) => ({ field, accepts: acceptedBy(matcher) }))
    known.set(clause, conditions)
  }
  return conditions
}

function acceptedBy(matcher: Matcher): Condition['accepts'] {
  if (typeof matcher !== 'object') return oneOf([matcher])
  if (Array.isArray(matcher)) return oneOf(matcher)
  const { present, not, min, max } = matcher
  const isExcluded = not === undefined ? null : oneOf(not)
  return (text) => {
    if (present !== undefined && present !== (text !== null && text !== 'unknown')) return false
    if (isExcluded?.(text)) return false
    if (min === undefined && max === undefined) return true
    const number = text === null ? NaN : Number(text)
    return number >= (min ?? -Infinity) && number <= (max ?? Infinity)
  }
}

/** Absent is none of them. */
function oneOf(accepted: readonly (string | number)[]): Condition['accepts'] {
  const texts = accepted.map((one) => plain(String(one)))
  return (text) => text !== null && texts.includes(text)
}

/** The value as it is compared; null for what counts as absent: undefined, null, '' and NaN. 0 is a value. */
function textOf(value: unknown): string | null {
  if (value === undefined || value === null || value === '' || Number.isNaN(value)) return null
  return plain(String(value))
}
