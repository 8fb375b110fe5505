/** A spike in a few words. */
import type { Spike } from '../../../schema/api/spikes.js'
import { readablePath } from '../../../schema/words/visible.js'
import type { Dimension } from '../../../schema/store/query.js'
import { DIMENSION_NAMES } from '../state/dimensions.js'
import { isNow } from '../state/spike-now.js'
import type { UrlFilter } from '../state/url.js'
import { isSource } from './tags.js'
import { valueText } from './value.js'
import type { Speech } from './words.js'

const SEVERITIES = ['page', 'ticket', 'note']

/** A window that somebody chose can have errors of several. */
const classesOf = ({ classes, statusClass }: Spike): string[] => classes ?? [statusClass]

/** "403", "5xx", "slow answers". */
export function spikeName(spike: Spike, { w, f }: Speech): string {
  if (spike.kind === 'slow') return w.spike.slow
  if (spike.kind === 'stale') return w.spike.stale
  return spike.status === null ? f.list(classesOf(spike)) : String(spike.status)
}

export function spikeSource(spike: Spike, { w }: Speech): string {
  return spike.source !== null && isSource(spike.source, w.sources) ? w.sources[spike.source].by : ''
}

/** "18×", of slowness as many times as long; where nothing was expected a factor says nothing: "0→378". */
export function spikeTimes(spike: Spike, { f }: Speech): string {
  if (spike.slow) return f.times(spike.slow.nowMs / Math.max(1, spike.slow.beforeMs))
  return spike.expected >= 0.5 ? f.times(spike.observed / spike.expected) : `0→${f.short(spike.observed)}`
}

/** "14:05 – now" or "14:05–14:54", as it is known at `at`. */
export function spikeSpan(spike: Spike, { w, f }: Speech, at: number): string {
  const start = Date.parse(spike.start)
  return isNow(spike, at) ? `${f.moment(start)} – ${w.spikes.now}` : f.interval(start, Date.parse(spike.end))
}

/** Where it is, each value as people know it: "www.example.com/checkout", "France · AS64500". */
export function spikeScope(spike: Spike, speech: Speech): string {
  // the id of a rule says nothing to anyone: it stands here only where nothing else does
  const { host = '', path = '', securityRuleId = '', ...rest } = spike.scope
  const others = Object.entries(rest).map(([name, value]) =>
    isDimension(name) ? valueText(name, value, speech) : value,
  )
  const known = [host + readablePath(path), ...others].filter((t) => t !== '')
  return known.length > 0 ? known.join(' · ') : securityRuleId
}

/** What goes on first, then what matters most; a score says how sure a rise is, not what it does to whom. */
export function mostSevere(spikes: readonly Spike[]): Spike[] {
  const rank = ({ severity }: Spike) => (severity ? SEVERITIES.indexOf(severity) : SEVERITIES.length)
  return [...spikes].sort((a, b) => Number(b.ongoing) - Number(a.ongoing) || rank(a) - rank(b) || b.score - a.score)
}

export const isDimension = (name: string): name is Dimension => (DIMENSION_NAMES as readonly string[]).includes(name)

/** The filters that show a spike's own requests. A path with `:id` in it stands for many and can not be asked for. */
export function filtersOf(spike: Spike): UrlFilter[] {
  const one = (dimension: Dimension, value: string): UrlFilter => ({ dimension, not: false, values: [value] })
  const filters = [
    spike.status === null
      ? { dimension: 'class' as const, not: false, values: classesOf(spike) }
      : one('status', String(spike.status)),
  ]
  if (spike.source !== null) filters.push(one('source', spike.source))
  if (spike.kind === 'stale') filters.push(one('cacheStatus', 'stale'))
  for (const [name, value] of Object.entries(spike.scope))
    if (isDimension(name) && !value.includes(':id')) filters.push(one(name, value))
  return filters
}
