/** The share of errors over a window, where there are enough requests to speak of a share. */
import { MINUTE } from '../rules/duration.js'
import type { Condition } from '../rules/rule.js'
import { windowSums } from './minutes.js'
import { leftOutProblem, plainFinding, usualBefore, type SignalKind } from './signal.js'
import { gapsOf } from './silence.js'

export const ratio: SignalKind<Extract<Condition, { kind: 'ratio' }>> = {
  async signals({ scope, errors, windowMs, above, recover, minimum }, { by }, { grid, ask, maxGroups }) {
    const limit = by.length > 0 ? { limit: maxGroups } : {}
    const [all, bad, gapOf] = await Promise.all([
      ask({ ...scope, by, ...limit }),
      // no limit: a group with few errors among the values with most requests would be lost
      ask({ ...scope, filters: [...scope.filters, ...errors], by }),
      gapsOf(ask, scope, by, grid.from / MINUTE),
    ])
    const width = windowMs / MINUTE
    return {
      grid,
      unit: 'share',
      threshold: above,
      labelNames: by,
      groups: all.groups,
      problems: leftOutProblem(by, all.leftOut, maxGroups),
      signalOf(group) {
        const requests = windowSums(all.of(group).requests)
        const wrong = windowSums(bad.of(group).requests)
        const gap = gapOf(group)
        const start = new Float64Array(grid.minutes)
        const stay = new Float64Array(grid.minutes)
        for (let i = 0; i < grid.minutes; i++) {
          const n = requests(i, width)
          stay[i] = gap[i] === 1 || n === 0 ? NaN : Math.min(1, wrong(i, width) / n)
          // too few requests begin nothing; but what fires is not over because its visitors left
          start[i] = !Number.isNaN(stay[i]) && n < minimum ? 0 : stay[i]
        }
        return {
          start,
          stay,
          startAbove: above,
          stayAbove: recover,
          finding: (i) => ({
            ...plainFinding('share', stay[i], above),
            window: windowMs,
            requests: requests(i, width),
            expected: usualBefore(stay, i, width),
          }),
        }
      },
    }
  },
}
