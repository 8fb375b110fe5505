/**
 * How the scanner takes the value of each name in the catalogue. What the decision on the source or the identity rests on
 * is listed here by name; every other field that is read on its own has a column without being named. A name that finds no
 * way makes every line that carries it an odd one: right, but slow.
 */
import { ALL_FIELDS, type DimensionField, type Field, type MeasureField } from '../../../schema/words/fields.js'
import { READINGS } from '../readings.js'
import { SECURITY_FIELDS } from '../security.js'
import * as L from './layout.js'

export interface ScannedField {
  kind: number
  /** where distinct values get their numbers */
  dictionary: number
  /** where the number of the value goes */
  slot: number
  /** where a number or a moment goes */
  number: number
  /** where position and length of a text go */
  text: number
}

function take(kind: number, to: Partial<Omit<ScannedField, 'kind'>>): ScannedField {
  return { kind, dictionary: L.NONE, slot: L.SLOT_NOWHERE, number: L.NUMBER_NOWHERE, text: L.TEXT_NOWHERE, ...to }
}

/** A value whose dictionary has a column. */
const column = (kind: number, dictionary: number, text = L.TEXT_NOWHERE) =>
  take(kind, { dictionary, slot: dictionary, text })
/** A value that the decision on the source rests on. */
const fact = (kind: number, dictionary: number, place: number) => take(kind, { dictionary, slot: L.SLOT_FACTS + place })
const number = (kind: number, place: number) => take(kind, { number: place })

const NAMED: { [name: string]: ScannedField } = {
  EdgeStartTimestamp: number(L.TIME, L.START),
  EdgeEndTimestamp: number(L.TIME, L.FINISH),
  RayID: take(L.RAY, {}),
  ClientRequestHost: column(L.TEXT, L.HOST, L.TEXT_HOST),
  ClientRequestPath: column(L.TEXT, L.PATH, L.TEXT_PATH),
  ClientRequestURI: take(L.TEXT, { text: L.TEXT_URI }),
  ClientIP: column(L.TEXT, L.CLIENT_IP, L.TEXT_CLIENT_IP),
  ClientRequestUserAgent: column(L.ANY, L.USER_AGENT),
  ParentRayID: column(L.PARENT, L.PARENT_RAY),
  EdgeResponseStatus: fact(L.STATUS, L.NONE, L.FACT_EDGE_STATUS),
  OriginResponseStatus: fact(L.STATUS, L.NONE, L.FACT_ORIGIN_STATUS),
  CacheCacheStatus: fact(L.SCALAR, L.CACHE_STATUS, L.FACT_CACHE_STATUS),
  ClientRequestSource: fact(L.SCALAR, L.REQUEST_SOURCE, L.FACT_REQUEST_SOURCE),
  EdgePathingOp: fact(L.ANY, L.PATHING_OP, L.FACT_PATHING_OP),
  EdgePathingSrc: fact(L.ANY, L.PATHING_SRC, L.FACT_PATHING_SRC),
  WorkerStatus: fact(L.ANY, L.WORKER_STATUS, L.FACT_WORKER_STATUS),
  WorkerSubrequest: fact(L.ANY, L.WORKER_SUBREQUEST, L.FACT_WORKER_SUBREQUEST),
  OriginResponseDurationMs: number(L.AMOUNT, L.ORIGIN_DURATION),
  OriginResponseTime: number(L.AMOUNT, L.ORIGIN_TIME),
  SampleInterval: number(L.AMOUNT, L.SAMPLE_INTERVAL),
  Subrequests: take(L.NOTHING, {}),
  ...Object.fromEntries(
    SECURITY_FIELDS.map((name, i) => [
      name,
      take(L.ANY, { dictionary: L.SECURITY_PARTS + i, slot: L.SLOT_SECURITY + i }),
    ]),
  ),
}

const isPlain = ({ from, read }: Field) => read !== undefined && from.length > 0 && !(from[0] in NAMED)

/** Dimensions that are nothing but the value of a name: their column, and what a token means. */
export const PLAIN_COLUMNS = ALL_FIELDS.filter((field) => field.role === 'dimension' && isPlain(field)).map(
  ({ name, from, read }, i) => ({
    field: name as DimensionField,
    name: from[0],
    // a nested value would be taken for one, and nothing stand in for it
    kind: from.length > 1 ? L.SCALAR : L.ANY,
    dictionary: L.PLAIN + i,
    meaning: READINGS[read as keyof typeof READINGS],
  }),
)

const NUMBER_KINDS: { [reading: string]: number | undefined } = { amount: L.AMOUNT, wholeAmount: L.WHOLE }

/** Measures that are nothing but the number under a name. */
export const PLAIN_NUMBERS = ALL_FIELDS.filter((field) => field.role === 'measure' && isPlain(field)).flatMap(
  ({ name, from, read }) => {
    const kind = NUMBER_KINDS[read as string]
    return kind === undefined || from.length > 1 ? [] : [{ field: name as MeasureField, name: from[0], kind }]
  },
)

const SCANNED: { readonly [name: string]: ScannedField | undefined } = {
  ...NAMED,
  ...Object.fromEntries(PLAIN_COLUMNS.map(({ name, kind, dictionary }) => [name, column(kind, dictionary)])),
  ...Object.fromEntries(PLAIN_NUMBERS.map(({ name, kind }, i) => [name, number(kind, i)])),
}

/** Older names of dimensions: they stand in where the current name brings nothing. */
export const STAND_INS = ALL_FIELDS.filter(({ role, read }) => role === 'dimension' && read !== undefined)
  .flatMap(({ from: [current, ...older] }) => older.map((name) => ({ name, insteadOf: SCANNED[current] })))
  .map(({ name, insteadOf }, i) => ({ name, insteadOf: insteadOf as ScannedField, slot: L.SLOT_STAND_INS + i }))

if (L.PLAIN + PLAIN_COLUMNS.length > L.MAX_COLUMNS || STAND_INS.length > L.MAX_STAND_INS)
  throw new Error('The field catalogue outgrew the line scanner: raise MAX_COLUMNS or MAX_STAND_INS in layout.ts')
if (PLAIN_NUMBERS.length > L.MAX_PLAIN_NUMBERS)
  throw new Error('The field catalogue outgrew the line scanner: raise MAX_PLAIN_NUMBERS in layout.ts')

/** How the scanner takes the name; a kind of `ODD` where it has no way. `keepClientIp`: as in the reader's settings. */
export function scannedField(name: string, keepClientIp: boolean): ScannedField {
  const standIn = STAND_INS.find((one) => one.name === name)
  if (standIn) return take(L.SCALAR, { dictionary: standIn.insteadOf.dictionary, slot: standIn.slot })
  const field = SCANNED[name]
  if (!field) return take(L.ODD, {})
  return name === 'ClientIP' && !keepClientIp ? { ...field, dictionary: L.NONE, slot: L.SLOT_NOWHERE } : field
}

/** What the scanner is told of columns, as words of its memory. */
export function columnPlan(): { at: number; words: number[] } {
  return {
    at: L.PLAN_COLUMNS,
    words: [
      L.PLAIN + PLAIN_COLUMNS.length,
      PLAIN_NUMBERS.length,
      STAND_INS.length,
      ...STAND_INS.flatMap(({ insteadOf, slot }) => [insteadOf.slot, slot]),
    ],
  }
}
