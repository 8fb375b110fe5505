/** The surge kind with the detector of spikes behind it. */
import { describe, expect, it } from 'vitest'
import { backtest } from '../../../analyze/alerts/backtest/backtest.js'
import { surgeFinder, type SurgeDetector } from '../../../analyze/alerts/signals/surge-finder.js'
import { run } from '../../../analyze/spikes/detect/index.js'
import { trafficOf } from '../../../analyze/spikes/traffic.js'
import { memoryStore, type MemoryStore } from './kit/memory-store.js'
import { HOUR, MINUTE, ruleOf, START } from './kit/series.js'
import { BLOCKED, makeWorld, OK } from './kit/world.js'

const DAY = 24 * HOUR
/** Like dice, but always the same. */
const wobble = (i: number) => ((i * 2_654_435_761) % 97) / 97

/** Two days of a site; from 40 hours on the edge blocks for half an hour. */
function site(): MemoryStore {
  const store = memoryStore()
  for (let i = 0; i < 2 * 24 * 60; i++) {
    const time = START + i * MINUTE
    store.add(time, OK, 200 + Math.round(40 * wobble(i)))
    store.add(time, BLOCKED, i >= 2_400 && i < 2_430 ? 60 : Math.round(2 * wobble(i * 7)))
  }
  return store
}

describe('surges', () => {
  it('are found by the detector, and told as one alert with what it was and what was expected', async () => {
    const store = site()
    const report = await backtest(
      ruleOf({ name: 'Surge', expr: { kind: 'surge' } }),
      { from: START + DAY, to: START + 2 * DAY },
      { store, findSurges: surgeFinder(store.records, { trafficOf, run }) },
    )
    expect(report.episodes).toHaveLength(1)
    const [episode] = report.episodes
    expect(episode.labels).toMatchObject({ status: '403', class: '4xx', source: 'edge' })
    const start = START + 2_400 * MINUTE
    expect(Date.parse(episode.firedAt) - start).toBeLessThanOrEqual(4 * MINUTE)
    expect(Math.abs(Date.parse(episode.resolvedAt ?? '') - start - 30 * MINUTE)).toBeLessThanOrEqual(3 * MINUTE)
    expect(episode.expected).toBeLessThan(120)
    // both count requests; the value is the score
    expect(episode.observed).toBeGreaterThan(1_500)
    expect(episode.value).toBeLessThan(episode.observed ?? 0)
  })

  it('are the same whether the past is remembered or looked at again', async () => {
    const store = site()
    let learned = 0
    const counting: SurgeDetector = {
      trafficOf,
      run: (traffic, options) => {
        if (!options.history) learned++
        return run(traffic, options)
      },
    }
    const remembering = surgeFinder(store.records, counting)
    const ask = { scope: { filters: [], audience: 'visitors' as const }, sensitivity: 'medium' as const }
    for (let minute = 2_390; minute <= 2_450; minute += 5) {
      const range = { ...ask, from: START + (minute - 120) * MINUTE, to: START + minute * MINUTE }
      const [now, fresh] = [await remembering(range), await surgeFinder(store.records, { trafficOf, run })(range)]
      expect(now).toEqual(fresh)
    }
    // the days before were gone through once
    expect(learned).toBe(1)
  })

  it("are only those of the rule's scope", async () => {
    const store = site()
    const of = async (where: { [name: string]: string }) =>
      (
        await backtest(
          ruleOf({ expr: { kind: 'surge', where } }),
          { from: START + DAY, to: START + 2 * DAY },
          { store, findSurges: surgeFinder(store.records, { trafficOf, run }) },
        )
      ).episodes.length
    expect(await of({ status: '403', source: 'edge' })).toBe(1)
    expect(await of({ class: '5xx' })).toBe(0)
    expect(await of({ host: 'other.example.com' })).toBe(0)
  })

  it('are told while they go on, once, and when they are over', async () => {
    const world = await makeWorld({ rules: [{ expr: { kind: 'surge' }, keepFiringFor: '5m' }], service: {} })
    try {
      for (let i = 0; i < 24 * 60; i++) {
        world.store.add(START - 61 * MINUTE - i * MINUTE, OK, 200 + Math.round(40 * wobble(i)))
        world.store.add(START - 61 * MINUTE - i * MINUTE, BLOCKED, Math.round(2 * wobble(i * 7)))
      }
      world.traffic = (time) => {
        const i = (time - START) / MINUTE
        return [
          { values: OK, requests: 200 + Math.round(40 * wobble(i)) },
          { values: BLOCKED, requests: i >= 10 && i < 40 ? 60 : Math.round(2 * wobble(i * 7)) },
        ]
      }
      await world.restart({ findSurges: surgeFinder(world.store.records, { trafficOf, run }) })
      await world.pass(70)
      expect(world.said).toHaveLength(2)
      expect(world.said[0]).toMatch(/^12:1\d firing Rule .*status=403/)
      expect(world.said[1]).toMatch(/^12:[45]\d resolved Rule .*status=403/)
    } finally {
      await world.close()
    }
  })
})
