/**
 * Whoever gave up waiting (499) and whoever waited to the end (504, 524) tell of the same slowness: one incident, explained together,
 * and not one page for each code.
 */
import type { ToldSpike } from './told.js'
import { SEVERITIES } from './severity.js'

/** What each code is where slowness is behind it. */
const OF_SLOWNESS: ReadonlySet<string> = new Set([
  '499/slow-origin',
  '504/edge-gateway-timeout',
  '504/origin-gateway-timeout',
  '524/origin-timeout',
])
/** So much of the shorter one has to lie in the other. */
const SAME_TIME = 0.5
/** Where both are told apart from the rest, it has to be by the same. */
const PLACES = ['host', 'path', 'country', 'colo', 'asn'] as const

/** The others of a slowness become evidence of the one that matters most, or of the first that was known. */
export function together(spikes: readonly ToldSpike[]): ToldSpike[] {
  const waiting = spikes.filter(isOfSlowness).sort(byWeight)
  const heads = new Map<ToldSpike, ToldSpike[]>()
  for (const one of waiting) {
    const head = [...heads.keys()].find(
      (other) => other.episode.status !== one.episode.status && isOneIncident(other, one),
    )
    if (head) heads.get(head)?.push(one)
    else heads.set(one, [])
  }
  const others = new Set([...heads.values()].flat())
  return spikes.filter((spike) => !others.has(spike)).map((spike) => withOthers(spike, heads.get(spike) ?? []))
}

const isOfSlowness = ({ causes: [first], people }: ToldSpike) =>
  first !== undefined && OF_SLOWNESS.has(first.cause.id) && people.judgement.kind === 'many'

const byWeight = (a: ToldSpike, b: ToldSpike) =>
  SEVERITIES.indexOf(a.people.judgement.severity) - SEVERITIES.indexOf(b.people.judgement.severity) ||
  a.episode.detectedAt - b.episode.detectedAt ||
  b.episode.observed - a.episode.observed

function isOneIncident({ episode: a, scope: here }: ToldSpike, { episode: b, scope: there }: ToldSpike): boolean {
  const shared = Math.min(a.end, b.end) - Math.max(a.start, b.start)
  if (shared < SAME_TIME * Math.min(a.end - a.start, b.end - b.start)) return false
  return PLACES.every((place) => {
    const [one, other] = [here[place], there[place]]
    return one === undefined || other === undefined || one === other
  })
}

function withOthers(spike: ToldSpike, others: readonly ToldSpike[]): ToldSpike {
  if (others.length === 0) return spike
  const [first, ...rest] = spike.causes
  const also = others.map(({ episode: { status, observed, expected } }) => ({
    kind: 'also' as const,
    status: status as number,
    requests: observed,
    expected,
    share: 0,
    baselineShare: 0,
  }))
  return {
    ...spike,
    alsoOf: others.map(({ selection }) => selection),
    causes: [{ ...first, facts: [...first.facts, ...also] }, ...rest],
  }
}
