/** Filters that say what became of requests choose among the spikes; they neither hide one nor make one. */
import { describe, expect, test } from 'vitest'
import { surgeFinder } from '../../../analyze/alerts/signals/surge-finder.js'
import { run } from '../../../analyze/spikes/detect/index.js'
import type { FoundSpike } from '../../../analyze/spikes/service.js'
import { trafficOf } from '../../../analyze/spikes/traffic.js'
import { statusClassOf } from '../../../schema/status/status-class.js'
import type { Dimension, Filter } from '../../../schema/store/query.js'
import type { Store } from '../../../schema/store/store.js'
import { fieldOfDimension } from '../../../schema/words/dimensions.js'
import type { Record } from '../../../schema/words/record.js'
import { blocked, FROM, gaveUp, ofOrigin, originFailed, stored, type Logs, type Request } from './logs.js'

const MINUTE = 60_000
const within = ({ minute }: Request, from: number, to: number) => minute >= from && minute < to

/** Seven hours with one trouble after the other: left before the answer, blocked, several 5xx, cached 404s, a scanner, slowness. */
const LOGS: Logs = {
  minutes: 420,
  perMinute: 80,
  hosts: ['www.example.com', 'api.example.com'],
  trouble: (r) => {
    if (within(r, 120, 140)) return r.random.chance(0.4) ? gaveUp(r.random.whole(3_000, 9_000)) : null
    if (within(r, 180, 200)) return r.random.chance(0.3) ? blocked(403, 'firewallManaged', 'rule-7') : null
    if (within(r, 240, 260)) return r.random.chance(0.4) ? originFailed(r.random.pick([502, 520, 521, 522]), 900) : null
    if (within(r, 300, 320))
      return r.random.chance(0.3)
        ? { EdgeResponseStatus: 404, OriginResponseStatus: 0, CacheCacheStatus: 'hit', ClientRequestPath: '/logo.png' }
        : null
    return within(r, 380, 410) ? { EdgeTimeToFirstByteMs: 4_000, OriginResponseDurationMs: 3_990 } : null
  },
  besides: (minute) =>
    minute >= 340 && minute < 352
      ? Array(30).fill({ ...ofOrigin(404), ClientIP: '192.0.2.66', ClientRequestUserAgent: 'scan/1.0' })
      : [],
}
const RANGE = { from: FROM, to: FROM + LOGS.minutes * MINUTE }

const one = (dimension: Dimension, ...values: string[]): Filter => ({ dimension, values })
const not = (dimension: Dimension, ...values: string[]): Filter => ({ dimension, values, not: true })
const CHOICES: Filter[][] = [
  ...[200, 403, 404, 499, 500, 502, 520, 521, 522, 418].map((code) => [one('status', String(code))]),
  ...['2xx', '3xx', '4xx', '499', '5xx', 'other'].map((name) => [one('class', name)]),
  ...['client', 'edge', 'origin', 'origin-failure', 'cache', 'worker'].map((name) => [one('source', name)]),
  [one('status', '499', '403')],
  [not('status', '404')],
  [not('class', '4xx', '5xx')],
  [not('source', 'edge')],
  [one('class', '4xx'), not('status', '404')],
  [one('class', '4xx'), one('source', 'cache')],
  [one('class', '5xx'), one('source', 'edge')],
  [one('originStatus', '0')],
  [one('originStatus', '404')],
  [one('cacheStatus', 'HIT')],
  [not('cacheStatus', 'dynamic')],
  [one('cacheStatus', 'h*')],
  [one('securityAction', 'block')],
  [one('securityRuleId', 'rule-*')],
  [one('securityRuleId', '')],
  [one('securitySource', 'firewallManaged'), one('status', '403')],
]

/** By reading its records: do a tenth of a spike's requests end so? */
async function endsSo({ records }: Store, { selection, alsoOf = [] }: FoundSpike, filters: Filter[]) {
  for (const own of [selection, ...alsoOf]) {
    const { records: all } = await records.newest({ ...own, limit: 100_000, after: null })
    const such = all.filter((record) => filters.every((filter) => meets(record, filter)))
    if (such.length > 0 && such.length >= 0.1 * all.length) return true
  }
  return false
}

function meets(record: Record, { dimension, values, not: excluded = false }: Filter): boolean {
  const value =
    dimension === 'class'
      ? statusClassOf(record.edgeResponseStatus)
      : String(record[fieldOfDimension(dimension)] ?? '').toLowerCase()
  const fits = (wanted: string) =>
    wanted.endsWith('*') ? value.startsWith(wanted.slice(0, -1)) : value === wanted.toLowerCase()
  return values.some(fits) !== excluded
}

describe('spikes under filters of outcome', () => {
  test('are those of the whole list that ended so, the same in every word', async () => {
    await stored(LOGS, async ({ store, service }) => {
      const all = (await service.find({ ...RANGE, filters: [] })).explained
      const codes = all.map(({ episode }) => episode.status ?? episode.statusClass)
      for (const code of [499, 403, '5xx', 404, '2xx']) expect(codes).toContain(code)
      for (const filters of CHOICES) {
        const expected: string[] = []
        for (const spike of all) if (await endsSo(store, spike, filters)) expected.push(spike.id)
        const { explained } = await service.find({ ...RANGE, filters })
        expect(
          explained.map(({ id }) => id),
          JSON.stringify(filters),
        ).toEqual(expected)
        for (const spike of explained) expect(all).toContain(spike)
      }
      const chosen = async (filter: Filter) => (await service.find({ ...RANGE, filters: [filter] })).explained
      expect((await chosen(one('status', '499'))).length).toBeGreaterThan(0)
      expect((await chosen(one('class', '5xx'))).map(({ episode }) => episode.statusClass)).toEqual(['5xx'])
      expect(await chosen(one('status', '418'))).toEqual([])
    })
  })

  test('have the page that they have without', async () => {
    await stored(LOGS, async ({ service }) => {
      const all = (await service.find({ ...RANGE, filters: [] })).explained
      for (const { id, episode } of all) {
        const told = await service.byId(id, [one('class', episode.statusClass === '5xx' ? '499' : '5xx')])
        expect([id, told?.id]).toEqual([id, id])
        expect(told?.episode).toMatchObject({ observed: episode.observed, start: episode.start })
      }
    })
  })

  test('are what a rule on surges is told of', async () => {
    await stored(LOGS, async ({ store }) => {
      const find = surgeFinder(store.records, { trafficOf, run })
      const of = async (...filters: Filter[]) =>
        (await find({ ...RANGE, scope: { filters, audience: 'visitors' }, sensitivity: 'medium' })).map(
          ({ status, statusClass, start }) => `${status} ${statusClass} ${start}`,
        )
      const all = await of()
      expect(all.length).toBeGreaterThan(3)
      expect(await of(one('status', '499'))).toEqual(all.filter((key) => key.startsWith('499')))
      expect(await of(one('class', '5xx'))).toEqual(all.filter((key) => key.includes('5xx')))
      // a class of several codes is of each that has a good part of it
      expect(await of(one('status', '520'))).toEqual(all.filter((key) => key.includes('5xx')))
      expect(await of(one('securityRuleId', 'rule-7'))).toEqual(all.filter((key) => key.startsWith('403')))
    })
  })

  test('and one client has the records that it had, whoever else got the same', async () => {
    await stored(LOGS, async ({ store, service }) => {
      const all = (await service.find({ ...RANGE, filters: [] })).explained
      const scan = all.find(({ people }) => people.client?.address === '192.0.2.66')
      if (!scan) throw new Error('the scanner is not told')
      const { records } = await store.records.newest({ ...scan.selection, limit: 10_000, after: null })
      expect(records.every(({ clientIp }) => clientIp === '192.0.2.66')).toBe(true)
      expect(records.length).toBe(scan.episode.observed)
    })
  })
})
