import type { Source } from '../../../schema/record.js'
import { formatFor } from './format.js'
import type { SpikeFigures, SpikeSentences } from './sentences.js'

const f = formatFor('en-GB')

const BY: { [source in Source]: string } = {
  client: ' (clients that left before the answer)',
  edge: ' made by the edge',
  'origin-failure': ' written by the edge because the origin failed',
  cache: ' answered from cache',
  worker: ' made by a Worker',
  origin: ' of the origin',
  undetermined: ' (the export does not say by whom)',
}

function what({ status, statusClass, source }: SpikeFigures): string {
  if (status === null) return statusClass === '499' ? 'clients that left before the answer (499)' : `${statusClass} responses of many codes`
  if (status === 499) return '499s (clients that left before the answer)'
  return `${status}s${source === null ? '' : BY[source]}`
}

export const en: SpikeSentences = {
  summary(s) {
    const level = s.expected >= 0.5 ? `run at ${f.times(s.observed / s.expected)} their usual level` : 'appear where there usually are none'
    const past = s.expected >= 0.5 ? `ran at ${f.times(s.observed / s.expected)} their usual level` : 'appeared where there usually are none'
    const when = s.ongoing ? `Since ${f.time(s.start)} UTC` : `${f.interval(s.start, s.end)} UTC`
    const where = s.place === null ? '' : ` on ${s.place}`
    const why = s.cause === null ? '' : `: ${s.cause.title} (${f.share(s.cause.confidence)})`
    return `${when}, ${what(s)} ${s.ongoing ? level : past}${where}${why}. ${f.number(s.observed)} requests, ${f.number(s.expected)} expected, score ${f.number(s.score)}.`
  },
  carries: (share, field, value, before) => `${f.share(share)} carry ${field} = ${value} (before: ${f.share(before)})`,
  fits: (share, before) => `${f.share(share)} of the records look as this cause leaves them (before: ${f.share(before)})`,
  slower: (measure, now, before, ratio) => `Other answers of the same hosts became ${f.times(ratio)} slower: ${measure} ${f.ms(now)} (before: ${f.ms(before)})`,
  notSlower: (measure, now, before) => `Other answers of the same hosts are no slower than before: ${measure} ${f.ms(now)} (before: ${f.ms(before)})`,
  trendUnknown: () => 'Whether other answers became slower can\'t be told: the export carries too few durations (EdgeTimeToFirstByteMs, OriginResponseDurationMs)',
  noEvidence: () => 'No record speaks for one of the documented causes; this is their order of plausibility',
  missing: (fields) => `The export lacks ${fields.join(', ')}, which would tell`,
  subRequests: (share, status, before) => `${f.share(share)} of the Worker's own requests to the origin ended in ${status} (before: ${f.share(before)})`,
}
