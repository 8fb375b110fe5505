import { expect, it } from 'vitest'
import { exposureOf, newUsual } from '../../../analyze/spikes/detect/exposure.js'
import { TEMPERS_OF_CLIENTS } from '../../../analyze/spikes/detect/temper.js'
import { CALM_FANO, NEW_FANO } from '../../../analyze/spikes/detect/scan.js'
import { newWatch, type Trace, type Tuning } from '../../../analyze/spikes/detect/watch-state.js'
import { watch } from '../../../analyze/spikes/detect/watch.js'
import { seeded } from '../worlds/random.js'

/** Minutes in which nothing fails pass by themselves. With somebody who draws a band each is looked at like any other. */
it.each([
  { what: 'a failure now and then', rate: 0.02, habits: false },
  { what: 'one every day', rate: 0.001, habits: false },
  { what: 'without addresses, with what comes by the clock', rate: 0.02, habits: true },
])('lets quiet minutes pass as if each had been looked at: $what', ({ rate, habits }) => {
  const r = seeded(7)
  const minutes = 4 * 1440
  const totals = Float64Array.from({ length: minutes }, (_, i) => (i % 2000 < 40 ? 0 : r.poisson(20)))
  // a trouble on the third day, a job at the same time each day, an hour that belongs to no log
  const counts = totals.map((n, i) =>
    n === 0 ? 0 : r.poisson(i > 3_000 && i < 3_040 ? 6 : i % 1440 > 300 && i % 1440 < 306 ? 4 : rate),
  )
  const judged = { heads: counts, counts, newcomers: counts }
  const gaps = totals.map((n) => (n === 0 ? 1 : 0))
  const exposure = exposureOf(totals, counts, new Uint8Array(gaps), newUsual())
  const temper = TEMPERS_OF_CLIENTS['5xx']
  const tuning: Tuning = {
    temper,
    calmScatter: { fano: CALM_FANO, wobble: temper.wobble },
    newScatter: { fano: NEW_FANO, wobble: temper.wobble },
    threshold: 5.1,
    habits,
  }
  const [passed, looked] = [newWatch(), newWatch()]
  const trace = (more: Partial<Trace> = {}): Trace => ({
    runs: [],
    first: 0,
    expected: new Float32Array(minutes),
    ...more,
  })
  const [of, by] = [trace(), trace({ onExpected: () => {} })]
  watch(passed, judged, exposure, tuning, of)
  watch(looked, judged, exposure, tuning, by)
  expect(by.runs.length).toBeGreaterThan(0)
  expect(passed).toEqual(looked)
  expect(of.runs).toEqual(by.runs)
  expect(of.expected).toEqual(by.expected)
})
