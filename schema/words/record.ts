import { Type, type Static, type TObject, type TSchema } from 'typebox'
import { FIELDS, type Field } from './fields.js'

/** Who wrote the status that the visitor got. */
export const SOURCES = ['client', 'edge', 'origin-failure', 'cache', 'worker', 'origin', 'undetermined'] as const
export const SourceSchema = Type.Enum(SOURCES)
export type Source = (typeof SOURCES)[number]

const nullable = <T extends TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description })

/**
 * One parsed, normalised log line: one request at the edge. Absent values are null, never 0 or ''.
 * Times are epoch milliseconds inside; the API writes them as ISO 8601.
 */
export interface Record {
  time: number
  rayId: string | null
  zone: string | null
  host: string | null
  method: string | null
  path: string | null
  query: string | null
  edgeResponseStatus: number
  /** 0: no answer from the origin; null: not exported. The two must never be mixed up. */
  originResponseStatus: number | null
  source: Source
  /** a code of schema/words/source.ts, put into words by the languages */
  sourceReason: string
  visitor: boolean
  cacheStatus: string | null
  country: string | null
  colo: string | null
  asn: number | null
  clientIp: string | null
  userAgent: string | null
  protocol: string | null
  requestSource: string | null
  securityAction: string | null
  securitySource: string | null
  securityRuleId: string | null
  securityRuleDescription: string | null
  edgePathingOp: string | null
  edgePathingSrc: string | null
  edgePathingStatus: string | null
  workerStatus: string | null
  originIp: string | null
  parentRayId: string | null
  edgeResponseBytes: number | null
  edgeTimeToFirstByteMs: number | null
  originResponseDurationMs: number | null
  totalMs: number | null
  weight: number
}

function shapeOf(field: Field): TSchema {
  const description = field.meaning
  if (field.name === 'source') return Type.Enum(SOURCES, { description })
  if (field.name === 'edgeResponseStatus') return Type.Integer({ description })
  switch (field.type) {
    case 'time':
      return Type.String({ format: 'date-time', description })
    case 'boolean':
      return Type.Boolean({ description })
    case 'integer':
      return nullable(Type.Integer(), description)
    case 'number':
      return nullable(Type.Number(), description)
    case 'string':
      return nullable(Type.String(), description)
  }
}

/** A record as the API gives it, every field of the catalogue, the time as ISO 8601. */
export const RecordShape = Type.Object(Object.fromEntries(FIELDS.map((f) => [f.name, shapeOf(f)]))) as TObject
export type RecordJson = Omit<Record, 'time'> & { time: string }
export type SourceJson = Static<typeof SourceSchema>
