import type { Source } from '../../../../schema/words/sources.js'
import {
  afterColon,
  agentIn,
  FALLEN_TIMES,
  formatFor,
  harmless,
  MOST_TIMES,
  NONE_EXPECTED,
  partsOf,
  pastWith,
  SLIGHT_TIMES,
} from '../format.js'
import type { CarriedValue, ClientFigures, Place, SpikeFigures, SpikeSentences } from '../say.js'

const f = formatFor('en')
const past = pastWith({
  before: 'before',
  after: 'afterwards',
  noneBefore: 'no such requests before',
  noneAfter: 'no such requests afterwards',
  never: 'the logs hold nothing to compare with',
  colon: ': ',
  open: '(',
  close: ')',
})

const BY: { [source in Source]: string } = {
  'client': ' (clients that left before the answer)',
  'edge': ' made by the edge',
  'origin-failure': ' written by the edge because the origin failed',
  'cache': ' answered from cache',
  'worker': ' made by a Worker',
  'origin': ' of the origin',
  'undetermined': ' (the export does not say by whom)',
}

function what({ status, classes, source, codes }: SpikeFigures): string {
  if (classes.join() === '499') return '499s (clients that left before the answer)'
  if (status !== null) return `${status}s${source === null ? '' : BY[source]}`
  const named = codes.map((code) => `${code.status} ${f.share(code.share)}`).join(', ')
  return `${f.list(classes)} responses of several codes${named === '' ? '' : ` (${named})`}`
}

function level({ observed, expected, ongoing, ofAll }: SpikeFigures): string {
  if (ofAll !== null) return `${ongoing ? 'are' : 'were'} ${f.share(ofAll)} of the requests`
  if (expected < NONE_EXPECTED)
    return ongoing ? 'appear where there usually are none' : 'appeared where there usually are none'
  const times = observed / expected
  if (times < FALLEN_TIMES) return `${ongoing ? 'are' : 'were'} below their usual level`
  if (times <= 1) return `${ongoing ? 'are' : 'were'} at their usual level`
  if (times < SLIGHT_TIMES) return `${ongoing ? 'are' : 'were'} slightly above their usual level`
  const factor = times > MOST_TIMES ? `more than ${MOST_TIMES}` : f.ratio(times)
  return `${ongoing ? 'run' : 'ran'} at ${factor}× their usual level`
}

function where({ address, country, asn, colo, userAgent, client }: Place): string {
  const who = [
    client === null ? '' : `one client, ${harmless(client)}`,
    country === null ? '' : f.country(country),
    asn === null ? '' : `network AS${asn}`,
    colo === null || country !== null ? '' : `data centre ${colo}`,
    userAgent === null ? '' : `user agent “${agentIn(harmless(userAgent))}”`,
  ].filter((part) => part !== '')
  return `${address === null ? '' : ` on ${harmless(address)}`}${who.length === 0 ? '' : ` (${who.join(', ')})`}`
}

/** What is known of a client besides its address. */
function known({ asn, country, userAgent }: ClientFigures): string {
  const parts = [
    asn === null ? '' : `network AS${asn}`,
    country === null ? '' : f.country(country),
    userAgent === null ? '' : `“${agentIn(harmless(userAgent))}”`,
  ].filter((part) => part !== '')
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}

const percentile = (p: number) => (p === 0.5 ? 'at the median' : `at the ${Math.round(p * 100)}th percentile`)

/** A value, and what a security rule is called. */
const named = ({ value, description }: Pick<CarriedValue, 'value' | 'description'>) =>
  harmless(description === null ? value : `“${description}” (${value})`)

/** How many times as long answers take; beyond some it says only that they took next to nothing before. */
const timesAsLong = ({ now, before }: { now: number; before: number }): string =>
  now > MOST_TIMES * Math.max(1, before) ? `more than ${MOST_TIMES}` : f.ratio(now / Math.max(1, before))

export const en: SpikeSentences = {
  summary(s) {
    const when = s.ongoing ? `Since ${f.time(s.start)} UTC` : `${f.interval(s.start, s.end)} UTC`
    const why = s.cause === null ? '' : `: ${afterColon(s.cause.title)} (${f.share(s.cause.confidence)})`
    const requests = `${f.number(s.observed)} ${Math.round(s.observed) === 1 ? 'request' : 'requests'}`
    const expected = s.expected < NONE_EXPECTED ? 'none' : f.number(s.expected)
    const usual = s.ofAll === null ? `${expected} expected` : 'the logs hold nothing to compare with'
    return `${when}, ${what(s)} ${level(s)}${where(s.place)}${why}. ${requests}, ${usual}.`
  },
  carries(field, values, p) {
    const [first] = values
    if (values.length === 1)
      return `${f.share(first.share)} carry ${field} = ${named(first)} ${past(p, first.before === null ? null : f.share(first.before))}`
    const [now, then] = [partsOf(values.map((one) => one.share)), partsOf(values.map((one) => one.before ?? 0))]
    if (first.before === null || !p.some)
      return `${field}: ${values.map((one, i) => `${f.share(now[i])} ${named(one)}`).join(', ')} ${past(p, null)}`
    return `${field}: ${values.map((one, i) => `${f.share(now[i])} ${named(one)} ${past(p, f.share(then[i]))}`).join(', ')}`
  },
  client: (c, p) =>
    `${f.share(c.share)} come from one client: ${harmless(c.address)}${known(c)}, ${f.number(c.requests)} requests ${past(p, c.before === null ? null : f.share(c.before))}`,
  unchanged: (values, { when }) =>
    `${values.map((one) => `${one.field} = ${named(one)}`).join(', ')}, as ${when === 'before' ? 'before' : 'afterwards'}: there is more of the same`,
  contradicted: ({ measure, median }) =>
    `Against it: half of them were over within ${f.duration(median)} by ${measure}, too soon for this cause`,
  leftOver: () => 'No field shows it; it is what remains when the other documented causes are ruled out',
  slow({ subject, measure, percentile: at, now, before, rest }, p) {
    const whose =
      subject === null
        ? 'Answers that the origin had a part in'
        : subject.dimension === 'colo'
          ? `Answers through data centre ${harmless(subject.value)}`
          : `Answers on ${harmless(subject.value)}`
    const others =
      rest === null ? '' : `; all others ${f.duration(rest.now)} ${past({ ...p, some: true }, f.duration(rest.before))}`
    return `${whose} took ${f.duration(now)} ${percentile(at)} by ${measure} ${past({ ...p, some: true }, f.duration(before))}${others}`
  },
  slowSummary(s) {
    const when = s.ongoing ? `Since ${f.time(s.start)} UTC` : `${f.interval(s.start, s.end)} UTC`
    const place =
      s.subject?.dimension === 'colo'
        ? ` through data centre ${harmless(s.subject.value)}`
        : s.subject
          ? ` on ${harmless(s.subject.value)}`
          : ''
    const why = s.cause === null ? '' : `: ${afterColon(s.cause.title)} (${f.share(s.cause.confidence)})`
    return `${when}, answers${s.address === null ? '' : ` of ${harmless(s.address)}`}${place} ${s.ongoing ? 'take' : 'took'} ${timesAsLong(s)}× as long as usual, ${f.duration(s.now)} instead of ${f.duration(s.before)} ${percentile(s.percentile)}${why}. ${f.number(s.answers)} answers.`
  },
  oldSummary(s) {
    const when = s.ongoing ? `Since ${f.time(s.start)} UTC` : `${f.interval(s.start, s.end)} UTC`
    const why = s.cause === null ? '' : `: ${afterColon(s.cause.title)} (${f.share(s.cause.confidence)})`
    const expected = s.expected < NONE_EXPECTED ? 'none' : f.number(s.expected)
    return `${when}, ${f.share(s.share)} of the requests${s.address === null ? '' : ` on ${harmless(s.address)}`} ${s.ongoing ? 'get' : 'got'} expired copies from cache (before: ${f.share(s.before)})${why}. ${f.number(s.observed)} requests, ${expected} expected.`
  },
  lasted({ measure, share, before, min, max }, p) {
    const span =
      min === null
        ? `at most ${f.duration(max ?? 0)}`
        : max === null
          ? `at least ${f.duration(min)}`
          : `${f.duration(min)} to ${f.duration(max)}`
    return `${f.share(share)} took ${span} by ${measure} ${past(p, before === null ? null : f.share(before))}`
  },
  statusItself: (status) => `The status ${status} itself points to it; the export holds no field that tells more`,
  slower({ measure, percentile: at, now, before }, p) {
    const times = before >= 1 ? `${f.ratio(now / before)}× as slow` : 'slower'
    return `Other answers of the origin became ${times}: ${measure} ${f.duration(now)} ${percentile(at)} ${past({ ...p, some: true }, f.duration(before))}`
  },
  notSlower: ({ measure, percentile: at, now, before }, p) =>
    `Other answers of the origin did not become slower: ${measure} ${f.duration(now)} ${percentile(at)} ${past({ ...p, some: true }, f.duration(before))}`,
  trendUnknown: ({ when }) =>
    `Whether other answers became slower can’t be told: ${when === 'never' ? 'the logs hold nothing to compare with' : 'too few of them carry a duration (EdgeTimeToFirstByteMs, OriginResponseDurationMs)'}`,
  waited: ({ median, decile, before }, p) =>
    `Visitors waited ${f.duration(median)} at the median, one in ten ${f.duration(decile)} or more${before === null ? '' : ` ${past({ ...p, some: true }, f.duration(before))}`}`,
  subRequests: ({ status, share, before }, p) =>
    `${f.share(share)} of the Worker’s own requests ended in ${status}${before === null ? '' : ` ${past({ ...p, some: true }, f.share(before))}`}`,
  stale: (requests, expected) =>
    `Besides, ${f.number(requests)} requests got an old copy from cache in place of an error (CacheCacheStatus = stale, ${expected < NONE_EXPECTED ? 'none' : f.number(expected)} expected)`,
  also: (status, requests, expected) =>
    `Of the same slowness ${f.number(requests)} requests ended with ${status} (${expected < NONE_EXPECTED ? 'none' : f.number(expected)} expected)`,
  noEvidence: () => 'No record speaks for one of the documented causes; this is their order of plausibility',
  missing: (fields) => `The export lacks ${fields.join(', ')}, which would tell`,
  after: (minutes, text) =>
    `${minutes < 1 ? 'At the time of' : `${f.number(minutes)} min after`} “${harmless(text).slice(0, 120)}”`,
  scope: {
    host: 'host',
    path: 'path',
    country: 'country',
    colo: 'data centre',
    asn: 'network',
    userAgent: 'user agent',
    securityRuleId: 'security rule',
  },
  scopeValue: (dimension, value) =>
    dimension === 'country' ? `${f.country(value)} (${value})` : dimension === 'asn' ? `AS${value}` : harmless(value),
}
