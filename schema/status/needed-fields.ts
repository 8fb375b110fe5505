/** Which fields an export must carry to tell a cause from the others of its status. */
import type { EvidenceField, FieldName } from '../words/fields.js'
import { decideSource, type SourceFacts } from '../words/source.js'
import type { Source } from '../words/sources.js'
import type { Cause } from './entry.js'
import { isPositive, type Clause } from './when.js'

/** What the source of a record rests on, with values that stand for every way in which it can decide. */
const RESTS_ON = {
  originResponseStatus: (status: number) => [0, status, status >= 400 ? 200 : 500],
  cacheStatus: () => [null, 'hit'],
  securityAction: () => [null, 'block'],
  edgePathingOp: () => [null, 'ban'],
  edgePathingSrc: () => [null, 'err'],
  workerStatus: () => [null, 'ok'],
} as const satisfies { [field in EvidenceField & keyof SourceFacts]?: (status: number) => readonly unknown[] }
type RestsOn = keyof typeof RESTS_ON
const RESTS = Object.keys(RESTS_ON) as RestsOn[]

export type SourceEvidence = { readonly [field in RestsOn]: SourceFacts[field] } & {
  edgeResponseStatus: number
  source: Source
}

/** Every source that the record may have, whatever the fields that the export lacks would say. */
export function possibleSources(record: SourceEvidence, isUnknown: (field: string) => boolean): readonly Source[] {
  const unknown = RESTS.filter((field) => record[field] === null && isUnknown(field))
  if (unknown.length === 0) return [record.source]
  const none = { workerSubrequest: null, parentRayId: null, requestSource: null }
  let all: SourceFacts[] = [{ ...none, ...record }]
  for (const field of unknown)
    all = all.flatMap((facts) =>
      RESTS_ON[field](record.edgeResponseStatus).map((value) => ({ ...facts, [field]: value })),
    )
  return [...new Set([record.source, ...all.map((facts) => decideSource(facts).source)])]
}

const fieldsIn = (clauses: readonly Clause[] | undefined): FieldName[] =>
  (clauses ?? []).flatMap((clause) => Object.keys(clause) as FieldName[])

/** Fields of the causes' clauses, and what the source rests on where the source decides. */
export function neededFields(status: number, causes: readonly Cause[]): EvidenceField[] {
  const named = causes.flatMap((one) => [
    ...fieldsIn(one.when),
    ...fieldsIn(one.otherwise),
    ...fieldsIn(one.against),
    ...(one.trend?.measure ?? []),
  ])
  const bySource = named.includes('source') ? RESTS.filter((field) => decides(status, field)) : []
  return [...new Set([...bySource, ...named])].filter(
    (field): field is EvidenceField => field !== 'source' && field !== 'edgeResponseStatus',
  )
}

/** Can the field change the source of a record of this status? Of 499 and 52x the status alone decides. */
function decides(status: number, field: RestsOn): boolean {
  const blank = Object.fromEntries(RESTS.map((one) => [one, null])) as { [one in RestsOn]: null }
  const facts = { workerSubrequest: null, parentRayId: null, requestSource: null, edgeResponseStatus: status }
  const sources = [null, ...RESTS_ON[field](status)].map(
    (value) => decideSource({ ...facts, ...blank, originResponseStatus: 0, [field]: value }).source,
  )
  return new Set(sources).size > 1
}

/** How much a clause says beyond who wrote the status: conditions that name what a field must be. */
export function specificityOf(clause: Clause): number {
  // asked of each record: no list is made of it
  let n = 0
  for (const field in clause) if (field !== 'source' && isPositive(clause[field as keyof Clause])) n++
  return n
}
