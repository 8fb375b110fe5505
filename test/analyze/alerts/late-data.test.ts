/** However late and in whatever order logs come: once they are there, the history is the one that they tell. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluateRule, lifeOptions } from '../../../analyze/alerts/life/evaluate-rule.js'
import { replay } from '../../../analyze/alerts/life/replay.js'
import { DEFAULT_FLAPPING } from '../../../analyze/alerts/life/step.js'
import { askMinutes } from '../../../analyze/alerts/signals/minutes.js'
import { kindNamed } from '../../../analyze/alerts/kinds/index.js'
import type { Episode, RuleMemory } from '../../../schema/store/alert-log.js'
import { memoryStore } from './kit/memory-store.js'
import { HOUR, MINUTE, ruleOf, START } from './kit/series.js'
import { BLOCKED, OK } from './kit/world.js'

const LENGTH = 60
const minute = fc.record({ blocked: fc.constantFrom(0, 0, 0, 5, 50), late: fc.integer({ min: 1, max: 40 }) })

describe('late logs', () => {
  it('lead to the same episodes as logs that came in time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(minute, { minLength: LENGTH, maxLength: LENGTH }),
        fc.constantFrom('0s', '2m', '5m'),
        fc.constantFrom('0s', '3m'),
        fc.integer({ min: 1, max: 7 }),
        async (minutes, forText, keep, every) => {
          const rule = ruleOf({
            expr: { kind: 'count', where: { status: 403 }, window: '2m', above: 20 },
            for: forText,
            keepFiringFor: keep,
          })
          const store = memoryStore()
          for (let i = -60; i < 0; i++) store.add(START + i * MINUTE, OK, 100)
          let memory: RuleMemory | null = null
          let episodes: Episode[] = []
          let frontier = START - MINUTE
          for (let now = 0; now <= LENGTH + 60; now++) {
            minutes.forEach(({ blocked, late }, i) => {
              if (i + late !== now) return
              store.add(START + i * MINUTE, OK, 100)
              store.add(START + i * MINUTE, BLOCKED, blocked)
              frontier = Math.max(frontier, START + (i + 1) * MINUTE - 1)
            })
            // a rule begins where it is switched on: before the first minute
            if (now % every !== 0 && now !== LENGTH + 60) continue
            const outcome = await evaluateRule(rule, memory, episodes, {
              store,
              findSurges: null,
              watermark: START + Math.min(LENGTH, now) * MINUTE,
              frontier,
              reopenMs: 3 * HOUR,
              now: START + now * MINUTE,
              listeningSince: null,
              flapping: DEFAULT_FLAPPING,
              asks: new Map(),
            })
            // a restart in between: nothing but what is stored goes on
            memory = JSON.parse(JSON.stringify(outcome.memory)) as RuleMemory
            const changed = JSON.parse(JSON.stringify(outcome.episodes)) as Episode[]
            episodes = [...episodes.filter((e) => !changed.some((c) => c.id === e.id)), ...changed]
          }
          const grid = { from: START - 60 * MINUTE, minutes: 60 + LENGTH }
          const set = await kindNamed(rule.kind).signals(rule.condition, rule, {
            grid,
            ask: askMinutes(store.records, grid),
            records: store.records,
            findSurges: null,
            listeningSince: null,
            maxGroups: 10,
          })
          const truth = replay(
            grid,
            set.signalOf([]),
            undefined,
            { first: 60, last: grid.minutes, checkpoint: -1 },
            lifeOptions(rule, DEFAULT_FLAPPING),
          )
          const told = episodes.filter((e) => e.reason !== 'withdrawn').sort((a, b) => a.firedAt - b.firedAt)
          expect(told.map((e) => [e.firedAt, e.resolvedAt])).toEqual(
            truth.firings.map((f) => [f.firedAt, f.resolvedAt]),
          )
          expect(new Set(episodes.map((e) => e.id)).size).toBe(episodes.length)
        },
      ),
      { numRuns: 60 },
    )
  })
})
