import type { Source } from '../../../../schema/words/sources.js'
import {
  afterColon,
  agentIn,
  FALLEN_TIMES,
  FEW_TIMES,
  formatFor,
  harmless,
  MOST_TIMES,
  NONE_EXPECTED,
  partsOf,
  pastWith,
  SLIGHT_TIMES,
} from '../format.js'
import type { CarriedValue, ClientFigures, Place, SpikeFigures, SpikeSentences } from '../say.js'

const f = formatFor('fr')
const past = pastWith({
  before: 'avant',
  after: 'après',
  noneBefore: 'aucune requête de ce type avant',
  noneAfter: 'aucune requête de ce type après',
  never: 'rien à quoi comparer dans ces journaux',
  colon: ' : ',
  open: '(',
  close: ')',
})

const BY: { [source in Source]: string } = {
  'client': ' (clients partis avant la réponse)',
  'edge': ' émis par la périphérie',
  'origin-failure': ' dus à une panne du serveur d’origine',
  'cache': ' servis par le cache',
  'worker': ' émis par un Worker',
  'origin': ' du serveur d’origine',
  'undetermined': ' d’auteur inconnu (absent de l’export)',
}

function what({ status, classes, source, codes }: SpikeFigures): string {
  if (classes.join() === '499') return '499 (clients partis avant la réponse)'
  if (status !== null) return `${status}${source === null ? '' : BY[source]}`
  const named = codes.map((code) => `${code.status} ${f.share(code.share)}`).join(', ')
  return `réponses ${f.list(classes)} de plusieurs codes${named === '' ? '' : ` (${named})`}`
}

/** The place right after what happens there, the figure last: nothing stands between a word and what it belongs to. */
function event(s: SpikeFigures): string {
  const { observed, expected, ongoing, ofAll, status, classes } = s
  if (ofAll !== null) {
    const verb = ongoing ? 'représentent' : 'ont représenté'
    return `les ${what(s)}${where(s.place)} ${verb} ${f.share(ofAll)} des requêtes`
  }
  if (expected < NONE_EXPECTED) {
    const usually = `${s.place.address === null ? 'alors qu’il' : 'où il'} n’y en a d’ordinaire aucune trace`
    const came = status === null && classes.join() !== '499' ? 'sont apparues' : 'sont apparus'
    return `des ${what(s)} ${ongoing ? 'apparaissent' : came}${where(s.place)}, ${usually}`
  }
  const times = observed / expected
  if (times < FALLEN_TIMES) return `recul des ${what(s)}${where(s.place)} par rapport au niveau habituel`
  if (times <= 1) return `les ${what(s)}${where(s.place)} ${ongoing ? 'sont' : 'étaient'} à leur niveau habituel`
  if (times < SLIGHT_TIMES) return `légère hausse des ${what(s)}${where(s.place)} par rapport au niveau habituel`
  const factor = times > MOST_TIMES ? `plus de ${MOST_TIMES}` : f.ratio(times)
  return `${times < FEW_TIMES ? 'hausse des' : 'pic de'} ${what(s)}${where(s.place)}, à ${factor} fois le niveau habituel`
}

function where({ address, country, asn, colo, userAgent, client }: Place): string {
  const who = [
    client === null ? '' : `un seul client, ${harmless(client)}`,
    country === null ? '' : f.country(country),
    asn === null ? '' : `réseau AS${asn}`,
    colo === null || country !== null ? '' : `centre de données ${colo}`,
    userAgent === null ? '' : `user agent « ${agentIn(harmless(userAgent))} »`,
  ].filter((part) => part !== '')
  return `${address === null ? '' : ` sur ${harmless(address)}`}${who.length === 0 ? '' : ` (${who.join(', ')})`}`
}

/** What is known of a client besides its address. */
function known({ asn, country, userAgent }: ClientFigures): string {
  const parts = [
    asn === null ? '' : `réseau AS${asn}`,
    country === null ? '' : f.country(country),
    userAgent === null ? '' : `« ${agentIn(harmless(userAgent))} »`,
  ].filter((part) => part !== '')
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}

const percentile = (p: number) => (p === 0.5 ? 'en médiane' : `au ${Math.round(p * 100)}e centile`)

/** French counts 0 and 1 as one. */
const plural = (n: number) => (Math.round(n) >= 2 ? 's' : '')

/** A value, and what a security rule is called. */
const named = ({ value, description }: Pick<CarriedValue, 'value' | 'description'>) =>
  harmless(description === null ? value : `« ${description} » (${value})`)

/** How many times as long answers take; beyond some it says only that they took next to nothing before. */
const timesAsLong = ({ now, before }: { now: number; before: number }): string =>
  now > MOST_TIMES * Math.max(1, before) ? `plus de ${MOST_TIMES}` : f.ratio(now / Math.max(1, before))

export const fr: SpikeSentences = {
  summary(s) {
    const finished = f.sameDay(s.start, s.end)
      ? `Le ${f.interval(s.start, s.end)} UTC`
      : `Du ${f.time(s.start)} au ${f.time(s.end)} UTC`
    const when = s.ongoing ? `Depuis le ${f.time(s.start)} UTC` : finished
    const why = s.cause === null ? '' : ` : ${afterColon(s.cause.title)} (${f.share(s.cause.confidence)})`
    const expected =
      s.expected < NONE_EXPECTED ? 'aucune attendue' : `${f.number(s.expected)} attendue${plural(s.expected)}`
    const usual = s.ofAll === null ? expected : 'rien à quoi comparer dans ces journaux'
    return `${when}, ${event(s)}${why}. ${f.number(s.observed)} requête${plural(s.observed)}, ${usual}.`
  },
  carries(field, values, p) {
    const [first] = values
    if (values.length === 1)
      return `${f.share(first.share)} portent ${field} = ${named(first)} ${past(p, first.before === null ? null : f.share(first.before))}`
    const [now, then] = [partsOf(values.map((one) => one.share)), partsOf(values.map((one) => one.before ?? 0))]
    if (first.before === null || !p.some)
      return `${field} : ${values.map((one, i) => `${f.share(now[i])} ${named(one)}`).join(', ')} ${past(p, null)}`
    return `${field} : ${values.map((one, i) => `${f.share(now[i])} ${named(one)} ${past(p, f.share(then[i]))}`).join(', ')}`
  },
  client: (c, p) =>
    `${f.share(c.share)} viennent d’un seul client : ${harmless(c.address)}${known(c)}, ${f.number(c.requests)} requêtes ${past(p, c.before === null ? null : f.share(c.before))}`,
  unchanged: (values, { when }) =>
    `${values.map((one) => `${one.field} = ${named(one)}`).join(', ')}, comme ${when === 'before' ? 'avant' : 'après'} : seul le nombre a augmenté`,
  contradicted: ({ measure, median }) =>
    `Ce qui s’y oppose : la moitié des requêtes ont pris fin en ${f.duration(median)} ou moins selon ${measure}, trop tôt pour cette cause`,
  leftOver: () => 'Aucun champ ne le montre ; c’est ce qui reste une fois les autres causes documentées écartées',
  slow({ subject, measure, percentile: at, now, before, rest }, p) {
    const whose =
      subject === null
        ? 'Les réponses auxquelles le serveur d’origine a pris part'
        : subject.dimension === 'colo'
          ? `Les réponses passées par le centre de données ${harmless(subject.value)}`
          : `Les réponses de ${harmless(subject.value)}`
    const others =
      rest === null
        ? ''
        : ` ; toutes les autres ${f.duration(rest.now)} ${past({ ...p, some: true }, f.duration(rest.before))}`
    return `${whose} ont pris ${f.duration(now)} ${percentile(at)} selon ${measure} ${past({ ...p, some: true }, f.duration(before))}${others}`
  },
  slowSummary(s) {
    const finished = f.sameDay(s.start, s.end)
      ? `Le ${f.interval(s.start, s.end)} UTC`
      : `Du ${f.time(s.start)} au ${f.time(s.end)} UTC`
    const when = s.ongoing ? `Depuis le ${f.time(s.start)} UTC` : finished
    const place =
      s.subject?.dimension === 'colo'
        ? ` passées par le centre de données ${harmless(s.subject.value)}`
        : s.subject
          ? ` sur ${harmless(s.subject.value)}`
          : ''
    const why = s.cause === null ? '' : ` : ${afterColon(s.cause.title)} (${f.share(s.cause.confidence)})`
    return `${when}, les réponses${s.address === null ? '' : ` de ${harmless(s.address)}`}${place} ${s.ongoing ? 'prennent' : 'ont pris'} ${timesAsLong(s)} fois plus de temps que d’habitude, ${f.duration(s.now)} au lieu de ${f.duration(s.before)} ${percentile(s.percentile)}${why}. ${f.number(s.answers)} réponse${plural(s.answers)}.`
  },
  oldSummary(s) {
    const finished = f.sameDay(s.start, s.end)
      ? `Le ${f.interval(s.start, s.end)} UTC`
      : `Du ${f.time(s.start)} au ${f.time(s.end)} UTC`
    const when = s.ongoing ? `Depuis le ${f.time(s.start)} UTC` : finished
    const why = s.cause === null ? '' : ` : ${afterColon(s.cause.title)} (${f.share(s.cause.confidence)})`
    const expected =
      s.expected < NONE_EXPECTED ? 'aucune attendue' : `${f.number(s.expected)} attendue${plural(s.expected)}`
    return `${when}, ${f.share(s.share)} des requêtes${s.address === null ? '' : ` sur ${harmless(s.address)}`} ${s.ongoing ? 'reçoivent' : 'ont reçu'} du cache des copies expirées (avant : ${f.share(s.before)})${why}. ${f.number(s.observed)} requête${plural(s.observed)}, ${expected}.`
  },
  lasted({ measure, share, before, min, max }, p) {
    const span =
      min === null
        ? `au plus ${f.duration(max ?? 0)}`
        : max === null
          ? `au moins ${f.duration(min)}`
          : `de ${f.duration(min)} à ${f.duration(max)}`
    return `${f.share(share)} ont duré ${span} selon ${measure} ${past(p, before === null ? null : f.share(before))}`
  },
  statusItself: (status) => `Le statut ${status} lui-même l’indique ; l’export ne porte aucun champ qui en dise plus`,
  slower({ measure, percentile: at, now, before }, p) {
    const times = before >= 1 ? `${f.ratio(now / before)} fois plus lentes` : 'plus lentes'
    return `Les autres réponses du serveur d’origine sont devenues ${times} : ${measure} ${f.duration(now)} ${percentile(at)} ${past({ ...p, some: true }, f.duration(before))}`
  },
  notSlower: ({ measure, percentile: at, now, before }, p) =>
    `Les autres réponses du serveur d’origine n’ont pas ralenti : ${measure} ${f.duration(now)} ${percentile(at)} ${past({ ...p, some: true }, f.duration(before))}`,
  trendUnknown: ({ when }) =>
    `Impossible de dire si les autres réponses ont ralenti : ${when === 'never' ? 'ces journaux n’offrent rien à quoi comparer' : 'trop peu d’entre elles portent une durée (EdgeTimeToFirstByteMs, OriginResponseDurationMs)'}`,
  waited: ({ median, decile, before }, p) =>
    `Les visiteurs ont attendu ${f.duration(median)} en médiane, un sur dix ${f.duration(decile)} ou plus${before === null ? '' : ` ${past({ ...p, some: true }, f.duration(before))}`}`,
  subRequests: ({ status, share, before }, p) =>
    `${f.share(share)} des requêtes du Worker lui-même ont fini en ${status}${before === null ? '' : ` ${past({ ...p, some: true }, f.share(before))}`}`,
  stale: (requests, expected) =>
    `De plus, ${f.number(requests)} requêtes ont reçu du cache une copie périmée au lieu d’une erreur (CacheCacheStatus = stale, ${expected < NONE_EXPECTED ? 'aucune attendue' : `${f.number(expected)} attendue${plural(expected)}`})`,
  also: (status, requests, expected) =>
    `La même lenteur a fait finir ${f.number(requests)} requête${plural(requests)} en ${status} (${expected < NONE_EXPECTED ? 'aucune attendue' : `${f.number(expected)} attendue${plural(expected)}`})`,
  noEvidence: () =>
    'Aucun enregistrement ne plaide pour l’une des causes documentées ; voici leur ordre de plausibilité',
  missing: (fields) =>
    `Il manque à l’export ${fields.join(', ')}, qui ${fields.length > 1 ? 'permettraient' : 'permettrait'} de trancher`,
  after: (minutes, text) =>
    `${minutes < 1 ? 'Au moment de' : `${f.number(minutes)} min après`} « ${harmless(text).slice(0, 120)} »`,
  scope: {
    host: 'hôte',
    path: 'chemin',
    country: 'pays',
    colo: 'centre de données',
    asn: 'réseau',
    userAgent: 'user agent',
    securityRuleId: 'règle de sécurité',
  },
  scopeValue: (dimension, value) =>
    dimension === 'country' ? `${f.country(value)} (${value})` : dimension === 'asn' ? `AS${value}` : harmless(value),
}
