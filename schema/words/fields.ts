/**
 * The field catalogue: every field of a record, described once, an entry each in the files of its group. The record itself,
 * what the readers take from a line, columns, API, filters and labels are derived from it. Cloudflare's names are kept and
 * change only case.
 *
 * Facts: https://developers.cloudflare.com/logs/logpush/logpush-job/datasets/zone/http_requests/ and, for the
 * older names, the change notice of 2023-02-01 (Security fields updates).
 */
import { ANSWER_FIELDS } from './fields/answer.js'
import type { Field } from './fields/field.js'
import { ORIGIN_FIELDS } from './fields/origin.js'
import { REQUEST_FIELDS } from './fields/request.js'
import { ROUTING_FIELDS } from './fields/routing.js'
import { SECURITY_FIELDS } from './fields/security.js'
import { VISITOR_FIELDS } from './fields/visitor.js'

export type { Field, FieldRole, FieldType, Label, Reading } from './fields/field.js'

/** As people look at a record. */
export const FIELD_GROUPS = {
  request: REQUEST_FIELDS,
  answer: ANSWER_FIELDS,
  origin: ORIGIN_FIELDS,
  security: SECURITY_FIELDS,
  visitor: VISITOR_FIELDS,
  routing: ROUTING_FIELDS,
} as const
export type FieldGroup = keyof typeof FIELD_GROUPS

export const FIELDS = [
  ...REQUEST_FIELDS,
  ...ANSWER_FIELDS,
  ...ORIGIN_FIELDS,
  ...SECURITY_FIELDS,
  ...VISITOR_FIELDS,
  ...ROUTING_FIELDS,
] as const satisfies readonly Field[]

type Entry = (typeof FIELDS)[number]
export type FieldName = Entry['name']
export type DimensionField = Extract<Entry, { role: 'dimension' }>['name']
export type MeasureField = Extract<Entry, { role: 'measure' }>['name']
/** Fields that the status catalogue may take for evidence. */
export type EvidenceField = Extract<Entry, { evidence: true }>['name']
/** Fields whose value is that of one of their names in the line, read on its own. */
export type ReadField = Extract<Entry, { read: string }>['name']

/** Every entry, as the type that all of them have. */
export const ALL_FIELDS: readonly Field[] = FIELDS

const namesWhere = <Name extends FieldName>(test: (field: Field) => boolean) =>
  ALL_FIELDS.filter(test).map((field) => field.name) as readonly string[] as readonly Name[]

export const DIMENSION_FIELDS = namesWhere<DimensionField>((field) => field.role === 'dimension')
export const MEASURE_FIELDS = namesWhere<MeasureField>((field) => field.role === 'measure')
export const EVIDENCE_FIELDS = namesWhere<EvidenceField>((field) => field.evidence === true)

const byName = new Map<string, Field>(ALL_FIELDS.map((field) => [field.name, field]))

export function fieldOf(name: FieldName): Field {
  return byName.get(name) as Field
}

/** Cloudflare's names of all that a Logpush job should export, to answer every question. */
export const LOGPUSH_FIELDS: readonly string[] = [
  ...new Set(
    ALL_FIELDS.filter((field) => field.byDefault !== false).flatMap((field) => field.asks ?? field.from.slice(0, 1)),
  ),
]
