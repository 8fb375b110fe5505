/** Adding and taking out filters. Pure: gives the new list. */
import type { Dimension } from '../../../schema/store/query.js'
import type { UrlFilter } from './url.js'

export const isOn = (filters: readonly UrlFilter[], dimension: Dimension, value: string, not = false): boolean =>
  filters.some((f) => f.dimension === dimension && f.not === not && f.values.includes(value))

function set(filters: readonly UrlFilter[], dimension: Dimension, not: boolean, values: string[]): UrlFilter[] {
  const others = filters.filter((f) => f.dimension !== dimension || f.not !== not)
  return values.length === 0 ? others : [...others, { dimension, not, values }]
}

const valuesOf = (filters: readonly UrlFilter[], dimension: Dimension, not: boolean): string[] =>
  filters.find((f) => f.dimension === dimension && f.not === not)?.values ?? []

/** A value in or out; what is asked for can not be excluded at the same time. */
export function toggle(filters: readonly UrlFilter[], dimension: Dimension, value: string, not = false): UrlFilter[] {
  const values = valuesOf(filters, dimension, not)
  if (values.includes(value))
    return set(
      filters,
      dimension,
      not,
      values.filter((v) => v !== value),
    )
  const opposite = valuesOf(filters, dimension, !not).filter((v) => v !== value)
  return set(set(filters, dimension, !not, opposite), dimension, not, [...values, value])
}

/** Several values in, or out where all of them are in: a network is all its patterns. */
export function toggleAll(
  filters: readonly UrlFilter[],
  dimension: Dimension,
  values: readonly string[],
  not = false,
): UrlFilter[] {
  const isIn = values.every((value) => isOn(filters, dimension, value, not))
  return values.reduce<UrlFilter[]>(
    (list, value) => (isOn(list, dimension, value, not) === isIn ? toggle(list, dimension, value, not) : list),
    [...filters],
  )
}

/** The reader asked for answers of some kind: that all of them are of that kind is no news. */
export function errorsByChoice(filters: readonly UrlFilter[]): boolean {
  return filters.some((f) => !f.not && (f.dimension === 'status' || f.dimension === 'class'))
}

/** Only these values of the dimension. */
export function only(filters: readonly UrlFilter[], dimension: Dimension, ...values: string[]): UrlFilter[] {
  return set(set(filters, dimension, true, []), dimension, false, values)
}

export function without(filters: readonly UrlFilter[], dimension: Dimension, not?: boolean): UrlFilter[] {
  return filters.filter((f) => f.dimension !== dimension || (not !== undefined && f.not !== not))
}
