import { expect, test } from 'vitest'
import { detectEpisodes } from '../../../analyze/spikes/detect/index.js'
import { newTally, tally } from '../worlds/score.js'
import { minuteWorlds, world } from '../worlds/world.js'

/** A small part of `npm run bench:spikes`, so that a change that makes detection worse does not go unnoticed. */
test('on sites that detection was not tuned on', { timeout: 120_000 }, async () => {
  const t = newTally()
  const seeds = Array.from({ length: 60 }, (_, i) => 5000 + i).filter((seed) => {
    const { minutes, series } = world(seed).traffic
    return minutes * series.length < 400_000
  })
  for await (const scenario of minuteWorlds.scenarios(seeds)) tally(t, scenario, detectEpisodes(scenario.traffic))
  const found = t.find.found + t.weak.found
  expect(t.find.of).toBeGreaterThan(60)
  expect(t.find.found / t.find.of).toBeGreaterThanOrEqual(0.95)
  expect(t.weak.found / t.weak.of).toBeGreaterThanOrEqual(0.8)
  expect(t.right / (t.right + t.wrong)).toBeGreaterThanOrEqual(0.95)
  expect(t.wrongOnQuietDays / t.quietDays).toBeLessThan(0.2)
  expect(t.pieces / found).toBeLessThanOrEqual(1.2)
})
