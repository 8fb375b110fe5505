/** The questions of the page as API paths. Pure. */
import type { Dimension } from '../../../schema/store/query.js'
import { chartComparison, tableComparison } from './comparison.js'
import { ERROR_CLASSES } from './dimensions.js'
import type { Span } from './range.js'
import { dimensionOfTab, type Tab } from './tabs.js'
import { appendFilters, type Sort, type UrlFilter, type View } from './url.js'

export interface Asked {
  view: View
  span: Span
  /** IANA name: days are the reader's */
  zone: string
  lang: string
}

/**
 * What a question is about, apart from the clock: while the range moves on by a minute it stays the same, and so may its
 * answer. Where it changes, nothing of the answer before may be shown under the new one.
 */
export function questionKey({ view, span, zone }: Asked): string {
  const { range, filters, internal, compare } = view
  return JSON.stringify([range, filters, internal, compare, span.moving, typeof span.step === 'string' ? zone : ''])
}

/** Only errors count; a class the reader chose already stays as it is. */
export function errorsOnly(filters: readonly UrlFilter[]): UrlFilter[] {
  if (filters.some((f) => f.dimension === 'class' && !f.not)) return [...filters]
  return [...filters, { dimension: 'class', not: false, values: [...ERROR_CLASSES] }]
}

function params(asked: Asked, filters: readonly UrlFilter[] = asked.view.filters): URLSearchParams {
  const p = new URLSearchParams({
    from: new Date(asked.span.from).toISOString(),
    to: new Date(asked.span.to).toISOString(),
  })
  appendFilters(p, filters, asked.view.internal)
  return p
}

function withStep(p: URLSearchParams, asked: Asked): URLSearchParams {
  p.set('step', String(asked.span.step))
  if (typeof asked.span.step === 'string') p.set('tz', asked.zone)
  return compared(p, asked, chartComparison(asked.view.compare))
}

/** Days and weeks are the reader's. */
function compared(p: URLSearchParams, { zone }: Asked, compare: string | null): URLSearchParams {
  if (compare !== null) p.set('compare', compare)
  if (compare === 'day' || compare === 'week') p.set('tz', zone)
  return p
}

export function summaryPath(asked: Asked): string {
  return `summary?${compared(params(asked), asked, chartComparison(asked.view.compare))}`
}

export function timeseriesPath(asked: Asked, by: 'class' | 'source', errors: boolean): string {
  const p = params(asked, errors ? errorsOnly(asked.view.filters) : asked.view.filters)
  p.set('by', by)
  return `timeseries?${withStep(p, asked)}`
}

export function percentilesPath(asked: Asked): string {
  const p = params(asked)
  p.set('measure', 'edgeTimeToFirstByteMs')
  return `percentiles?${withStep(p, asked)}`
}

export function breakdownPath(asked: Asked, tab: Tab, limit: number, errors: boolean, sort: Sort = 'count'): string {
  const p = params(asked, errors ? errorsOnly(asked.view.filters) : asked.view.filters)
  p.set('by', dimensionOfTab(tab))
  if (tab === 'network') p.set('networks', 'true')
  else if (asked.view.columns === 'speed') {
    p.set('speed', 'true')
    if (sort === 'p95') p.set('sort', sort)
  }
  p.set('limit', String(limit))
  const compare = tableComparison(asked.view.compare)
  if (sort === 'change' && compare !== null) p.set('sort', sort)
  return `breakdown?${compared(p, asked, compare)}`
}

/** Which of these tabs the export has anything for, whatever the filters. */
export function carriedPath(asked: Asked, tabs: readonly Tab[]): string {
  const p = params(asked, [])
  p.set('of', [...new Set(tabs.map(dimensionOfTab))].join(','))
  return `dimensions?${p}`
}

/** The values of a dimension that a text finds, for a filter menu: under all filters but those on the dimension itself. */
export function valuesPath(asked: Asked, dimension: Dimension, contains: string, limit: number): string {
  const p = params(
    asked,
    asked.view.filters.filter((f) => f.dimension !== dimension),
  )
  p.set('dimension', dimension)
  if (contains !== '') p.set('contains', contains)
  p.set('limit', String(limit))
  return `values?${p}`
}

/** All requests of the range and filters as a file. */
export function exportPath(asked: Asked, format: 'ndjson' | 'csv' | 'parquet'): string {
  const p = params(asked)
  p.set('format', format)
  p.set('lang', asked.lang)
  return `export?${p}`
}

export function recordsPath(asked: Asked, limit: number, after: string | null): string {
  const p = params(asked)
  p.set('limit', String(limit))
  if (after !== null) p.set('after', after)
  return `records?${p}`
}

/** One spike. Its id alone names it; only where it shows under filters alone do they count. */
export function spikePath(id: string, lang: string, filters: readonly UrlFilter[]): string {
  const p = new URLSearchParams({ lang })
  appendFilters(p, filters, false)
  return `spikes/${encodeURIComponent(id)}?${p}`
}

/** The errors of the range and filters against the time before; of every request, whoever made it. */
export function explainPath(asked: Asked): string {
  const p = params({ ...asked, view: { ...asked.view, internal: false } })
  p.set('lang', asked.lang)
  return `explain?${p}`
}

export function spikesPath(asked: Asked): string {
  const p = params(asked)
  p.set('lang', asked.lang)
  return `spikes?${p}`
}
