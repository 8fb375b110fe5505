/**
 * Who keeps an alert quiet? A silence is said by somebody now, so it holds by wall time. Planned work shows in the
 * records of its time, so a maintenance window holds by event time. One is enough, however many overlap.
 */
import type { Labels, StoredMaintenance, StoredSilence } from '../../../schema/store/alert-log.js'
import { windowAt } from './maintenance.js'
import { matches } from './matchers.js'

export interface Quiet {
  silences: readonly StoredSilence[]
  maintenance: readonly StoredMaintenance[]
}

/** Why nobody is told, in a few words; null: somebody may be. */
export function mutedBy(
  labels: Labels,
  wallTime: number,
  eventTime: number,
  { silences, maintenance }: Quiet,
): string | null {
  const silence = silences.find((s) => s.startsAt <= wallTime && wallTime < s.endsAt && matches(s.matchers, labels))
  if (silence) return `silence: ${silence.reason}`
  const window = maintenance.find((m) => matches(m.matchers ?? [], labels) && windowAt(m, eventTime) !== null)
  return window ? `maintenance: ${window.name}` : null
}
