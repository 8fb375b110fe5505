/**
 * The whole state of the page as an address, and back. What is not said in the address has its default, so the plain
 * address stays plain and a link can be shared. Pure: no window here.
 */
import type { Dimension } from '../../../schema/store/query.js'
import { DAY, HOUR, MINUTE } from '../../../schema/words/duration.js'
import { pageAt, pathOfPage, type PageAt } from '../../../schema/words/pages.js'
import { DIMENSION_NAMES } from './dimensions.js'
import { TAB_NAMES, type Tab } from './tabs.js'

/** Of a rule `new` is one that is not there yet, of a notifier `new` or `new:slack`. */
export type Page = PageAt | { name: 'unknown'; path: string }

/** Pages that come with the alerts' own part of the script. */
export type AlertPage = Extract<
  Page,
  { name: 'alerts' | 'alert' | 'rules' | 'rule' | 'silences' | 'notifiers' | 'notifier' }
>
/** Pages of incidents and of what people write. */
export type IncidentPage = Extract<Page, { name: 'annotations' | 'incidents' | 'incident' }>
/** `auto`: the last 24 hours if there is data in them, else everything there is. */
export type Range =
  { kind: 'auto' } | { kind: 'last'; ms: number } | { kind: 'all' } | { kind: 'span'; from: number; to: number }

/** One dimension is one of these values ('' means absent) or, with `not`, none of them. */
export interface UrlFilter {
  dimension: Dimension
  not: boolean
  values: string[]
}

/**
 * What the figures are held against. `auto`: tiles and tables against the period before, charts against nothing; a number:
 * the window of the same length that begins then, epoch ms.
 */
export type Compare = 'auto' | 'off' | 'previous' | 'day' | 'week' | number
/** How tables rank; `change`: what rose most first */
export type Sort = 'count' | 'change' | 'p95'

export type ChartView = 'errors' | 'all' | 'share'

export interface View {
  page: Page
  range: Range
  /** at most one entry for each dimension and `not`, no value twice */
  filters: UrlFilter[]
  /** requests that no visitor made are counted too */
  internal: boolean
  /** null: errors when there is a spike, else everything */
  view: ChartView | null
  /** which chart a narrow screen shows */
  chart: 'class' | 'source'
  /** open tabs of the two tables, null for the first */
  what: Tab | null
  who: Tab | null
  /** what the tables tell of each row; speed: how long its answers took */
  columns: 'counts' | 'speed'
  compare: Compare
  /** null: by what rose where there is a spike, else by count */
  sort: Sort | null
  live: boolean
  /** IANA name, `UTC` or `local`; null: as chosen before on this machine */
  tz: string | null
  lang: string | null
  /** words to search for in the lists of statuses, rules and alerts */
  search: string
}

export const DEFAULTS: View = {
  page: { name: 'overview' },
  range: { kind: 'auto' },
  filters: [],
  internal: false,
  view: null,
  chart: 'class',
  what: null,
  who: null,
  columns: 'counts',
  compare: 'auto',
  sort: null,
  live: true,
  tz: null,
  lang: null,
  search: '',
}

const UNITS = { m: MINUTE, h: HOUR, d: DAY } as const

export function parseDuration(text: string): number | null {
  const match = /^([1-9]\d{0,5})([mhd])$/.exec(text)
  return match ? Number(match[1]) * UNITS[match[2] as keyof typeof UNITS] : null
}

/** The shortest exact spelling of whole minutes: 90m, 24h (not 1d), 7d. */
export function formatDuration(ms: number): string {
  if (ms > UNITS.d && ms % UNITS.d === 0) return `${ms / UNITS.d}d`
  if (ms % UNITS.h === 0) return `${ms / UNITS.h}h`
  return `${ms / UNITS.m}m`
}

function parseTime(text: string | null): number | null {
  if (text === null || text === '') return null
  const ms = /^\d{10,}$/.test(text) ? Number(text) : Date.parse(text)
  return Number.isFinite(ms) && Math.abs(ms) <= 8.64e15 ? ms : null
}

export function pathOf(page: Page): string {
  if (page.name === 'unknown') return page.path
  return 'id' in page ? pathOfPage(page.name, page.id) : pathOfPage(page.name)
}

function parseRange(params: URLSearchParams): Range {
  const from = parseTime(params.get('from'))
  const to = parseTime(params.get('to'))
  if (from !== null && to !== null && from < to) return { kind: 'span', from, to }
  const text = params.get('range')
  if (text === 'all') return { kind: 'all' }
  const ms = text === null ? null : parseDuration(text)
  return ms === null ? { kind: 'auto' } : { kind: 'last', ms }
}

function parseFilters(params: URLSearchParams): UrlFilter[] {
  const filters: UrlFilter[] = []
  for (const dimension of DIMENSION_NAMES) {
    if (dimension === 'visitor') continue
    for (const not of [false, true]) {
      const values = [...new Set(params.getAll(not ? `not.${dimension}` : dimension))]
      if (values.length > 0) filters.push({ dimension, not, values })
    }
  }
  return filters
}

function oneOf<T extends string>(text: string | null, choices: readonly T[]): T | null {
  return choices.find((c) => c === text) ?? null
}

const COLUMNS = ['counts', 'speed'] as const
const COMPARES = ['off', 'previous', 'day', 'week'] as const

function parseCompare(text: string | null): Compare {
  return oneOf(text, COMPARES) ?? parseTime(text) ?? 'auto'
}

/** Reads an address (path and query). Anything not understood gets its default. */
export function parseView(address: string): View {
  const url = new URL(address, 'http://page.invalid')
  const params = url.searchParams
  return {
    page: pageAt(url.pathname) ?? { name: 'unknown', path: url.pathname },
    range: parseRange(params),
    filters: parseFilters(params),
    internal: params.get('visitor') === 'all',
    view: oneOf(params.get('view'), ['errors', 'all', 'share']),
    chart: oneOf(params.get('chart'), ['class', 'source']) ?? 'class',
    what: oneOf(params.get('what'), TAB_NAMES),
    who: oneOf(params.get('who'), TAB_NAMES),
    columns: oneOf(params.get('columns'), COLUMNS) ?? 'counts',
    compare: parseCompare(params.get('compare')),
    sort: oneOf(params.get('sort'), ['count', 'change', 'p95']),
    live: params.get('live') !== 'off',
    tz: params.get('tz') || null,
    lang: params.get('lang') || null,
    search: params.get('search') ?? '',
  }
}

/** Parameters of the address that are no filter. */
const OTHERS = [
  'from',
  'to',
  'range',
  'visitor',
  'view',
  'chart',
  'what',
  'who',
  'columns',
  'compare',
  'sort',
  'live',
  'tz',
  'lang',
  'search',
  'theme',
]

/** What of an address is not understood, as `name=value`: it is told, since what is left out changes what one sees. */
export function misreadOf(address: string, isLang: (text: string) => boolean): string[] {
  const params = new URL(address, 'http://page.invalid').searchParams
  const from = parseTime(params.get('from'))
  const to = parseTime(params.get('to'))
  const span = params.has('from') || params.has('to')
  const choices: { [name: string]: readonly string[] } = {
    view: ['errors', 'all', 'share'],
    chart: ['class', 'source'],
    what: TAB_NAMES,
    who: TAB_NAMES,
    columns: COLUMNS,
    sort: ['count', 'change', 'p95'],
    live: ['on', 'off'],
    visitor: ['all', 'true'],
    theme: ['auto', 'light', 'dark'],
  }
  const isFine = (name: string, value: string): boolean => {
    if (name === 'from' || name === 'to') return from !== null && to !== null && from < to
    if (name === 'compare') return value === 'on' || parseCompare(value) !== 'auto'
    if (name === 'range') return span || value === 'all' || parseDuration(value) !== null
    if (name === 'lang') return isLang(value)
    if (name === 'tz') return value === 'local' || isZone(value)
    if (Object.hasOwn(choices, name)) return choices[name].includes(value)
    return OTHERS.includes(name) || (DIMENSION_NAMES as readonly string[]).includes(name.replace(/^not\./, ''))
  }
  return [...params].filter(([name, value]) => !isFine(name, value)).map(([name, value]) => `${name}=${value}`)
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** As the address and the API write it. */
export const compareText = (compare: Exclude<Compare, 'auto'>): string =>
  typeof compare === 'number' ? new Date(compare).toISOString() : compare

/** Filters as API query parameters: `status=403&not.host=a`. */
export function appendFilters(params: URLSearchParams, filters: readonly UrlFilter[], internal: boolean): void {
  for (const f of filters) for (const v of f.values) params.append(f.not ? `not.${f.dimension}` : f.dimension, v)
  if (internal) params.set('visitor', 'all')
}

/** Writes the address of a view; the inverse of `parseView`. */
export function formatView(view: View): string {
  const params = new URLSearchParams()
  const { range } = view
  if (range.kind === 'all') params.set('range', 'all')
  if (range.kind === 'last') params.set('range', formatDuration(range.ms))
  if (range.kind === 'span') {
    params.set('from', new Date(range.from).toISOString())
    params.set('to', new Date(range.to).toISOString())
  }
  appendFilters(params, view.filters, view.internal)
  if (view.view !== null) params.set('view', view.view)
  if (view.chart !== 'class') params.set('chart', view.chart)
  if (view.what !== null) params.set('what', view.what)
  if (view.who !== null) params.set('who', view.who)
  if (view.columns !== 'counts') params.set('columns', view.columns)
  if (view.compare !== 'auto') params.set('compare', compareText(view.compare))
  if (view.sort !== null) params.set('sort', view.sort)
  if (!view.live) params.set('live', 'off')
  if (view.tz !== null) params.set('tz', view.tz)
  if (view.lang !== null) params.set('lang', view.lang)
  if (view.search !== '') params.set('search', view.search)
  const query = params.toString().replaceAll('%3A', ':').replaceAll('%2F', '/')
  return pathOf(view.page) + (query === '' ? '' : `?${query}`)
}
