/**
 * Minutes for which a job brought nothing although at its pace something was due. Judged as the alerts judge silence
 * (alerts/signals/silence.ts), on what this job brought alone: a second job hides nothing.
 */
import { findSilences } from '../alerts/signals/silence.js'
import { MINUTE } from '../../schema/words/duration.js'
import { REMEMBERED_MS, type Arrived } from './known-batches.js'

/** As for a whole site: its pace is trusted after two full hours, before that five minutes are long. */
const PACE = { hoursNeeded: 2, until: 5 }
const MOST = 50

/** Epoch ms. */
export interface Gap {
  from: number
  to: number
}

export interface Gaps {
  /** newest first */
  gaps: Gap[]
  /** the last of them lasts up to what is judged: nothing comes any more */
  silentSince: number | null
}

/** `to`: up to when what happened should have come; later minutes are not judged, nor is what lies further back than a week. */
export function gapsOf(batches: readonly Arrived[], to: number): Gaps {
  const spans = batches.filter(
    // a job that brings history owes nothing for now
    (batch): batch is Arrived & { from: number; to: number } => batch.to !== null && to - batch.to < REMEMBERED_MS,
  )
  const first = Math.floor(Math.max(to - REMEMBERED_MS, Math.min(...spans.map(({ from }) => from))) / MINUTE)
  const n = Math.floor(to / MINUTE) - first
  if (spans.length === 0 || n <= 0) return { gaps: [], silentSince: null }
  const records = new Float64Array(n)
  for (const batch of spans) {
    const [start, end] = [Math.floor(batch.from / MINUTE) - first, Math.floor(batch.to / MINUTE) - first]
    // where in its span the records lie the report does not say
    const each = (batch.stored + batch.duplicates) / (end - start + 1)
    for (let i = Math.max(0, start); i <= Math.min(end, n - 1); i++) records[i] += each
  }
  const { gap, limit } = findSilences(records, first, PACE)
  const gaps: Gap[] = []
  for (let i = 0; i < n; i++) {
    // before its first record a job missed nothing
    if (gap[i] === 0 || limit[i] === 0) continue
    const start = i
    while (i + 1 < n && gap[i + 1] === 1) i++
    gaps.push({ from: (first + start) * MINUTE, to: (first + i + 1) * MINUTE })
  }
  const last = gaps.at(-1)
  const silentSince = last && last.to === (first + n) * MINUTE ? last.from : null
  return { gaps: gaps.reverse().slice(0, MOST), silentSince }
}
