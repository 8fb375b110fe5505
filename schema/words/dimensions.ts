/** What one can group and filter by: the catalogue's filterable fields under their API name, and the status class. */
import { ALL_FIELDS, fieldOf, type DimensionField, type FieldName, type FIELDS, type Label } from './fields.js'
import type { Language, Translated } from './languages.js'

export type Dimension = 'class' | Extract<(typeof FIELDS)[number], { filter: string }>['filter']

const fieldByDimension = new Map<string, DimensionField>(
  ALL_FIELDS.flatMap(({ filter, name }) => (filter === undefined ? [] : [[filter, name as DimensionField]])),
)

export const DIMENSIONS: readonly Dimension[] = ['class', ...(fieldByDimension.keys() as Iterable<Dimension>)]

export function isDimension(name: string): name is Dimension {
  return name === 'class' || fieldByDimension.has(name)
}

/** The record field behind a dimension; the class is made of the status. */
export function fieldOfDimension(dimension: Dimension): DimensionField {
  return dimension === 'class' ? 'edgeResponseStatus' : (fieldByDimension.get(dimension) as DimensionField)
}

/** Does it say what became of a request? What is chosen by it has no denominator: all that is left ended so. */
export const isOutcome = (dimension: Dimension): boolean => fieldOf(fieldOfDimension(dimension)).outcome === true

const CLASS_LABELS: Translated<Label> = {
  en: { one: 'Status class', many: 'Classes', inText: 'class' },
  fr: { one: 'Classe de statut', many: 'Classes', inText: 'classe' },
  zh: { one: '状态码类别', many: '类别', inText: '状态类别' },
}

export type FullLabel = Required<Label>

function fullLabel(label: Label): FullLabel {
  const { one, many = one, short = one } = label
  return { one, many, short, inText: label.inText ?? one.charAt(0).toLowerCase() + one.slice(1) }
}

/** What the dimensions are called. */
export function dimensionLabels(language: Language): { readonly [D in Dimension]: FullLabel } {
  const labelOf = (dimension: Dimension) =>
    dimension === 'class' ? CLASS_LABELS : fieldOf(fieldOfDimension(dimension)).labels
  return Object.fromEntries(DIMENSIONS.map((d) => [d, fullLabel(labelOf(d)[language])])) as {
    [D in Dimension]: FullLabel
  }
}

/** What the fields of a record are called. */
export function fieldLabels(language: Language): { readonly [F in FieldName]: FullLabel } {
  return Object.fromEntries(ALL_FIELDS.map(({ name, labels }) => [name, fullLabel(labels[language])])) as {
    [F in FieldName]: FullLabel
  }
}

/** What nobody can tell without a field, by Cloudflare's current name of it. */
export function spoiledAnswers(language: Language): { readonly [name: string]: string | undefined } {
  return Object.fromEntries(ALL_FIELDS.flatMap(({ from, spoils }) => (spoils ? [[from[0], spoils[language]]] : [])))
}

/** What a value of our own making is called; undefined for all others. */
export function valueLabel(dimension: Dimension, value: string, language: Language): string | undefined {
  return fieldOf(fieldOfDimension(dimension)).values?.[value.toLowerCase()]?.[language]
}
