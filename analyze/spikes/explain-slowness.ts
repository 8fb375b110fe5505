/** Slowness explained like a spike: where answers became slow, and the documented causes of that. */
import type { Filter } from '../../schema/store/query.js'
import { baselineOf } from './baseline.js'
import type { Episode } from './detect/index.js'
import { spikeId, type ExplainContext, type ExplainedSpike } from './explain.js'
import { asFilterValue } from './path-pattern.js'
import { ANSWERED } from './slowdowns/cells.js'
import { slownessOf } from './slowness.js'

/** What was found rests on a sample, and a cause may hide behind another. */
const CONFIDENCE = 0.85

/** `filters` of the context narrow the answers, also to a host. Null: nothing became slow, or too few answers to say. */
export async function explainSlowness(
  episode: Episode,
  {
    store,
    catalogue,
    filters,
    logs,
    others,
  }: Pick<ExplainContext, 'store' | 'catalogue' | 'filters' | 'logs' | 'others'>,
): Promise<ExplainedSpike | null> {
  const baseline = baselineOf(episode, logs, others)
  const onHost: Filter[] = episode.host === null ? [] : [{ dimension: 'host', values: [episode.host] }]
  const range = { from: episode.start, to: episode.end }
  const { findings, figures } = await slownessOf(store.records, range, baseline, [...filters, ...onHost])
  if (figures === null || baseline === null) return null
  const { subject } = figures
  const there: Filter[] =
    subject === null ? [] : [{ dimension: subject.dimension, values: [asFilterValue(subject.value)] }]
  return {
    id: `${spikeId(episode)}-slow`,
    episode,
    selection: { ...range, filters: [...filters, ...ANSWERED, ...onHost, ...there], audience: 'visitors' },
    changes: [],
    scope: {
      ...(episode.host === null ? {} : { host: episode.host }),
      ...(subject === null ? {} : { [subject.dimension]: subject.value }),
    },
    client: null,
    causes: catalogue.latency.flatMap((cause) => {
      const finding = cause.finding && findings[cause.finding]
      return finding?.holds ? [{ cause, confidence: CONFIDENCE, facts: [...finding.facts] }] : []
    }),
    slow: figures,
    codes: [],
    past: { when: baseline.when, some: true },
  }
}
