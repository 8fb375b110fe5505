/** Requests over a window. */
import { MINUTE } from '../rules/duration.js'
import type { Condition } from '../rules/rule.js'
import { windowSums } from './minutes.js'
import { leftOutProblem, plainFinding, usualBefore, type SignalKind } from './signal.js'
import { gapsOf } from './silence.js'

/** A window with more of it missing than this counts too few to be believed. */
const BELIEVABLE_GAP = 0.1

export const count: SignalKind<Extract<Condition, { kind: 'count' }>> = {
  async signals({ scope, windowMs, above, recover }, { by }, { grid, ask, maxGroups }) {
    const [table, gapOf] = await Promise.all([
      ask({ ...scope, by, ...(by.length > 0 ? { limit: maxGroups } : {}) }),
      gapsOf(ask, scope, by, grid.from / MINUTE),
    ])
    const width = windowMs / MINUTE
    return {
      grid,
      unit: 'requests',
      threshold: above,
      labelNames: by,
      groups: table.groups,
      problems: leftOutProblem(by, table.leftOut, maxGroups),
      signalOf(group) {
        const sum = windowSums(table.of(group).requests)
        const gap = gapOf(group)
        const gaps = windowSums(Float64Array.from(gap))
        const start = new Float64Array(grid.minutes)
        const stay = new Float64Array(grid.minutes)
        for (let i = 0; i < grid.minutes; i++) {
          const value = sum(i, width)
          const doubtful = gap[i] === 1 || gaps(i, width) > BELIEVABLE_GAP * width
          // what is missing could only add to the count
          start[i] = doubtful && value <= above ? NaN : value
          stay[i] = doubtful && value <= recover ? NaN : value
        }
        return {
          start,
          stay,
          startAbove: above,
          stayAbove: recover,
          finding: (i) => ({
            ...plainFinding('requests', stay[i], above),
            window: windowMs,
            expected: usualBefore(stay, i, width),
          }),
        }
      },
    }
  },
}
