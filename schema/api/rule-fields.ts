/**
 * What rules are made of. A field says once what people may write and how it is read: out of it come the type, the check
 * with its messages, the list of keys, the docs and the fields of the editor.
 */
import { Type, type Static, type TObject, type TOptional, type TProperties, type TSchema, type TUnsafe } from 'typebox'
import type { Dimension, Filter, Selection } from '../words/selection.js'

/** Filters under their names in the API: `{ status: '403', 'not.country': ['FR', 'DE'], visitor: 'all' }`. */
export type Where = { [filter: string]: string | number | boolean | (string | number | boolean)[] }

/** Which requests a rule looks at. */
export interface Scope {
  filters: Filter[]
  audience: Selection['audience']
}

/** How a field is read; an editor shows it accordingly. */
export const READS = [
  'text',
  'link',
  'flag',
  'word',
  'number',
  'share',
  'duration',
  'window',
  'scope',
  'filters',
  'dimensions',
  'labels',
  'texts',
  'list',
] as const
export type Reads = (typeof READS)[number]

/** What the schema of a field may say besides. */
export interface Keywords {
  'default'?: unknown
  'description'?: string
  'examples'?: unknown[]
  'enum'?: string[]
  'minimum'?: number
  'maximum'?: number
  'exclusiveMinimum'?: number
  'exclusiveMaximum'?: number
  'maxLength'?: number
  'minItems'?: number
  'maxItems'?: number
  'items'?: TSchema
  /** of a duration, as texts */
  'x-least'?: string
  'x-most'?: string
}

/** `In`: as people write it; `Out`: as a rule uses it, durations in ms and filters as the store takes them. */
export interface TField<In = unknown, Out = unknown> extends TUnsafe<In> {
  'x-reads': Reads
  '~value': Out
}
export type Fields = { readonly [name: string]: TField }

/** The fields of a rule once they are read. */
export type Values<F> = { [name in keyof F]: F[name] extends { '~value': infer Out } ? Out : never }

const field = <In, Out>(reads: Reads, schema: object) =>
  Type.Unsafe<In>({ ...schema, 'x-reads': reads }) as TField<In, Out>

/** May be left out, and is this then. */
export const usually = <In, Out>(of: TField<In, Out>, fallback: In): TOptional<TField<In, Out>> =>
  Type.Optional(field<In, Out>(of['x-reads'], { ...of, default: fallback }))

/** May be left out, which means something of its own. */
export const maybe = <In, Out>(of: TField<In, Out>): TOptional<TField<In, Out | undefined>> =>
  Type.Optional(field<In, Out | undefined>(of['x-reads'], of))

type Numbers = Pick<Keywords, 'minimum' | 'maximum' | 'exclusiveMinimum' | 'exclusiveMaximum' | 'examples'>
type Durations = Pick<Keywords, 'x-least' | 'x-most'>

export const text = (description: string, maxLength: number) =>
  field<string, string>('text', { type: 'string', maxLength, description })
export const link = (description: string, maxLength: number) =>
  field<string, string>('link', { type: 'string', maxLength, description })
export const flag = (description: string) => field<boolean, boolean>('flag', { type: 'boolean', description })
export const word = <const W extends readonly string[]>(words: W, description: string) =>
  field<W[number], W[number]>('word', { type: 'string', enum: [...words], description })
export const number = (description: string, limits: Numbers) =>
  field<number, number>('number', { type: 'number', ...limits, description })
/** 0 to 1, which people may also write in percent. */
export const share = (description: string, limits: Numbers = { minimum: 0, maximum: 1 }) =>
  field<number, number>('share', { type: 'number', ...limits, description: `${description}. A share (0.05), or 5%` })
export const duration = (description: string, limits: Durations = {}) =>
  field<string, number>('duration', durationSchema(description, limits))
/** Counts are kept by the minute, so windows are whole minutes. */
export const window = (description: string, limits: Durations = {}) =>
  field<string, number>('window', durationSchema(description, { 'x-least': '1m', 'x-most': '30d', ...limits }))
export const scope = (description: string) => field<Where, Scope>('scope', whereSchema(description))
/** Filters that tell which of the requests are meant: at least one, and none on who asked. */
export const filters = (description: string) =>
  field<Where, Filter[]>('filters', { ...whereSchema(description), minProperties: 1, examples: [{ class: '5xx' }] })
export const dimensions = (description: string, maxItems: number) =>
  field<string[], Dimension[]>('dimensions', { type: 'array', items: { type: 'string' }, maxItems, description })
export const labels = (description: string) =>
  field<{ [name: string]: string }, { [name: string]: string }>('labels', {
    type: 'object',
    additionalProperties: { type: 'string' },
    description,
  })
export const texts = (description: string) =>
  field<string[], string[]>('texts', { type: 'array', items: { type: 'string' }, description })
export const list = <P extends TProperties>(
  items: TObject<P>,
  description: string,
  limits: { minItems: number; maxItems: number; examples: Static<TObject<P>>[][] },
) => field<Static<TObject<P>>[], Values<P>[]>('list', { type: 'array', items, ...limits, description })

function durationSchema(description: string, limits: Durations): object {
  return { type: 'string', ...limits, description: `${description}. A duration: 90s, 5m, 1h30m, 3d` }
}

function whereSchema(description: string): object {
  return { type: 'object', additionalProperties: true, description }
}

/** The fields of an object of fields, by name: in it each is required or optional. */
export const fieldsOf = (schema: TSchema): [string, TField, boolean][] => {
  const { properties = {}, required = [] } = schema as { properties?: Fields; required?: string[] }
  return Object.entries(properties).map(([name, of]) => [name, of, required.includes(name)])
}
