/**
 * How long answers take: a percentile over a window. The windows end at whole steps of a few minutes, since a percentile of one
 * cannot be made of those of its parts; between them the last one holds.
 */
import { maybe, number, share, usually, word } from '../../../schema/api/rule-fields.js'
import type { PercentileMeasure } from '../../../schema/store/query.js'
import type { ReadRecords } from '../../../schema/store/records.js'
import { MINUTE } from '../../../schema/words/duration.js'
import type { Scope } from '../../../schema/api/rule-fields.js'
import type { Dimension } from '../../../schema/store/query.js'
import type { Grid } from '../signals/minutes.js'
import { leftOutProblem, plainFinding, usualBefore } from '../signals/signal.js'
import { gapsOf } from '../signals/silence.js'
import { common, COMMON_WORDS, settleRecover } from './common.js'
import { ruleKind } from './kind.js'

const MEASURES: { readonly [measure: string]: PercentileMeasure } = {
  'first-byte': 'edgeTimeToFirstByteMs',
  'origin': 'originResponseDurationMs',
  'total': 'totalMs',
}
const MEASURE_NAMES = ['first-byte', 'origin', 'total'] as const
/** Windows that overlap at a time: one of an hour moves on every ten minutes. */
const MOST_STEPS = 6
const MOST_MS = 3_600_000

export const latency = ruleKind({
  name: 'latency',
  fields: {
    where: common.where,
    measure: usually(
      word(
        MEASURE_NAMES,
        'first-byte: EdgeTimeToFirstByteMs; origin: OriginResponseDurationMs; total: from EdgeStartTimestamp to EdgeEndTimestamp',
      ),
      'first-byte',
    ),
    percentile: usually(
      share('Which percentile of the durations', { exclusiveMinimum: 0, maximum: 0.999, examples: [0.95] }),
      0.95,
    ),
    window: common.window,
    above: number('Broken above this, in ms', { minimum: 1, maximum: MOST_MS, examples: [2000] }),
    recover: maybe(
      number('Once broken, over only at or below this, in ms. Default: the same as above', {
        minimum: 1,
        maximum: MOST_MS,
      }),
    ),
    minimum: common.minimum,
  },
  settle: settleRecover,
  window: ({ window }) => window,
  async signals(
    { where, measure, percentile, window, above, recover = above, minimum },
    { by },
    { grid, ask, records, maxGroups },
  ) {
    const [all, gapOf] = await Promise.all([
      ask({ ...where, by, ...(by.length > 0 ? { limit: maxGroups } : {}) }),
      gapsOf(ask, where, by, grid.from / MINUTE),
    ])
    const width = window / MINUTE
    const values = await percentilesOf(records, grid, where, by, all.groups, {
      measure: MEASURES[measure],
      percentile,
      width,
    })
    return {
      grid,
      unit: 'ms',
      threshold: above,
      labelNames: by,
      groups: all.groups,
      problems: leftOutProblem(by, all.leftOut, maxGroups),
      signalOf(group) {
        const own = values(group)
        const gap = gapOf(group)
        const start = new Float64Array(grid.minutes)
        const stay = new Float64Array(grid.minutes)
        for (let i = 0; i < grid.minutes; i++) {
          stay[i] = gap[i] === 1 ? NaN : own.value[i]
          // too few answers begin nothing; but what fires is not over because its visitors left
          start[i] = !Number.isNaN(stay[i]) && own.answers[i] < minimum ? 0 : stay[i]
        }
        return {
          start,
          stay,
          startAbove: above,
          stayAbove: recover,
          finding: (i) => ({
            ...plainFinding('ms', stay[i], above),
            window,
            requests: own.answers[i],
            percentile,
            expected: usualBefore(stay, i, width),
          }),
        }
      },
    }
  },
  words: {
    en: {
      name: 'Latency',
      when: 'Answers take too long, at a percentile: the slowest twentieth, or the middle. Visitors leave long before they get an error.',
      fields: {
        ...COMMON_WORDS.en,
        above: { label: 'Slower than (ms)' },
        measure: {
          label: 'Which duration',
          choices: { 'first-byte': 'To the first byte', 'origin': 'At the origin', 'total': 'In all' },
        },
        percentile: { label: 'Percentile', help: '95% is what the slowest twentieth exceeds, 50% the middle.' },
      },
      seen: ({ value, requests, window, percentile: p }, { figures }) =>
        `${figures.value(value, 'ms')} at the ${percentText(p)}th percentile of ${figures.number(requests ?? 0)} answers in ${figures.duration(window ?? 0)}`,
    },
    fr: {
      name: 'Latence',
      when: 'Les réponses prennent trop de temps, à un centile donné : le vingtième le plus lent, ou le milieu. Les visiteurs partent bien avant de recevoir une erreur.',
      fields: {
        ...COMMON_WORDS.fr,
        above: { label: 'Plus lentes que (ms)' },
        measure: {
          label: 'Quelle durée',
          choices: { 'first-byte': 'Jusqu’au premier octet', 'origin': 'À l’origine', 'total': 'Au total' },
        },
        percentile: { label: 'Centile', help: '95 % est ce que dépasse le vingtième le plus lent, 50 % le milieu.' },
      },
      seen: ({ value, requests, window, percentile: p }, { figures }) =>
        `${figures.value(value, 'ms')} au ${percentText(p)}ᵉ centile de ${figures.number(requests ?? 0)} réponses en ${figures.duration(window ?? 0)}`,
    },
    zh: {
      name: '延迟',
      when: '响应在某一百分位上耗时过长：最慢的二十分之一，或中位数。访客在收到错误之前早已离开。',
      fields: {
        ...COMMON_WORDS.zh,
        above: { label: '慢于（毫秒）' },
        measure: {
          label: '哪段时长',
          choices: { 'first-byte': '到首字节', 'origin': '在源站', 'total': '总时长' },
        },
        percentile: { label: '百分位', help: '95% 即最慢的二十分之一所超过的值，50% 为中位数。' },
      },
      seen: ({ value, requests, window, percentile: p }, { figures }) =>
        `${figures.duration(window ?? 0)}内 ${figures.number(requests ?? 0)} 个响应的第 ${percentText(p)} 百分位为 ${figures.value(value, 'ms')}`,
    },
  },
})

const percentText = (percentile = 0.5): string => String(Number((percentile * 100).toPrecision(4)))

interface GroupValues {
  /** ms by minute; NaN where no window that holds answers has ended */
  value: Float64Array
  /** answers in that window */
  answers: Float64Array
}

/** For each minute of the grid the percentile of the last window that ended with it or before. */
async function percentilesOf(
  records: ReadRecords,
  grid: Grid,
  where: Scope,
  by: Dimension[],
  groups: readonly (readonly string[])[],
  { measure, percentile, width }: { measure: PercentileMeasure; percentile: number; width: number },
): Promise<(group: readonly string[]) => GroupValues> {
  const step = stepOf(width)
  const known = new Map<string, GroupValues>()
  const of = (group: readonly string[]) => {
    const key = JSON.stringify(group)
    let one = known.get(key)
    if (!one) {
      one = { value: new Float64Array(grid.minutes).fill(Number.NaN), answers: new Float64Array(grid.minutes) }
      known.set(key, one)
    }
    return one
  }
  const names = [...new Set(groups.map(([value]) => value))]
  const first = Math.ceil(grid.from / MINUTE / step) * step
  const end = grid.from / MINUTE + grid.minutes
  for (let offset = 0; offset < width && first + offset <= end; offset += step) {
    const from = first + offset - width
    const windows = Math.floor((end - from) / width)
    if (windows < 1) continue
    const answer = await records.percentiles({
      from: from * MINUTE,
      to: (from + windows * width) * MINUTE,
      audience: where.audience,
      filters: by.length === 0 ? where.filters : [...where.filters, { dimension: by[0], values: names }],
      measure,
      percentiles: [percentile],
      bounds: Float64Array.from({ length: windows + 1 }, (_, i) => (from + i * width) * MINUTE),
      by,
    })
    for (let i = 0; i < answer.bucket.length; i++) {
      const own = of(answer.groups[answer.group[i]])
      const closes = from + (answer.bucket[i] + 1) * width - grid.from / MINUTE
      for (let minute = Math.max(0, closes - 1); minute < Math.min(grid.minutes, closes - 1 + step); minute++) {
        own.value[minute] = answer.values[i]
        own.answers[minute] = answer.records[i]
      }
    }
  }
  return of
}

/** The finest step that the window is a multiple of, with few windows that overlap. */
function stepOf(width: number): number {
  for (let steps = Math.min(MOST_STEPS, width); steps > 1; steps--) if (width % steps === 0) return width / steps
  return 1 < width && width <= MOST_STEPS ? 1 : width
}
