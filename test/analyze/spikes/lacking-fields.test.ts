/**
 * For every cause of the catalogue records that speak for it; then each field is taken out of the export in turn. What
 * is told must stay true, or be told with less confidence, naming the field.
 */
import { describe, expect, test } from 'vitest'
import type { Record } from '../../../schema/words/record.js'
import type { Source } from '../../../schema/words/sources.js'
import { decideSource } from '../../../schema/words/source.js'
import { loadCatalogue } from '../../../schema/status/catalogue.js'
import type { Cause } from '../../../schema/status/entry.js'
import { EVIDENCE_FIELDS } from '../../../schema/words/fields.js'
import { matches, type Clause, type Matcher } from '../../../schema/status/when.js'
import { NO_TREND, strongest, trendsOf, type Trend } from '../../../analyze/spikes/slower.js'
import { weighCauses, type WeighedCause } from '../../../analyze/spikes/weigh.js'
import { record } from './records.js'

const catalogue = loadCatalogue()
const UNLISTED = [0, 419, 444, 460, 527, 529, 561, 598, 599]
const CODES = [...catalogue.codes.filter((code) => code >= 400), ...UNLISTED]
/** Never certain of a wrong cause. */
const MOST_WRONG = 0.75

const OF_SOURCE: { [source in Source]: (code: number) => Partial<Record> } = {
  'client': () => ({ originResponseStatus: 0 }),
  'edge': () => ({ originResponseStatus: 0, cacheStatus: null, originIp: null }),
  'origin-failure': () => ({ originResponseStatus: 0, cacheStatus: 'miss', totalMs: 121_000 }),
  'cache': () => ({ originResponseStatus: 0, cacheStatus: 'hit', originIp: null }),
  // of 502 and 504 without an answer of the origin the edge is the writer
  'worker': (code) => ({ originResponseStatus: code === 502 || code === 504 ? 200 : 0, workerStatus: 'ok' }),
  'origin': (code) => ({ originResponseStatus: code }),
  'undetermined': () => ({ originResponseStatus: null }),
}

function valueFor(matcher: Matcher, usual: unknown): unknown {
  if (typeof matcher !== 'object') return matcher
  if (Array.isArray(matcher)) return matcher[0]
  if (matcher.min !== undefined || matcher.max !== undefined)
    return ((matcher.min ?? 0) + (matcher.max ?? (matcher.min ?? 0) * 2)) / 2
  if (matcher.present === false) return null
  if (matcher.present && (usual === null || usual === undefined)) return 'something'
  return matcher.not?.includes(usual as never) ? 'another' : usual
}

/** A record of an export that carries every field, that satisfies the clause; null where there can be none. */
function recordFor(code: number, clause: Clause): Record | null {
  const { source = 'edge', ...others } = clause
  for (const wanted of (Array.isArray(source) ? source : [source]) as Source[]) {
    const base = record({ edgeResponseStatus: code, ...OF_SOURCE[wanted](code) })
    const own = Object.entries(others).map(([field, matcher]) => [
      field,
      valueFor(matcher as Matcher, base[field as keyof Record]),
    ])
    const made = withSource({ ...base, ...Object.fromEntries(own) })
    if (wanted !== 'undetermined' && made.source === wanted && matches([clause], made as never)) return made
  }
  return null
}

function withSource(one: Record): Record {
  return { ...one, source: decideSource({ ...one, workerSubrequest: null }).source }
}

function weigh(records: Record[], absent: string[] = [], trend: Trend = NO_TREND): WeighedCause[] {
  return weighCauses({
    causes: catalogue.causes(records[0].edgeResponseStatus),
    spike: records,
    before: [],
    observed: records.length,
    expected: 0,
    trend,
    findings: {},
    absent: new Set(absent),
  })
}

/** An export that names an action, but no product that took it, is one of before 2023: it lacks that field. */
const lacking = (example: Record): string[] =>
  example.securitySource === null && (example.securityAction !== null || example.edgePathingOp !== 'wl')
    ? ['securitySource']
    : []

const TOLD = CODES.flatMap((code) =>
  catalogue
    .causes(code)
    .filter((cause) => cause.when !== undefined && cause.trend === undefined)
    .map((cause) => ({ code, cause })),
)

function examplesOf(code: number, cause: Cause): Record[] {
  return (cause.when ?? []).flatMap((clause) => recordFor(code, clause) ?? [])
}

/** Causes that another of the same code always looks like: no logged field tells them apart. */
const ALIKE: { [id: string]: string } = {
  '530/tunnel-down': '530/origin-dns',
  '501/worker-response': '501/worker-method',
  '403/waf-custom-response': '403/waf-custom-rule',
}

describe('every cause of the catalogue', () => {
  test.each(TOLD)('$cause.id is told first from records that say it', ({ code, cause }) => {
    const examples = examplesOf(code, cause)
    if (examples.length === 0) return expect(hasNoExample(code, cause)).toBe(true)
    const firsts = examples.map((example) => weigh(Array(20).fill(example), lacking(example))[0])
    expect(firsts.map((first) => first.cause.id)).toContain(ALIKE[cause.id] ?? cause.id)
  })

  test.each(TOLD)('$cause.id: a field taken away costs confidence, or nothing', ({ code, cause }) => {
    for (const example of examplesOf(code, cause)) {
      const [truth] = weigh(Array(20).fill(example), lacking(example))
      for (const field of EVIDENCE_FIELDS) {
        if (field === 'source' || field === 'edgeResponseStatus' || example[field] === null) continue
        const cut = withSource({ ...example, [field]: null })
        const [told] = weigh(Array(20).fill(cut), [...lacking(example), field])
        const what = `${code} without ${field}: ${told.cause.id} ${told.confidence.toFixed(2)}, in truth ${truth.cause.id} ${truth.confidence.toFixed(2)}`
        if (told.cause.id === truth.cause.id) continue
        expect(told.confidence, what).toBeLessThanOrEqual(MOST_WRONG)
        // where a field was lacking already, the confidence was low before
        if (lacking(example).length === 0) expect(told.confidence, what).toBeLessThan(truth.confidence)
        if (told.confidence > 0) expect(told.missing, what).toContain(field)
      }
    }
  })
})

describe('clients that hang up: what the other answers took decides', () => {
  const DURATIONS = ['edgeTimeToFirstByteMs', 'originResponseDurationMs', 'totalMs'] as const
  const SETS = DURATIONS.flatMap((one, i) => [[one], ...DURATIONS.slice(i + 1).map((other) => [one, other])]).concat([
    [...DURATIONS],
  ])
  const without = (absent: readonly string[], made: Record): Record => ({
    ...made,
    ...Object.fromEntries(absent.map((field) => [field, null])),
  })
  const answers = (ms: number, absent: readonly string[]) =>
    Array.from({ length: 200 }, (_, i) =>
      without(
        absent,
        record({
          edgeResponseStatus: 200,
          edgeTimeToFirstByteMs: ms + (i % 9),
          originResponseDurationMs: ms,
          totalMs: ms + 20,
        }),
      ),
    )
  const told = (slow: boolean, absent: readonly string[]) => {
    const left = without(absent, withSource(record({ edgeResponseStatus: 499, ...OF_SOURCE.client(499) })))
    const trend = strongest(trendsOf(answers(slow ? 1_200 : 100, absent), answers(100, absent), null))
    return weigh(Array(20).fill(left), [...absent], trend)
  }
  test.each([true, false])('slow: %s', (slow) => {
    const [truth] = told(slow, [])
    expect(truth.cause.id).toBe(slow ? '499/slow-origin' : '499/client-closed')
    for (const absent of SETS) {
      const [first] = told(slow, absent)
      const what = `without ${absent.join(', ')}: ${first.cause.id} ${first.confidence.toFixed(2)}, in truth ${truth.cause.id} ${truth.confidence.toFixed(2)}`
      // what still tells that the others waited tells the truth
      if (absent.length < DURATIONS.length && first.cause.id === truth.cause.id) continue
      expect(first.confidence, what).toBeLessThanOrEqual(MOST_WRONG)
      expect(first.confidence, what).toBeLessThan(truth.confidence)
      expect(
        first.missing.some((field) => (absent as readonly string[]).includes(field)),
        what,
      ).toBe(true)
    }
  })
})

/** A Worker or a rule cannot write these: the status itself says that the origin failed. */
function hasNoExample(code: number, cause: Cause): boolean {
  return (
    (code === 499 || (code >= 520 && code <= 526) || code === 530 || code === 0) &&
    /worker|ddos|origin-own|edge-own/.test(cause.id)
  )
}

describe('an export of few fields', () => {
  const bare = (code: number) =>
    record({
      edgeResponseStatus: code,
      ...Object.fromEntries(EVIDENCE_FIELDS.map((field) => [field, null])),
      source: 'undetermined',
      method: 'GET',
      host: 'www.example.com',
      path: '/',
      totalMs: 30,
    } as Partial<Record>)
  const others = EVIDENCE_FIELDS.filter(
    (field) =>
      !['source', 'edgeResponseStatus', 'method', 'host', 'path', 'totalMs', 'edgeResponseBytes'].includes(field),
  )
  test.each(CODES.filter((code) => code !== 499 && code !== 0 && !(code >= 520 && code <= 530)))(
    '%i: nine fields tell nobody who wrote it',
    (code) => {
      const own = { ...withSource({ ...bare(code), edgeResponseStatus: code }) }
      const [first] = weigh(Array(20).fill(own), [...others])
      expect(first.confidence).toBeLessThanOrEqual(MOST_WRONG)
      expect(first.missing).toContain('originResponseStatus')
    },
  )
})
