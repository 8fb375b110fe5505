/** All that is said of an export in one document: figures, charts, spikes with causes, tables, what the export lacks. */
import { iso } from '../../schema/words/iso.js'
import type { StandaloneReport, Taken } from '../../schema/api/standalone-report.js'
import { ERROR_CLASSES } from '../../schema/status/status-class.js'
import type { Catalogue } from '../../schema/status/catalogue.js'
import type { Dimension, Filter, Selection } from '../../schema/store/query.js'
import type { ReadStore } from '../../schema/store/store.js'
import { spoiledAnswers, valueLabel } from '../../schema/words/dimensions.js'
import type { Language } from '../../schema/words/languages.js'
import { SOURCE_NAMES, type Source } from '../../schema/words/sources.js'
import { breakdown } from '../reports/breakdown.js'
import { niceStep } from '../reports/buckets.js'
import { byKey } from '../reports/counts.js'
import { percentileReport } from '../reports/percentiles.js'
import { summary } from '../reports/summary.js'
import { timeseries } from '../reports/timeseries.js'
import type { SpikeService } from '../spikes/service.js'

export interface MakeContext {
  store: ReadStore
  spikes: Pick<SpikeService, 'report'>
  catalogue: Catalogue
  /** epoch ms */
  now: number
}

const POINTS = 300
const MOST_SERIES = 12
const ROWS = 10
/** Of errors: where they strike, and whom. */
const ERROR_TABLES = [
  ...(['status', 'source', 'host', 'path', 'country', 'colo', 'asn', 'userAgent', 'clientIp'] as const),
  ...(['originIp', 'cacheStatus', 'securityRuleId', 'securitySource', 'bot', 'method'] as const),
] satisfies readonly Dimension[]
const REQUEST_TABLES = [
  'class',
  'source',
  'status',
  'host',
  'path',
  'country',
  'cacheStatus',
  'bot',
  'contentType',
] as const

type Breakdowns = StandaloneReport['breakdowns']

export async function makeReport(
  taken: Taken,
  lang: Language,
  { store, spikes, catalogue, now }: MakeContext,
): Promise<StandaloneReport> {
  const { records } = store
  const extent = await records.extent()
  const everything: Selection = {
    from: extent.from ?? 0,
    to: (extent.to ?? -1) + 1,
    filters: [],
    audience: 'visitors',
  }
  const onlyErrors: Filter = { dimension: 'class', values: [...ERROR_CLASSES] }
  const hasAddress: Filter = { dimension: 'clientIp', values: [''], not: true }
  const errors: Selection = { ...everything, filters: [onlyErrors] }
  const step = niceStep(everything.from, everything.to, POINTS)
  const chart = async (selection: Selection, by: Dimension) => {
    const { series } = await timeseries(records, selection, by, step, 'UTC', { wanted: null, usual: MOST_SERIES })
    return { step, series: series.map(({ key, points }) => ({ key, points })) }
  }
  const labels = await labelsOf(store, errors, catalogue, lang)
  const tables = (of: 'errors' | 'requests', selection: Selection, dimensions: readonly Dimension[]) =>
    Promise.all(
      dimensions.map(async (dimension): Promise<Breakdowns[number]> => {
        const table = await breakdown(records, selection, dimension, {
          limit: ROWS,
          compare: null,
          zone: 'UTC',
          sort: 'count',
          search: null,
        })
        return {
          of,
          dimension,
          ...table,
          rows: table.rows.map((row) => ({ ...row, label: labels(dimension, row.key) })),
        }
      }),
    )
  const [figures, found, classes, errorClasses, sources, errorSources, ofErrors, ofRequests, clients] =
    await Promise.all([
      summary(records, everything, extent),
      spikes.report({ from: everything.from, to: everything.to, filters: [] }, lang),
      chart(everything, 'class'),
      chart(errors, 'class'),
      chart(everything, 'source'),
      chart(errors, 'source'),
      tables('errors', errors, ERROR_TABLES),
      tables('requests', everything, REQUEST_TABLES),
      records.counts({ ...everything, filters: [hasAddress], bounds: null, by: ['clientIp'], limit: 1 }),
    ])
  const breakdowns = [...ofErrors, ...ofRequests].filter(({ rows }) => rows.some(({ key }) => key !== ''))
  const isEmpty = extent.from === null
  return {
    version: 1,
    lang,
    createdAt: iso(now),
    from: isEmpty ? null : iso(everything.from),
    to: isEmpty ? null : iso(everything.to),
    taken: { ...taken, missingFields: inLanguage(taken.missingFields, lang) },
    summary: figures,
    clients: clients.total.values === 0 ? null : clients.total.values,
    charts: { classes, errorClasses, sources, errorSources },
    spikes: found,
    breakdowns,
    latency: await slowestOf(store, everything, ofRequests),
  }
}

function inLanguage(missing: Taken['missingFields'], lang: Language): Taken['missingFields'] {
  const told = spoiledAnswers(lang)
  return missing.map(({ field, spoils }) => ({ field, spoils: told[field] ?? spoils }))
}

/** A value in words: what a status means, what a rule is called. The value itself where nothing says more. */
async function labelsOf(store: ReadStore, errors: Selection, catalogue: Catalogue, lang: Language) {
  const rules = await ruleNames(store, errors)
  return (dimension: Dimension, key: string): string => {
    if (key === '') return ''
    if (dimension === 'status') return `${key} ${catalogue.statusEntry(Number(key), lang).title}`
    if (dimension === 'source') return SOURCE_NAMES[key as Source]?.[lang] ?? key
    if (dimension === 'securityRuleId') return rules.get(key) ?? key
    return valueLabel(dimension, key, lang) ?? key
  }
}

/** Descriptions of the rules that decided most errors: one record of each carries it. */
async function ruleNames({ records }: ReadStore, errors: Selection): Promise<Map<string, string>> {
  const ids = byKey(await records.counts({ ...errors, bounds: null, by: ['securityRuleId'], limit: ROWS }))
  const names = new Map<string, string>()
  for (const id of ids.keys()) {
    if (id === '') continue
    const filters: Filter[] = [...errors.filters, { dimension: 'securityRuleId', values: [id] }]
    const page = await records.newest({
      ...errors,
      filters,
      limit: 1,
      after: null,
      fields: ['securityRuleDescription'],
    })
    const name = page.records[0]?.securityRuleDescription
    if (name) names.set(id, name)
  }
  return names
}

/** How long the hosts with the most requests took, the slowest first. */
async function slowestOf(
  { records }: ReadStore,
  selection: Selection,
  tables: Breakdowns,
): Promise<StandaloneReport['latency']> {
  const hosts = tables.find(({ dimension }) => dimension === 'host')?.rows ?? []
  if (hosts.length === 0) return []
  const these: Selection = { ...selection, filters: [{ dimension: 'host', values: hosts.map(({ key }) => key) }] }
  const { series } = await percentileReport(records, these, 'edgeTimeToFirstByteMs', [0.5, 0.95], 'host', null, 'UTC', {
    wanted: null,
    usual: ROWS,
  })
  const speeds = new Map(series.map(({ key, points }) => [key, points[0] ?? []]))
  return hosts
    .map(({ key, count }) => {
      const [, p50 = null, p95 = null] = speeds.get(key) ?? []
      return { key, requests: count, p50, p95 }
    })
    .filter(({ p50 }) => p50 !== null)
    .sort((a, b) => (b.p95 ?? 0) - (a.p95 ?? 0))
}
