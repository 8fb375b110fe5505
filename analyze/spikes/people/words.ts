/** Who suffers and how much, in words; one object a language. */
import { DAY, HOUR, MINUTE } from '../../../schema/words/duration.js'
import type { Language, Translated } from '../../../schema/words/languages.js'
import { readablePath } from '../../../schema/words/visible.js'
import { agentIn, formatFor, harmless } from '../sentences/format.js'
import { SENTENCES } from '../sentences/languages/index.js'
import type { Recurrence } from './recurrence.js'
import type { Judgement } from './severity.js'
import type { Client, People } from './told.js'

export interface PeopleSentences {
  /** why it is a page, a ticket or a note */
  reason(judgement: Judgement): string
  recurrence(recurrence: Recurrence): string
  /** the headline's end where one client is behind it */
  client(client: Client): string
  pattern(pattern: NonNullable<People['pattern']>): string
  /** one of these as a sentence of its own */
  sentence(text: string): string
}

const capital = (text: string): string => `${text[0].toUpperCase()}${text.slice(1)}.`

const clock = (ms: number): string => {
  const minutes = Math.round(ms / MINUTE)
  return `${String(Math.floor(minutes / 60) % 24).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}
const who = ({ address, asn, userAgent }: Client, network: string): string =>
  [address, asn === null ? '' : `${network}${asn}`, userAgent === null ? '' : `“${agentIn(harmless(userAgent))}”`]
    .filter((part) => part !== '')
    .join(', ')

/** In minutes up to two hours, in hours up to three days. */
const spanIn = (minutes: number, units: { min: string; h: string; days: string }): string =>
  minutes >= 72 * 60
    ? `${Math.round(minutes / 1440)}${units.days}`
    : minutes >= 120
      ? `${Math.round(minutes / 60)}${units.h}`
      : `${Math.max(1, Math.round(minutes))}${units.min}`

type PlaceWords = { readonly [dimension in 'host' | 'country' | 'asn' | 'colo']: (value: string) => string }

/** Whose requests a share is of, each place in words. A path stands with its host, or alone. */
function placesIn(lang: Language, place: Judgement['place'] = [], words: PlaceWords): string[] {
  const valueOf = (dimension: string) => place.find((one) => one.dimension === dimension)?.value
  const path = readablePath(valueOf('path') ?? '')
  return (['host', 'country', 'asn', 'colo'] as const).flatMap((dimension) => {
    const value = valueOf(dimension)
    if (dimension === 'host')
      return value === undefined && path === '' ? [] : [words.host(harmless(`${value ?? ''}${path}`))]
    return value === undefined ? [] : [words[dimension](harmless(SENTENCES[lang].scopeValue(dimension, value)))]
  })
}

const EN_PLACES: PlaceWords = {
  host: (to) => `to ${to}`,
  country: (from) => `from ${from}`,
  asn: (network) => `from ${network}`,
  colo: (through) => `through ${through}`,
}
const FR_PLACES: PlaceWords = {
  host: (to) => `vers ${to}`,
  country: (from) => `du pays ${from}`,
  asn: (network) => `du réseau ${network}`,
  colo: (through) => `passées par ${through}`,
}
const ZH_PLACES: PlaceWords = {
  host: (to) => `发往 ${to}`,
  country: (from) => `来自${from}`,
  asn: (network) => `来自 ${network}`,
  colo: (through) => `经由 ${through}`,
}

const e = formatFor('en')
const lasted = (minutes: number, ongoing: boolean): string => {
  const span = spanIn(minutes, { min: ' min', h: ' h', days: ' days' })
  return ongoing ? `still on for ${span}` : `for ${span}`
}
const ORDINAL = ['', 'first', 'second', 'third', 'fourth', 'fifth']

const en: PeopleSentences = {
  sentence: capital,
  reason({ kind, clients, extra, share, place, address, minutes, ongoing, slow }) {
    const span = lasted(minutes, ongoing)
    if (kind === 'pattern')
      return `${(clients ?? 1) > 1 ? `A job of ${clients} clients` : 'One client’s job'} that fails by the clock; nobody else is affected`
    if (kind === 'client') return `One client, ${e.number(extra)} requests ${span}; other visitors are not affected`
    if (kind === 'victim' && address)
      return `One client that was served before (${harmless(address)}): ${e.share(share)} of its requests fail, ${span}`
    if (kind === 'party') return `One network with one user agent, ${e.number(extra)} requests ${span}`
    if (kind === 'strangers')
      return `${clients === null ? `${e.number(extra)} requests` : `${e.number(clients)} clients`} of a network or with a user agent that hardly asked for anything before, ${span}; usual visitors are not affected`
    if (kind === 'elsewhere')
      return `${e.number(clients ?? extra)} clients asked for this picture and nothing else, ${span}: other sites seem to link it; this site’s own visitors are not affected`
    const where = placesIn('en', place, EN_PLACES)
    const requestsOf = where.length === 0 ? 'all requests' : `the requests ${where.join(' ')}`
    const whom =
      clients === null ? `${e.number(extra)} requests` : `${e.number(clients)} ${clients === 1 ? 'client' : 'clients'}`
    if (kind === 'stale')
      return `${whom} got old copies, ${e.share(share)} of ${requestsOf}, ${span}; what is not cached may fail`
    if (slow)
      return `${whom} wait ${e.duration(slow.now)} instead of ${e.duration(slow.before)}, ${e.share(share)} of all requests, ${span}`
    return `${whom}, ${e.share(share)} of ${requestsOf}, ${span}`
  },
  recurrence: ({ times, last }) => `${ORDINAL[times] ?? `${times}th`} time this week, last ${e.time(last)} UTC`,
  client: (client) => `All from one client: ${who(client, 'network AS')}`,
  pattern({ periodMs, phaseMs, times, requestsEach }) {
    const each = `${e.number(requestsEach)} requests, ${times} times so far`
    if (periodMs === HOUR) return `Every hour at :${clock(phaseMs).slice(3)}, ${each}`
    if (periodMs === DAY) return `Every day at ${clock(phaseMs)} UTC, ${each}`
    return `Every ${periodMs >= 2 * HOUR ? `${e.ratio(periodMs / HOUR)} h` : `${Math.round(periodMs / MINUTE)} min`}, ${each}`
  },
}

const f = formatFor('fr')
const fr: PeopleSentences = {
  sentence: capital,
  reason({ kind, clients, extra, share, place, address, minutes, ongoing, slow }) {
    const span = spanIn(minutes, { min: ' min', h: ' h', days: ' jours' })
    const time = ongoing ? `toujours en cours depuis ${span}` : `pendant ${span}`
    if (kind === 'pattern')
      return `Une tâche ${(clients ?? 1) > 1 ? `de ${clients} clients` : 'd’un seul client'} qui échoue à heure fixe ; personne d’autre n’est touché`
    if (kind === 'client')
      return `Un seul client, ${f.number(extra)} requêtes, ${time} ; les autres visiteurs ne sont pas touchés`
    if (kind === 'victim' && address)
      return `Un client servi auparavant (${harmless(address)}) : ${f.share(share)} de ses requêtes échouent, ${time}`
    if (kind === 'party') return `Un seul réseau avec un seul agent utilisateur, ${f.number(extra)} requêtes, ${time}`
    if (kind === 'strangers')
      return `${clients === null ? `${f.number(extra)} requêtes` : `${f.number(clients)} clients`} d’un réseau ou avec un agent utilisateur presque absents auparavant, ${time} ; les visiteurs habituels ne sont pas touchés`
    if (kind === 'elsewhere')
      return `${f.number(clients ?? extra)} clients n’ont demandé que cette image, ${time} : d’autres sites semblent y renvoyer ; les visiteurs de ce site ne sont pas touchés`
    const where = placesIn('fr', place, FR_PLACES)
    const requestsOf = where.length === 0 ? 'de toutes les requêtes' : `des requêtes ${where.join(', ')}`
    const whom =
      clients === null ? `${f.number(extra)} requêtes` : `${f.number(clients)} ${clients > 1 ? 'clients' : 'client'}`
    if (kind === 'stale')
      return `${whom} servis par d’anciennes copies, ${f.share(share)} ${requestsOf}, ${time} ; ce qui n’est pas en cache peut échouer`
    if (slow)
      return `${whom} en attente : ${f.duration(slow.now)} au lieu de ${f.duration(slow.before)}, ${f.share(share)} de toutes les requêtes, ${time}`
    return `${whom}, ${f.share(share)} ${requestsOf}, ${time}`
  },
  recurrence: ({ times, last }) => `${times}ᵉ fois cette semaine, la dernière le ${f.time(last)} UTC`,
  client: (client) => `Tout vient d’un seul client : ${who(client, 'réseau AS')}`,
  pattern({ periodMs, phaseMs, times, requestsEach }) {
    const each = `${f.number(requestsEach)} requêtes, ${times} fois jusqu’ici`
    if (periodMs === HOUR) return `Chaque heure à la minute ${clock(phaseMs).slice(3)}, ${each}`
    if (periodMs === DAY) return `Chaque jour à ${clock(phaseMs)} UTC, ${each}`
    return `Toutes les ${periodMs >= 2 * HOUR ? `${f.ratio(periodMs / HOUR)} h` : `${Math.round(periodMs / MINUTE)} min`}, ${each}`
  },
}

const z = formatFor('zh', { ms: '毫秒', s: '秒', dayToClock: ' ' })
const zh: PeopleSentences = {
  sentence: (text) => `${text}。`,
  reason({ kind, clients, extra, share, place, address, minutes, ongoing, slow }) {
    const span = spanIn(minutes, { min: ' 分钟', h: ' 小时', days: ' 天' })
    const time = ongoing ? `已持续 ${span}，仍在继续` : `持续 ${span}`
    if (kind === 'pattern')
      return `${(clients ?? 1) > 1 ? `${clients} 个客户端的同一任务` : '同一个客户端的任务'}按时失败，其他人不受影响`
    if (kind === 'client') return `单个客户端，${z.number(extra)} 个请求，${time}；其他访客不受影响`
    if (kind === 'victim' && address)
      return `一个此前正常的客户端（${harmless(address)}）：其请求的 ${z.share(share)} 失败，${time}`
    if (kind === 'party') return `同一网络、同一用户代理，${z.number(extra)} 个请求，${time}`
    if (kind === 'strangers')
      return `${clients === null ? `${z.number(extra)} 个请求` : `${z.number(clients)} 个客户端`}，所属网络或用户代理此前几乎没有出现过，${time}；平时的访客不受影响`
    if (kind === 'elsewhere')
      return `${z.number(clients ?? extra)} 个客户端只请求了这张图片，${time}；可能是其他网站引用了它，本站访客不受影响`
    const where = placesIn('zh', place, ZH_PLACES)
    const requestsOf = where.length === 0 ? '全部请求' : `${where.join('、').replace(/[\w/*]$/, '$& ')}的请求`
    const whom = clients === null ? `${z.number(extra)} 个请求` : `${z.number(clients)} 个客户端`
    if (kind === 'stale') return `${whom}得到旧副本，占${requestsOf}的 ${z.share(share)}，${time}；未缓存的内容可能失败`
    if (slow)
      return `${whom}需等待 ${z.duration(slow.now)}（平时 ${z.duration(slow.before)}），占全部请求的 ${z.share(share)}，${time}`
    return `${whom}，占${requestsOf}的 ${z.share(share)}，${time}`
  },
  recurrence: ({ times, last }) => `本周第 ${times} 次，上次为 ${z.time(last)} UTC`,
  client: (client) => `全部来自同一个客户端：${who(client, '网络 AS')}`,
  pattern({ periodMs, phaseMs, times, requestsEach }) {
    const each = `每次 ${z.number(requestsEach)} 个请求，至今 ${times} 次`
    if (periodMs === HOUR) return `每小时第 ${clock(phaseMs).slice(3)} 分，${each}`
    if (periodMs === DAY) return `每天 ${clock(phaseMs)} UTC，${each}`
    return `每 ${periodMs >= 2 * HOUR ? `${z.ratio(periodMs / HOUR)} 小时` : `${Math.round(periodMs / MINUTE)} 分钟`}，${each}`
  },
}

export const PEOPLE_SENTENCES: Translated<PeopleSentences> = { en, fr, zh }
