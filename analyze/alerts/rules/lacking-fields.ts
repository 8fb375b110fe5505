/** A rule on a field that the logs lack would be silent for ever: it says so instead. */
import { ALL_FIELDS, type Field } from '../../../schema/words/fields.js'
import { fieldOfDimension, type Dimension } from '../../../schema/store/query.js'
import type { Reports } from '../../../schema/store/ledger/reports.js'
import type { ReadStore } from '../../../schema/store/store.js'
import { DAY } from '../../../schema/words/duration.js'
import { filtersOfRule, type Rule } from './rule.js'

/** Sources that nobody can tell without the origin's status; the others show in the status itself. */
const TOLD_BY_ORIGIN: readonly string[] = ['origin', 'edge', 'worker']
const BATCHES_LOOKED_AT = 20

/** Cloudflare's names of the fields that the rule needs and that no record of the day before `to` carries. */
export async function lackingFields(rule: Rule, store: ReadStore, to: number): Promise<string[]> {
  const fields = fieldsOf(rule)
  if (fields.length === 0) return []
  const { audience } = rule.condition.where
  const selection = { from: to - DAY, to, filters: [], audience }
  const [present, all] = await Promise.all([
    store.records.presence(selection, fields),
    store.records.counts({ ...selection, bounds: null, by: [] }),
  ])
  if (all.total.records === 0) return []
  const empty = fields.filter((field) => (present[field] ?? 0) === 0)
  if (empty.length === 0) return []
  const missing = await missingInBatches(store.ledger.reports)
  return empty
    .map(catalogueEntry)
    .filter((field) => !field.oftenEmpty || missing.has(field.from[0]))
    .map((field) => field.from[0] ?? field.name)
}

function fieldsOf(rule: Rule): string[] {
  const { by } = rule
  const filters = filtersOfRule(rule)
  const source = filters.some(
    (f) => f.dimension === 'source' && !f.not && f.values.some((value) => TOLD_BY_ORIGIN.includes(value.toLowerCase())),
  )
  const dimensions: Dimension[] = [...by, ...filters.map((filter) => filter.dimension)].filter(
    (dimension) => dimension !== 'source',
  )
  return [...new Set([...dimensions.map(fieldOfDimension), ...(source ? ['originResponseStatus'] : [])])]
}

/** Fields that none of the last batches carried. */
async function missingInBatches(reports: Reports): Promise<Set<string>> {
  const { items } = await reports.page({ limit: BATCHES_LOOKED_AT, after: null })
  const batches = items.filter((batch) => batch.lines > 0)
  const [first, ...others] = batches.map((batch) => new Set(batch.missingFields.map((missing) => missing.field)))
  return new Set([...(first ?? [])].filter((field) => others.every((other) => other.has(field))))
}

function catalogueEntry(name: string): Field {
  return ALL_FIELDS.find((field) => field.name === name) as Field
}
