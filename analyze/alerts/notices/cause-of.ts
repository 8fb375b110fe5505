/** The most likely documented cause of what an alert fired on, out of the spikes of that time. */
import type { Explanation } from '../../../schema/store/alert-log.js'
import { inLanguage } from '../../spikes/in-language.js'
import type { FoundSpike, SpikeService } from '../../spikes/service.js'
import { HOUR } from '../../../schema/words/duration.js'
import type { Explain, ExplainQuestion } from './snapshot.js'

/** A cause below this is a guess: a notice at night says nothing rather than guess. */
const LEAST_CONFIDENCE = 0.3
/** Spikes are looked for in the time around the alert. */
const AROUND_MS = HOUR

function fits(spike: FoundSpike, ask: ExplainQuestion): boolean {
  const { episode } = spike
  if (episode.end <= ask.from || episode.start >= ask.to) return false
  // answers that are slow are no cause of errors that were counted, nor the other way round
  if ((spike.slow !== undefined) !== (ask.slow === true)) return false
  if (ask.status !== null && episode.status !== null && episode.status !== ask.status) return false
  if (ask.statusClass !== null && episode.statusClass !== ask.statusClass) return false
  if (ask.source !== null && episode.source !== null && episode.source !== ask.source) return false
  return ask.host === null || episode.host === null || episode.host === ask.host || spike.scope.host === ask.host
}

export function explainBySpikes(spikes: SpikeService): Explain {
  return async (ask): Promise<Explanation | null> => {
    const { explained } = await spikes.find({ from: ask.from - AROUND_MS, to: ask.to, filters: [] })
    // the list is by importance: the first that fits is the one people would open
    const spike = explained.find((one) => fits(one, ask))
    if (!spike) return null
    const { id, causes, severity, severityReason } = inLanguage(spike, ask.language)
    const cause = causes.find(({ confidence }) => confidence >= LEAST_CONFIDENCE)
    return {
      cause: cause
        ? {
            id: cause.id,
            title: cause.title,
            explanation: cause.explanation,
            confidence: cause.confidence,
            url: cause.url,
          }
        : null,
      firstCheck: cause?.check[0] ?? null,
      spike: id,
      urgency: severity ? { severity, reason: severityReason ?? '' } : null,
    }
  }
}
