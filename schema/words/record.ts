/** A record: what the field catalogue says, as a type, and as the API describes it. */
import { Type, type TObject, type TSchema } from 'typebox'
import { ALL_FIELDS, type FIELDS, type Field } from './fields.js'

type Entry = (typeof FIELDS)[number]

type ValueOf<F> = F extends { oneOf: readonly (infer V)[] }
  ? V
  : F extends { type: 'string' }
    ? string
    : F extends { type: 'boolean' }
      ? boolean
      : number

/**
 * One parsed, normalised log line: one request at the edge. Absent values are null, never 0 or ''; an `originResponseStatus`
 * of 0 says that the origin gave no answer, one of null that it was not exported. Times are epoch milliseconds inside; the
 * API writes them as ISO 8601.
 */
export type Record = {
  [F in Entry as F['name']]: F extends { always: true } ? ValueOf<F> : ValueOf<F> | null
}

function shapeOf({ type, oneOf, always, meaning: description }: Field): TSchema {
  if (oneOf) return Type.Enum([...oneOf], { description })
  const plain = {
    time: Type.String({ format: 'date-time' }),
    boolean: Type.Boolean(),
    integer: Type.Integer(),
    number: Type.Number(),
    string: Type.String(),
  }[type]
  return always ? { ...plain, description } : Type.Union([plain, Type.Null()], { description })
}

/** A record as the API gives it, every field of the catalogue, the time as ISO 8601. */
export const RecordShape = Type.Object(
  Object.fromEntries(ALL_FIELDS.map((field) => [field.name, shapeOf(field)])),
) as TObject
export type RecordJson = Omit<Record, 'time'> & { time: string }
