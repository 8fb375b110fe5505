import { Type, type Static } from 'typebox'

const MOMENT = Type.String({ description: 'ISO 8601 or epoch ms' })
const nullable = (description: string) => Type.Union([Type.String(), Type.Null()], { description })
const nullableTime = (description: string) =>
  Type.Union([Type.String({ format: 'date-time' }), Type.Null()], { description })

const written = {
  url: Type.Optional(Type.String({ pattern: '^https?://\\S+$', maxLength: 2_000 })),
  kind: Type.Optional(
    Type.String({ minLength: 1, maxLength: 40, description: 'deploy, incident, campaign … as its author calls it' }),
  ),
  zone: Type.Optional(Type.String({ minLength: 1, maxLength: 253 })),
  host: Type.Optional(Type.String({ minLength: 1, maxLength: 253 })),
}
const text = Type.String({ minLength: 1, maxLength: 1_000, pattern: '\\S' })

/** A moment (`at`) or a span (`from` and `to`). */
export const AnnotationDraftSchema = Type.Object(
  {
    text,
    at: Type.Optional(MOMENT),
    from: Type.Optional(MOMENT),
    to: Type.Optional(MOMENT),
    ...written,
    by: Type.Optional(Type.String({ maxLength: 200, description: 'Where the sender is known, its own name counts' })),
  },
  { additionalProperties: false },
)

export const AnnotationChangeSchema = Type.Object(
  {
    text: Type.Optional(text),
    at: Type.Optional(MOMENT),
    from: Type.Optional(MOMENT),
    to: Type.Optional(MOMENT),
    url: Type.Optional(Type.Union([written.url, Type.Null()])),
    kind: Type.Optional(Type.Union([written.kind, Type.Null()])),
    zone: Type.Optional(Type.Union([written.zone, Type.Null()])),
    host: Type.Optional(Type.Union([written.host, Type.Null()])),
  },
  { additionalProperties: false, minProperties: 1 },
)
export type AnnotationChange = Static<typeof AnnotationChangeSchema>

export const AnnotationSchema = Type.Object({
  id: Type.String(),
  text: Type.String(),
  at: nullableTime('The moment; null for a span'),
  from: nullableTime('The beginning of a span, included'),
  to: nullableTime('The end of a span, excluded'),
  url: nullable('Where to read more'),
  kind: nullable('deploy, incident, campaign … as its author calls it'),
  zone: nullable('Where it is about one zone'),
  host: nullable('Where it is about one host'),
  author: nullable('Who wrote it'),
  createdAt: Type.String({ format: 'date-time' }),
})
export type AnnotationJson = Static<typeof AnnotationSchema>
