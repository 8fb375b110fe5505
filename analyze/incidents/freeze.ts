/** Everything that is known of an incident now, in one document: what comes or goes afterwards changes nothing of it. */
import { DAY } from '../../schema/words/duration.js'
import { iso } from '../../schema/words/iso.js'
import type { EpisodeJson } from '../../schema/api/alerts.js'
import type { Frozen } from '../../schema/api/incidents.js'
import type { Dimension, Filter, Selection } from '../../schema/store/query.js'
import type { ReadStore } from '../../schema/store/store.js'
import { LANGUAGES, type Language } from '../../schema/words/languages.js'
import { reasonInWords } from '../../schema/words/source-reasons.js'
import { BEFORE_MS } from '../annotations/near.js'
import { annotationView } from '../annotations/view.js'
import { breakdown } from '../reports/breakdown.js'
import { niceStep } from '../reports/buckets.js'
import { timeseries } from '../reports/timeseries.js'
import type { ExplainedSpike } from '../spikes/explain.js'
import { firstRecords } from '../spikes/first-records.js'
import type { SpikeService } from '../spikes/service.js'

export interface FreezeContext {
  store: ReadStore
  spikes: Pick<SpikeService, 'told'>
  /** alerts that fired in a range, with who acknowledged them; none where there is no alerting */
  alertsIn: (range: { from: number; to: number }) => Promise<EpisodeJson[]>
}

/** Time shown around the incident, as a part of its length; at least a quarter of an hour. */
const AROUND = 1
const LEAST_AROUND_MS = 15 * 60_000
const MOST_AROUND_MS = DAY
const POINTS = 240
const MOST_SERIES = 12
const DIMENSIONS = ['status', 'source', 'host', 'path', 'country', 'colo', 'asn', 'userAgent', 'clientIp'] as const
const ROWS = 10
const MOST_ANNOTATIONS = 200

/** `selection` are the records that it is about; `explained` what is said of them. */
export async function freeze(
  selection: Selection,
  explained: ExplainedSpike | null,
  spike: string | null,
  { store, spikes, alertsIn }: FreezeContext,
): Promise<Frozen> {
  const { records } = store
  const { from, to } = selection
  const around = Math.min(MOST_AROUND_MS, Math.max(LEAST_AROUND_MS, AROUND * (to - from)))
  const shown = { from: from - around, to: to + around }
  const step = niceStep(shown.from, shown.to, POINTS)
  const everybody: Selection = { ...shown, filters: [], audience: 'visitors' }
  const chart = async (what: Selection, by: Dimension) => {
    const { series } = await timeseries(records, what, by, step, 'UTC', { wanted: null, usual: MOST_SERIES })
    return { step, series: series.map(({ key, points }) => ({ key, points })) }
  }
  const [texts, classes, chosen, all, tables, alerts, annotations, first] = await Promise.all([
    explained === null ? null : inEveryLanguage((lang) => spikes.told(explained, lang)),
    chart(everybody, 'class'),
    chart({ ...selection, ...shown }, 'status'),
    records.counts({ from, to, filters: [], audience: 'visitors', bounds: null, by: [] }),
    Promise.all(
      DIMENSIONS.map(async (dimension) => {
        const options = { limit: ROWS, compare: null, zone: 'UTC', sort: 'count' as const, search: null }
        const table = await breakdown(records, selection, dimension, options)
        return { dimension, rows: table.rows, other: table.other, total: table.total }
      }),
    ),
    alertsIn(shown),
    store.ledger.annotations.page({
      ...shown,
      from: Math.min(shown.from, from - BEFORE_MS),
      limit: MOST_ANNOTATIONS,
      after: null,
    }),
    // of what is told, so that the errors of a stretch are not hidden behind what went well in it
    firstRecords(records, explained?.selection ?? selection),
  ])
  const requests = tables[0].total
  return {
    version: 1,
    selection: { from: iso(from), to: iso(to), filters: filtersAsWritten(selection.filters), spike },
    explained: texts,
    figures: {
      requests,
      all: all.total.requests,
      share: all.total.requests === 0 ? 0 : Math.min(1, requests / all.total.requests),
      clients: await clientsOf(store, selection),
    },
    charts: { classes, selection: chosen },
    breakdowns: tables
      .filter(({ rows }) => rows.some(({ key }) => key !== ''))
      .map(({ dimension, rows, other }) => ({ dimension, rows, other })),
    alerts,
    annotations: annotations.items.map(annotationView),
    records: first.map((record) => ({
      ...record,
      time: iso(record.time),
      sourceReason: reasonInWords(record.sourceReason, 'en'),
    })),
  }
}

async function inEveryLanguage<T>(make: (lang: Language) => Promise<T>): Promise<{ [L in Language]: T }> {
  const made = await Promise.all(LANGUAGES.map(async (lang) => [lang, await make(lang)] as const))
  return Object.fromEntries(made) as { [L in Language]: T }
}

/** Addresses beyond this are counted as many. */
const MOST_CLIENTS = 100_000

async function clientsOf({ records }: ReadStore, selection: Selection): Promise<number | null> {
  const { groups } = await records.counts({ ...selection, bounds: null, by: ['clientIp'], limit: MOST_CLIENTS })
  const addresses = groups.filter(([address]) => address !== '').length
  return addresses === 0 ? null : addresses
}

function filtersAsWritten(filters: readonly Filter[]): { [name: string]: string[] } {
  const written: { [name: string]: string[] } = {}
  for (const { dimension, values, not } of filters) {
    const name = not ? `not.${dimension}` : dimension
    written[name] = [...(written[name] ?? []), ...values]
  }
  return written
}
