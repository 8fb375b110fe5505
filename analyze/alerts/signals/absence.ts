/** No logs. The value is the minutes of silence; a silence that is ordinary at this hour breaks nothing. */
import { MINUTE } from '../rules/duration.js'
import type { Condition } from '../rules/rule.js'
import { tickOf } from './minutes.js'
import { leftOutProblem, plainFinding, type SignalKind } from './signal.js'
import { findSilences } from './silence.js'

export const absence: SignalKind<Extract<Condition, { kind: 'absence' }>> = {
  async signals({ scope, afterMs }, { by }, { grid, ask, maxGroups, listeningSince }) {
    const table = await ask({ ...scope, by, ...(by.length > 0 ? { limit: maxGroups } : {}) })
    const after = afterMs / MINUTE
    return {
      grid,
      unit: 'minutes',
      threshold: after,
      labelNames: by,
      groups: table.groups,
      problems: leftOutProblem(by, table.leftOut, maxGroups),
      signalOf(group) {
        const { silent, limit } = findSilences(table.of(group).records, grid.from / MINUTE, {
          hoursNeeded: 2,
          until: after,
        })
        const start = new Float64Array(grid.minutes)
        for (let i = 0; i < grid.minutes; i++) {
          // what never spoke within the look-back is not missed
          if (limit[i] === 0 && silent[i] > 0) start[i] = NaN
          else start[i] = heardFor(silent[i], tickOf(grid, i), after, listeningSince)
          if (start[i] >= after && silent[i] < limit[i]) start[i] = after - 1
        }
        return {
          // whole minutes: at least `after` is more than `after - 1`
          start,
          stay: start,
          startAbove: after - 1,
          stayAbove: after - 1,
          finding: (i) => plainFinding('minutes', start[i], after),
        }
      },
    }
  },
}

/** Silence counts only from when somebody listened: senders could not deliver while the service was down. */
function heardFor(silent: number, tick: number, after: number, listeningSince: number | null): number {
  if (listeningSince === null || silent === 0 || tick - silent * MINUTE >= listeningSince) return silent
  const listened = Math.floor((tick - listeningSince) / MINUTE)
  return listened >= after ? listened : NaN
}
