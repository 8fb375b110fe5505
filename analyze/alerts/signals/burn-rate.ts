/**
 * How fast the error budget burns: 1 uses it up exactly in the objective's period. A pair of windows is broken where both
 * burn faster than its factor: the long one says that it matters, the short one that it still goes on.
 * The value is the worst pair's burn rate over its factor, so 1 is the threshold.
 */
import { MINUTE } from '../rules/duration.js'
import type { Condition } from '../rules/rule.js'
import { windowSums } from './minutes.js'
import { leftOutProblem, plainFinding, type SignalKind } from './signal.js'
import { gapsOf } from './silence.js'

export const burnRate: SignalKind<Extract<Condition, { kind: 'burn-rate' }>> = {
  async signals({ scope, errors, objective, pairs, minimum }, { by }, { grid, ask, maxGroups }) {
    const [all, bad, gapOf] = await Promise.all([
      ask({ ...scope, by, ...(by.length > 0 ? { limit: maxGroups } : {}) }),
      ask({ ...scope, filters: [...scope.filters, ...errors], by }),
      gapsOf(ask, scope, by, grid.from / MINUTE),
    ])
    const budget = 1 - objective
    return {
      grid,
      unit: 'burn',
      threshold: 1,
      labelNames: by,
      groups: all.groups,
      problems: leftOutProblem(by, all.leftOut, maxGroups),
      signalOf(group) {
        const requests = windowSums(all.of(group).requests)
        const wrong = windowSums(bad.of(group).requests)
        const burn = (i: number, ms: number) => wrong(i, ms / MINUTE) / requests(i, ms / MINUTE) / budget
        const gap = gapOf(group)
        const start = new Float64Array(grid.minutes)
        const stay = new Float64Array(grid.minutes)
        for (let i = 0; i < grid.minutes; i++) {
          let worst = NaN
          let worstWithEnough = 0
          for (const { shortMs, longMs, factor } of pairs) {
            const n = requests(i, shortMs / MINUTE)
            if (n === 0) continue
            const value = Math.min(burn(i, shortMs), burn(i, longMs)) / factor
            if (!(worst >= value)) worst = value
            if (n >= minimum && value > worstWithEnough) worstWithEnough = value
          }
          stay[i] = gap[i] === 1 ? NaN : worst
          start[i] = Number.isNaN(stay[i]) ? NaN : worstWithEnough
        }
        return {
          start,
          stay,
          startAbove: 1,
          stayAbove: 1,
          finding(i) {
            const value = (pair: (typeof pairs)[number]) =>
              Math.min(burn(i, pair.shortMs), burn(i, pair.longMs)) / pair.factor
            const worst = pairs.reduce((best, pair) => (value(pair) > (value(best) || 0) ? pair : best))
            return {
              ...plainFinding('burn', burn(i, worst.longMs), worst.factor),
              window: worst.longMs,
              requests: requests(i, worst.longMs / MINUTE),
              burn: { short: worst.short, long: worst.long, factor: worst.factor },
              objective,
            }
          },
        }
      },
    }
  },
}
