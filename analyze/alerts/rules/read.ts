/** Reads what people wrote by the fields of a schema, and writes it again. Every mistake is told with its place. */
import type { TSchema } from 'typebox'
import { fieldsOf, type Keywords, type Scope, type TField } from '../../../schema/api/rule-fields.js'
import { DIMENSIONS, isDimension, type Dimension, type Filter } from '../../../schema/store/query.js'
import { formatDuration, parseDuration } from '../../../schema/words/duration.js'
import { foundIn, isMapping, textOf, unknownAmong, type Mapping, type Reader } from './mapping.js'
import type { Mistake, Path } from './mistakes/mistake.js'
import { scopeOf, whereOf } from './where.js'

/** What a label name may be in Prometheus, since labels go to Alertmanager. */
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/

type Field = TField & Keywords

/** The values of all fields of the schema, usable where nothing was complained of. */
export function readFields(schema: TSchema, from: Mapping, path: Path, reader: Reader, skip: string[] = []): Mapping {
  const fields = fieldsOf(schema)
  reader.known(
    from,
    fields.map(([name]) => name),
    path,
  )
  return Object.fromEntries(
    fields
      .filter(([name]) => !skip.includes(name))
      .map(([name, field, required]) => [name, readField(field, required, from[name], [...path, name], reader)]),
  )
}

function readField(field: Field, required: boolean, given: unknown, path: Path, reader: Reader): unknown {
  const isMissing = given === undefined || given === null || given === ''
  if (isMissing && required) {
    reader.complain(path, missing(field))
    return EMPTY[field['x-reads']]?.() ?? null
  }
  if (isMissing && field.default === undefined) return undefined
  const value = isMissing ? field.default : given
  switch (field['x-reads']) {
    case 'text':
      return reader.text(value, path, field.maxLength ?? Infinity)
    case 'link':
      return reader.link(value, path, field.maxLength ?? Infinity)
    case 'flag':
      return reader.flag(value, path)
    case 'word':
      return reader.word(value, path, field.enum ?? [])
    case 'number':
      return reader.number(value, path, field)
    case 'share':
      return reader.number(value, path, { ...field, share: true })
    case 'duration':
      return reader.duration(value, path, limitsOf(field))
    case 'window':
      return reader.window(value, path, limitsOf(field))
    case 'scope':
      return scopeOf(value, path, reader.complain)
    case 'filters':
      return readFilters(value, path, reader)
    case 'dimensions':
      return readDimensions(value, path, field.maxItems ?? Infinity, reader)
    case 'labels':
      return readLabels(value, path, reader)
    case 'texts':
      return reader.texts(value, path)
    case 'list':
      return readList(field, value, path, reader)
  }
}

/** Stands for what is missing, so that reading can go on and find the other mistakes. */
const EMPTY: { [reads in TField['x-reads']]?: () => unknown } = {
  text: () => '',
  number: () => 0,
  share: () => 0,
  duration: () => 0,
  window: () => 0,
  scope: (): Scope => ({ filters: [], audience: 'visitors' }),
  filters: () => [],
  list: () => [],
}

function missing(field: Field): Mistake {
  const { 'x-reads': reads, description = '', examples = [], 'enum': words = [] } = field
  const example = examples.length > 0 ? inBrief(examples[0]) : null
  return { what: 'missing', reads, description, words, example }
}

/** `{class: 5xx}`, as one would write it in YAML. */
const inBrief = (example: unknown): string => JSON.stringify(example).replaceAll('"', '').replace(/[:,]/g, '$& ')

const limitsOf = (field: Field) => ({
  min: parseDuration(field['x-least'] ?? '0') ?? 0,
  max: parseDuration(field['x-most'] ?? '') ?? Infinity,
})

function readFilters(value: unknown, path: Path, reader: Reader): Filter[] {
  const { filters } = scopeOf(value, path, reader.complain)
  if (isMapping(value) && 'visitor' in value) reader.complain([...path, 'visitor'], { what: 'visitor-in-errors' })
  if (filters.length === 0) reader.complain(path, { what: 'no-errors' })
  return filters
}

function readDimensions(value: unknown, path: Path, most: number, reader: Reader): Dimension[] {
  const names = Array.isArray(value) ? value : [value]
  if (names.length > most) reader.complain(path, { what: 'too-many-dimensions', most })
  return names.flatMap((name: unknown, i): Dimension[] => {
    if (typeof name === 'string' && isDimension(name) && name !== 'visitor') return [name]
    reader.complain(Array.isArray(value) ? [...path, i] : path, {
      what: 'no-dimension',
      found: foundIn(name),
      ...unknownAmong(name, DIMENSIONS),
    })
    return []
  })
}

function readLabels(value: unknown, path: Path, reader: Reader): { [name: string]: string } {
  if (!isMapping(value)) {
    reader.complain(path, { what: 'no-labels' })
    return {}
  }
  const out: { [name: string]: string } = {}
  for (const [name, label] of Object.entries(value)) {
    const at = [...path, name]
    if (!LABEL.test(name)) reader.complain(at, { what: 'no-label-name' })
    if (name === 'alertname' || name === 'severity') reader.complain(at, { what: 'label-of-rule', name })
    if (!['string', 'number', 'boolean'].includes(typeof label)) reader.complain(at, { what: 'no-text' })
    out[name] = textOf(label)
  }
  return out
}

function readList(field: Field, value: unknown, path: Path, reader: Reader): Mapping[] {
  const { items, minItems = 0, maxItems = Infinity, examples = [] } = field
  if (!items || !Array.isArray(value) || value.length < minItems || value.length > maxItems) {
    reader.complain(path, { what: 'no-list', least: minItems, most: maxItems, example: inBrief(examples[0] ?? []) })
    return []
  }
  return value.map((entry: unknown, i) => readFields(items, isMapping(entry) ? entry : {}, [...path, i], reader))
}

/** What was read, as people write it, every default written out. */
export function writeFields(schema: TSchema, values: Mapping, skip: string[] = []): Mapping {
  return Object.fromEntries(
    fieldsOf(schema)
      .filter(([name]) => !skip.includes(name) && values[name] !== undefined)
      .map(([name, field]) => [name, writeField(field, values[name])]),
  )
}

function writeField(field: Field, value: unknown): unknown {
  switch (field['x-reads']) {
    case 'duration':
    case 'window':
      return formatDuration(value as number)
    case 'scope':
      return whereOf(value as Scope)
    case 'filters':
      return whereOf({ filters: value as Filter[], audience: 'visitors' })
    case 'list':
      return (value as Mapping[]).map((entry) => writeFields(field.items as TSchema, entry))
    default:
      return value
  }
}
