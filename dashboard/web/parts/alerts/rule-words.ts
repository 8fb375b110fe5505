/** Rules, alerts and their values in a few words. */
import type { Backtest, EpisodeJson, Where } from '../../../../schema/api/alerts.js'
import { isOwn, type OtherExpr, type RuleDraft, type RuleExpr } from '../../state/rules.js'
import { kindNamed } from '../../state/rule-kinds.js'
import type { Dimension } from '../../../../schema/store/query.js'
import { parseDuration } from '../../../../schema/words/duration.js'
import { SPEECH } from '../../../../schema/words/languages.js'
import { visible } from '../../../../schema/words/visible.js'
import { filtersOfWhere } from '../../state/alerts-form.js'
import { DAY } from '../../../../schema/words/duration.js'
import { DIMENSION_NAMES } from '../../state/dimensions.js'
import type { UrlFilter } from '../../state/url.js'
import { valueText } from '../value.js'
import type { Speech } from '../words.js'

type Unit = EpisodeJson['unit']
const isUnit = (unit: string): unit is Unit => ['requests', 'share', 'burn', 'score', 'minutes', 'ms'].includes(unit)
const isDimension = (name: string): name is Dimension => (DIMENSION_NAMES as readonly string[]).includes(name)

/** A value of a rule in its unit: 5.2%, 14×, 12 min. */
export function unitText(value: number, unit: string, { f }: Speech): string {
  switch (isUnit(unit) ? unit : 'requests') {
    case 'share':
      return f.share(value)
    case 'burn':
      return f.times(value)
    case 'minutes':
      return f.duration(value * 60_000)
    case 'ms':
      return f.millis(value)
    case 'requests':
    case 'score':
      return value < 10 ? f.decimal(value) : f.short(Math.round(value))
  }
}

export function durationText(text: string, { f }: Speech): string {
  const ms = parseDuration(text)
  return ms === null ? text : f.duration(ms)
}

/** Dimensions whose values speak for themselves. */
const PLAIN: readonly Dimension[] = ['class', 'status', 'host', 'zone', 'path', 'method']

export function filterText({ dimension, not, values }: UrlFilter, speech: Speech): string {
  const { w } = speech
  const shown = values.map((v) => valueText(dimension, v, speech)).join(` ${w.filter.or} `)
  const text = PLAIN.includes(dimension)
    ? shown
    : dimension === 'source'
      ? values.map((v) => w.sources[v as keyof typeof w.sources]?.by ?? v).join(` ${w.filter.or} `)
      : `${w.dimensions[dimension].one} ${shown}`
  return not ? w.alerts.says.not(text) : text
}

/** "403 or 429 by the edge, www.example.com": who answered follows what was answered. */
function whereText(where: Where | undefined, speech: Speech): string {
  const { filters } = filtersOfWhere(where)
  const isAnswer = (f: UrlFilter): boolean =>
    !f.not && (f.dimension === 'class' || f.dimension === 'status' || f.dimension === 'source')
  const order = ['class', 'status', 'source']
  const answer = filters
    .filter(isAnswer)
    .sort((a, b) => order.indexOf(a.dimension) - order.indexOf(b.dimension))
    .map((one) => filterText(one, speech))
    .join(' ')
  return [answer, ...filters.filter((f) => !isAnswer(f)).map((one) => filterText(one, speech))]
    .filter((text) => text !== '')
    .join(', ')
}

function conditionText(expr: RuleExpr, speech: Speech): string {
  const { w, f } = speech
  const { says } = w.alerts
  if (isLatency(expr))
    return says.latency(
      kindNamed('latency')
        .fields.flatMap((one) => one.choices ?? [])
        .find((one) => one.value === expr.measure)?.label ?? w.tiles.ttfb,
      `p${Number(((expr.percentile ?? 0.95) * 100).toPrecision(4))}`,
      f.millis(expr.above),
      durationText(expr.window, speech),
    )
  if (!isOwn(expr)) return otherText(expr, speech)
  switch (expr.kind) {
    case 'count':
      return says.count(whereText(expr.where, speech), f.count(expr.above), durationText(expr.window, speech))
    case 'ratio':
      return says.ratio(whereText(expr.errors, speech) || '…', f.share(expr.above), durationText(expr.window, speech))
    case 'surge':
      return says.surge
    case 'burn-rate':
      return says.burn(
        whereText(expr.errors, speech) || '…',
        new Intl.NumberFormat(f.locale, { style: 'percent', maximumFractionDigits: 4 }).format(expr.objective),
      )
    case 'absence':
      return says.absence(durationText(expr.after, speech))
  }
}

/** Known well enough for a sentence, once it has a figure: its editor is made of what the service says of its fields. */
interface Latency {
  kind: 'latency'
  measure?: string
  percentile?: number
  above: number
  window: string
  minimum?: number
}
const isLatency = (expr: { kind: string; above?: unknown; window?: unknown }): expr is Latency =>
  expr.kind === 'latency' && typeof expr.above === 'number' && typeof expr.window === 'string'

/** Its kind's name, and what was written into its fields, as its editor shows it. */
function otherText({ kind, where: _where, ...given }: OtherExpr, speech: Speech): string {
  const { f } = speech
  const { name, fields } = kindNamed(kind)
  const written = Object.entries(given)
    .filter(([, value]) => value !== null && value !== undefined && typeof value !== 'object')
    .map(([key, value]) => {
      const field = fields.find((one) => one.name === key)
      const text =
        field?.choices?.find((choice) => choice.value === value)?.label ??
        (typeof value !== 'number'
          ? durationText(String(value), speech)
          : field?.reads === 'share'
            ? f.share(value)
            : f.count(value))
      return `${field?.label ?? key}${SPEECH[f.lang].colon}${text}`
    })
  return [name, ...written].join(' · ')
}

/** A rule in one line. */
export function ruleText(rule: RuleDraft, speech: Speech): string {
  const { w, f } = speech
  const { says } = w.alerts
  const { expr } = rule
  const scope = expr.kind === 'count' ? '' : whereText(expr.where, speech)
  const { audience } = filtersOfWhere(expr.where)
  const by = (rule.by ?? []).filter(isDimension).map((d) => w.dimensions[d].one.toLocaleLowerCase(f.locale))
  const lasting = parseDuration(rule.for ?? '0') ?? 0
  return [
    conditionText(expr, speech),
    scope && says.only(scope),
    audience === 'visitors' ? '' : says[audience],
    (isOwn(expr) || isLatency(expr)) && 'minimum' in expr && expr.minimum ? says.minimum(f.count(expr.minimum)) : '',
    isOwn(expr) && expr.kind === 'surge' && expr.sensitivity && expr.sensitivity !== 'medium'
      ? says.sensitivity[expr.sensitivity]
      : '',
    lasting > 0 ? says.lasting(f.duration(lasting)) : '',
    by.length > 0 ? says.by(f.list(by)) : '',
  ]
    .filter((part) => part !== '')
    .join(' · ')
}

/** What an alert's labels add to its rule: host, status and the like. `alertname` and `severity` are said elsewhere. */
export function labelParts(
  labels: { [name: string]: string },
  speech: Speech,
): { name: string; head: string; text: string }[] {
  const { w } = speech
  return Object.entries(labels)
    .filter(
      ([name]) => name !== 'alertname' && name !== 'severity' && !(name === 'class' && labels.status !== undefined),
    )
    .map(([name, value]) =>
      isDimension(name)
        ? { name, head: w.dimensions[name].one, text: valueText(name, value, speech) }
        : { name, head: visible(name), text: visible(value) },
    )
}

export const labelsText = (labels: { [name: string]: string }, speech: Speech): string =>
  placeText(labels, speech) || speech.w.alerts.common.everywhere

/** The same; empty where it is everywhere. */
export const placeText = (labels: { [name: string]: string }, speech: Speech): string =>
  labelParts(labels, speech)
    .map((p) => p.text)
    .join(' · ')

/** With the word that a score needs: it has no unit that one could see. */
export function peakText(e: { value: number | null; unit: string }, speech: Speech): string {
  if (e.value === null) return '–'
  const text = unitText(e.value, e.unit, speech)
  return e.unit === 'score' ? `${speech.w.spike.score} ${text}` : text
}

/** What is usual, where it is in the unit of the value: of a surge it counts requests, not scores. */
export const usualText = (e: Pick<EpisodeJson, 'expected'> & { unit: string }, speech: Speech): string | null =>
  e.expected === null || e.unit === 'score' ? null : unitText(e.expected, e.unit, speech)

/** "12 %, threshold 5 %", "312 seen, 14 expected, score 26". */
export function valueAgainst(
  e: Pick<EpisodeJson, 'value' | 'threshold' | 'expected' | 'observed'> & { unit: string },
  speech: Speech,
): string {
  const { w, f } = speech
  if (e.observed !== null && e.expected !== null && e.value !== null)
    return w.alerts.now.surge(f.count(e.observed), f.decimal(e.expected), f.decimal(e.value))
  const value = peakText(e, speech)
  return e.threshold === null ? value : w.alerts.now.above(value, unitText(e.threshold, e.unit, speech))
}

/** More notices a week than this are noise. */
export const loud = 7

/** What held it back, with the figures. */
function quietText({ quiet, unit, threshold }: Backtest, speech: Speech): string[] {
  const q = speech.w.alerts.preview.quiet
  const value = (n: number | null): string => (n === null ? '–' : unitText(n, unit, speech))
  if (quiet === null) return []
  switch (quiet.reason) {
    case 'threshold':
      return [q.threshold(value(quiet.highest), value(threshold))]
    case 'minimum':
      return [q.minimum(speech.f.count(quiet.requests ?? 0), speech.f.count(quiet.minimum ?? 0))]
    case 'duration':
      return [q.duration(value(quiet.highest))]
    default:
      return [q[quiet.reason]]
  }
}

const ofWeeks = ({ from, to }: Backtest): boolean => Date.parse(to) - Date.parse(from) >= 7 * DAY

export function backtestText(result: Backtest, speech: Speech): string {
  const { w, f } = speech
  const p = w.alerts.preview
  const n = result.episodes.length
  const parts =
    n === 0
      ? [p.none, ...quietText(result, speech)]
      : [
          p.fired(n, f.count(n)),
          p.noise(result.notices, f.count(result.notices), ofWeeks(result) ? f.decimal(result.noticesPerWeek) : null),
          p.firingFor(f.duration(result.firingMinutes * 60_000)),
        ]
  if (result.noDataMinutes > 0) parts.push(p.noDataFor(f.duration(result.noDataMinutes * 60_000)))
  if (result.noticesPerWeek > loud) parts.push(p.loud)
  return parts.join(SPEECH[f.lang].gap)
}

/** The filters that show the requests an alert is about. */
export function filtersOfAlert(labels: { [name: string]: string }, rule: RuleDraft | null): UrlFilter[] {
  const own = Object.entries(labels)
    .filter(([name]) => isDimension(name) && !(name === 'class' && labels.status !== undefined))
    .map(([dimension, value]): UrlFilter => ({ dimension: dimension as Dimension, not: false, values: [value] }))
  const asked = rule
    ? [
        ...filtersOfWhere(rule.expr.where).filters,
        ...(isOwn(rule.expr) && 'errors' in rule.expr ? filtersOfWhere(rule.expr.errors).filters : []),
      ]
    : []
  const isOfLabels = (f: UrlFilter): boolean => own.some((o) => o.dimension === f.dimension)
  return [
    ...own,
    ...asked.filter(
      (f, i) =>
        !(isOfLabels(f) && !f.not) && asked.findIndex((g) => g.dimension === f.dimension && g.not === f.not) === i,
    ),
  ]
}
