/** An explained spike as the contract gives it, in one language. */
import type { Language } from '../../schema/languages.js'
import { causeIn } from '../../schema/status/catalogue.js'
import type { Spike } from '../../schema/api/spikes.js'
import { evidenceOf } from './evidence.js'
import type { ExplainedSpike } from './explain.js'
import { SENTENCES, type Place } from './sentences/sentences.js'

/** Causes listed; those that nothing speaks for come last, in order of plausibility. */
const MOST_CAUSES = 8
/** A cause below this is not worth the headline. */
const LEAST_TOLD = 0.3
/** Codes of a class that a headline names. */
const MOST_CODES = 3

export function inLanguage(explained: ExplainedSpike, lang: Language): Spike {
  const { episode, scope, weighed, changes } = explained
  const say = SENTENCES[lang]
  const first = weighed[0]
  return {
    id: explained.id,
    start: iso(episode.start), end: iso(episode.end), detectedAt: iso(episode.detectedAt), ongoing: episode.ongoing,
    status: episode.status, statusClass: episode.statusClass, source: episode.source,
    observed: round(episode.observed), expected: round(episode.expected, 2), score: round(episode.score),
    scope,
    changed: changes.map(({ dimension, value, share, baselineShare }) => ({ dimension, value, share: round(share, 4), baselineShare: round(baselineShare, 4) })),
    summary: say.summary({
      ...episode, place: placeOf(explained), codes: episode.status === null ? codesOf(explained) : [],
      cause: first && first.confidence >= LEAST_TOLD ? { title: first.cause.title[lang], confidence: first.confidence } : null,
    }),
    causes: weighed.slice(0, MOST_CAUSES).map((one, i) => ({
      ...causeIn(one.cause, lang),
      confidence: round(one.confidence, 3),
      evidence: evidenceOf(one, explained, say, i === 0),
    })),
  }
}

function placeOf({ scope, episode }: ExplainedSpike): Place {
  return {
    address: `${scope.host ?? episode.host ?? ''}${scope.path ?? ''}` || null,
    country: scope.country ?? null, asn: scope.asn ?? null, colo: scope.colo ?? null, userAgent: scope.userAgent ?? null,
  }
}

function codesOf({ spike }: ExplainedSpike): { status: number; share: number }[] {
  const counts = new Map<number, number>()
  for (const record of spike) counts.set(record.edgeResponseStatus, (counts.get(record.edgeResponseStatus) ?? 0) + record.weight)
  const total = [...counts.values()].reduce((sum, n) => sum + n, 0)
  return [...counts].map(([status, n]) => ({ status, share: n / total })).sort((a, b) => b.share - a.share || a.status - b.status).slice(0, MOST_CODES)
}

const iso = (ms: number) => new Date(ms).toISOString()
const round = (n: number, digits = 1) => Math.round(n * 10 ** digits) / 10 ** digits
