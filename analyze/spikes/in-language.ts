/** An explained spike as the contract gives it, in one language. */
import { MINUTE } from '../../schema/words/duration.js'
import { iso } from '../../schema/words/iso.js'
import { readablePath } from '../../schema/words/visible.js'
import { SPEECH, type Language } from '../../schema/words/languages.js'
import { causeIn } from '../../schema/status/catalogue.js'
import type { Spike } from '../../schema/api/spikes.js'
import type { Annotation } from '../../schema/store/ledger/annotations.js'
import type { Fact } from './fact.js'
import type { ExplainedSpike } from './explain.js'
import { PEOPLE_SENTENCES } from './people/words.js'
import type { People } from './people/told.js'
import { partsOf } from './sentences/format.js'
import { SENTENCES } from './sentences/languages/index.js'
import type { Past, Place, SpikeSentences } from './sentences/say.js'

/** A cause below this is not worth the headline. */
const LEAST_TOLD = 0.3

/** `people` is missing where a window was explained that nobody judged. */
export function inLanguage(
  explained: ExplainedSpike & { people?: People },
  lang: Language,
  after: Annotation | null = null,
): Spike {
  const { episode, scope, causes, changes, codes, past } = explained
  const say = SENTENCES[lang]
  const first = causes[0]
  // the headline and the list say the same figure, and all of them together no more than 100 %
  const confidences = partsOf(causes.map(({ confidence }) => confidence))
  return {
    id: explained.id,
    start: iso(episode.start),
    end: iso(episode.end),
    detectedAt: iso(episode.detectedAt),
    ongoing: episode.ongoing,
    status: episode.status,
    statusClass: episode.statusClass,
    classes: explained.classes,
    source: episode.source,
    observed: round(episode.observed),
    expected: round(episode.expected, 2),
    score: round(episode.score),
    scope,
    changed: changes.map(({ dimension, value, share, baselineShare, comparedWith }) => ({
      dimension,
      value,
      comparedWith,
      share: round(share, 4),
      baselineShare: round(baselineShare, 4),
    })),
    summary: withPeople(
      explained,
      lang,
      headlineOf(explained, say, confidences[0] ?? 0, lang) ??
        say.summary({
          ...episode,
          classes: explained.classes ?? [episode.statusClass],
          ofAll:
            past.when === 'never' && episode.expected === 0
              ? (explained.people?.judgement.share ?? explained.ofAll ?? null)
              : null,
          place: placeOf(explained),
          codes: wholeCodes(codes),
          cause:
            first && confidences[0] >= LEAST_TOLD
              ? { title: first.cause.title[lang], confidence: confidences[0] }
              : null,
        }),
      after && say.after((episode.start - after.from) / MINUTE, after.text),
    ),
    ...peopleIn(explained, lang),
    ...slowIn(explained),
    client: clientOf(explained),
    after: after && {
      id: after.id,
      text: after.text,
      kind: after.kind,
      at: iso(after.from),
      sentence: say.after((episode.start - after.from) / MINUTE, after.text),
    },
    causes: causes.map(({ cause, facts }, i) => ({
      ...causeIn(cause, lang),
      confidence: confidences[i],
      evidence: facts.map((fact) => ({
        text: sentenceOf(fact, past, say),
        share: round(fact.share, 4),
        baselineShare: round(fact.baselineShare, 4),
      })),
    })),
  }
}

function slowIn({ slow, old }: ExplainedSpike): Partial<Spike> {
  if (old) return { kind: 'stale' }
  if (!slow) return {}
  const { measure, percentile, now, before } = slow
  return { kind: 'slow', slow: { measure, percentile, nowMs: round(now), beforeMs: round(before) } }
}

/** The headline, and what a reader must know before waking anybody. */
function withPeople(
  { people, client }: Pick<ExplainedSpike, 'client'> & { people?: People },
  lang: Language,
  summary: string,
  after: string | null,
): string {
  const say = PEOPLE_SENTENCES[lang]
  const more = [
    people?.pattern && say.pattern(people.pattern),
    // where the headline names it already, once is enough
    people?.client && client === null ? say.client(people.client) : null,
    people?.recurrence && say.recurrence(people.recurrence),
    after,
  ].filter((text) => text !== null && text !== undefined)
  return [summary, ...more.map((text) => say.sentence(text))].join(SPEECH[lang].gap)
}

function peopleIn({ people }: { people?: People }, lang: Language): Partial<Spike> {
  if (!people) return {}
  const say = PEOPLE_SENTENCES[lang]
  const { judgement, client, pattern, recurrence } = people
  return {
    kind: judgement.kind === 'client' || judgement.kind === 'pattern' ? judgement.kind : 'rise',
    severity: judgement.severity,
    severityReason: say.reason(judgement),
    clients: judgement.clients,
    client,
    pattern: pattern && {
      everyMs: pattern.periodMs,
      phaseMs: pattern.phaseMs,
      times: pattern.times,
      requestsEach: pattern.requestsEach,
      text: say.pattern(pattern),
    },
    recurrence: recurrence && {
      times: recurrence.times,
      last: iso(recurrence.last),
      text: say.recurrence(recurrence),
    },
  }
}

function sentenceOf(fact: Fact, past: Past, say: SpikeSentences): string {
  switch (fact.kind) {
    case 'carries':
      return say.carries(fact.field, fact.values, past)
    case 'client':
      return say.client(fact.client, past)
    case 'unchanged':
      return say.unchanged(fact.values, past)
    case 'contradicted':
      return say.contradicted(fact.figures)
    case 'left-over':
      return say.leftOver()
    case 'slow':
      return say.slow(fact.figures, past)
    case 'lasted':
      return say.lasted(fact.figures, past)
    case 'status-itself':
      return say.statusItself(fact.status)
    case 'slower':
      return say.slower(fact.figures, past)
    case 'not-slower':
      return say.notSlower(fact.figures, past)
    case 'trend-unknown':
      return say.trendUnknown(past)
    case 'waited':
      return say.waited(fact.figures, past)
    case 'sub-requests':
      return say.subRequests(fact.figures, past)
    case 'stale':
      return say.stale(fact.stale.requests, fact.stale.expected)
    case 'also':
      return say.also(fact.status, fact.requests, fact.expected)
    case 'missing':
      return say.missing(fact.fields)
    case 'no-evidence':
      return say.noEvidence()
  }
}

/** The one client behind it, whether the detector or the records told. */
function clientOf({ people, client }: ExplainedSpike & { people?: People }): NonNullable<Spike['client']> | null {
  if (people?.client) return people.client
  return client && { address: client.address, asn: client.asn, userAgent: client.userAgent }
}

/** Of slowness and of expired copies; null: it is about errors. */
function headlineOf(
  { episode, slow, old, scope, causes: [first] }: ExplainedSpike,
  say: SpikeSentences,
  confidence: number,
  lang: Language,
): string | null {
  if (!slow && !old) return null
  const { start, end, ongoing, observed, expected, host } = episode
  const cause = first && confidence >= LEAST_TOLD ? { title: first.cause.title[lang], confidence } : null
  if (old)
    return say.oldSummary({ ...old, start, end, ongoing, observed, expected, address: scope.host ?? null, cause })
  if (!slow) return null
  return say.slowSummary({ ...slow, start, end, ongoing, answers: observed, address: host, cause })
}

/** Codes with less than a percent go without saying. */
function wholeCodes(codes: ExplainedSpike['codes']): ExplainedSpike['codes'] {
  const parts = partsOf(codes.map(({ share }) => share))
  return codes.map(({ status }, i) => ({ status, share: parts[i] })).filter(({ share }) => share > 0)
}

const NOWHERE: Place = { address: null, country: null, asn: null, colo: null, userAgent: null, client: null }

function placeOf({ scope, episode, client, ofAll }: ExplainedSpike): Place {
  // the part that is told is one of the host's requests
  if (ofAll !== undefined) return { ...NOWHERE, address: scope.host ?? episode.host ?? null }
  return {
    address: `${scope.host ?? episode.host ?? ''}${readablePath(scope.path ?? '')}` || null,
    country: scope.country ?? null,
    asn: scope.asn ?? null,
    colo: scope.colo ?? null,
    userAgent: client === null ? (scope.userAgent ?? null) : null,
    client: client?.address ?? null,
  }
}

const round = (n: number, digits = 1) => Math.round(n * 10 ** digits) / 10 ** digits
