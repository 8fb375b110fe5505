import type { Source } from '../../../../schema/words/sources.js'
import {
  agentIn,
  formatFor,
  FALLEN_TIMES,
  FEW_TIMES,
  harmless,
  MOST_TIMES,
  NONE_EXPECTED,
  partsOf,
  pastWith,
  SLIGHT_TIMES,
} from '../format.js'
import type { CarriedValue, ClientFigures, Place, SpikeFigures, SpikeSentences } from '../say.js'

const f = formatFor('zh', { ms: '毫秒', s: '秒', dayToClock: ' ' })
const past = pastWith({
  before: '此前',
  after: '此后',
  noneBefore: '此前没有此类请求',
  noneAfter: '此后没有此类请求',
  never: '日志中没有可比较的时段',
  colon: ' ',
  open: '（',
  close: '）',
})

/** In brackets after the status. */
const BY: { [source in Source]: string } = {
  'client': '客户端提前断开',
  'edge': '由边缘返回',
  'origin-failure': '源站故障，由边缘返回',
  'cache': '由缓存返回',
  'worker': '由 Worker 返回',
  'origin': '由源站返回',
  'undetermined': '导出中看不出由谁返回',
}

function what({ status, classes, source, codes }: SpikeFigures): { name: string; by: string } {
  if (classes.join() === '499') return { name: '499', by: '（客户端在响应前断开）' }
  if (status !== null) return { name: String(status), by: source === null ? '' : `（${BY[source]}）` }
  const named = codes.map((code) => `${code.status} 占 ${f.share(code.share)}`).join('、')
  return { name: `${classes.join('、')} 响应`, by: named === '' ? '' : `（${named}）` }
}

/** The place comes first, then what is usual there, then what happened: as one tells it in Chinese. */
function event(s: SpikeFigures): string {
  const { observed, expected, ongoing, start, end, ofAll } = s
  const { name, by } = what(s)
  const place = where(s.place)
  const when = ongoing ? `自 ${f.time(start)} UTC 起` : `${f.interval(start, end)} UTC`
  const spaced = place === '' || place.endsWith('）') ? place : `${place} `
  if (ofAll !== null)
    return `${when}，${place === '' ? '' : `${spaced}的 `}${name}${by === '' ? ' ' : by}占请求的 ${f.share(ofAll)}`
  if (expected < NONE_EXPECTED) return `${spaced}平时没有 ${name}，${when}${ongoing ? '持续' : ' '}出现${by}`
  const times = observed / expected
  const level =
    times > MOST_TIMES
      ? `突增至平时的 ${MOST_TIMES} 倍以上`
      : times < FALLEN_TIMES
        ? '低于平时'
        : times <= 1
          ? '与平时持平'
          : times < SLIGHT_TIMES
            ? '略高于平时'
            : `${times < FEW_TIMES ? '升至' : '突增至'}平时的 ${f.ratio(times)} 倍`
  return `${when}，${place === '' ? '' : `${spaced}的 `}${name}${by === '' ? ' ' : by}${level}`
}

function where({ address, country, asn, colo, userAgent, client }: Place): string {
  const who = [
    client === null ? '' : `单个客户端 ${harmless(client)}`,
    country === null ? '' : f.country(country),
    asn === null ? '' : `网络 AS${asn}`,
    colo === null || country !== null ? '' : `数据中心 ${colo}`,
    userAgent === null ? '' : `用户代理 “${agentIn(harmless(userAgent))}”`,
  ].filter((part) => part !== '')
  if (address === null) return who.join('、')
  return `${harmless(address)}${who.length === 0 ? '' : `（${who.join('、')}）`}`
}

/** What is known of a client besides its address. */
function known({ asn, country, userAgent }: ClientFigures): string {
  const parts = [
    asn === null ? '' : `网络 AS${asn}`,
    country === null ? '' : f.country(country),
    userAgent === null ? '' : `“${agentIn(harmless(userAgent))}”`,
  ].filter((part) => part !== '')
  return parts.length === 0 ? '' : `（${parts.join('，')}）`
}

const percentile = (p: number) => (p === 0.5 ? '中位数' : `第 ${Math.round(p * 100)} 百分位`)

/** A value, and what a security rule is called. */
const named = ({ value, description }: Pick<CarriedValue, 'value' | 'description'>) =>
  harmless(description === null ? value : `“${description}”（${value}）`)

/** How many times as long answers take; beyond some it says only that they took next to nothing before. */
const timesAsLong = ({ now, before }: { now: number; before: number }): string =>
  now > MOST_TIMES * Math.max(1, before) ? `${MOST_TIMES} 多倍` : `${f.ratio(now / Math.max(1, before))} 倍`

export const zh: SpikeSentences = {
  summary(s) {
    const why = s.cause === null ? '' : `：${s.cause.title}（${f.share(s.cause.confidence)}）`
    const expected = s.expected < NONE_EXPECTED ? 0 : s.expected
    const usual = s.ofAll === null ? `预期 ${f.number(expected)} 个` : '日志中没有可比较的时段'
    return `${event(s)}${why}。共 ${f.number(s.observed)} 个请求，${usual}。`
  },
  carries(field, values, p) {
    const [first] = values
    if (values.length === 1)
      return `${f.share(first.share)} 的记录带有 ${field} = ${named(first)}${past(p, first.before === null ? null : f.share(first.before))}`
    const [now, then] = [partsOf(values.map((one) => one.share)), partsOf(values.map((one) => one.before ?? 0))]
    if (first.before === null || !p.some)
      return `${field}：${values.map((one, i) => `${named(one)} 占 ${f.share(now[i])}`).join('、')}${past(p, null)}`
    return `${field}：${values.map((one, i) => `${named(one)} 占 ${f.share(now[i])}${past(p, f.share(then[i]))}`).join('、')}`
  },
  client: (c, p) =>
    `${f.share(c.share)} 的请求来自同一个客户端：${harmless(c.address)}${known(c)}，共 ${f.number(c.requests)} 次${past(p, c.before === null ? null : f.share(c.before))}`,
  unchanged: (values, { when }) =>
    `${values.map((one) => `${one.field} = ${named(one)}`).join('、')}，与${when === 'before' ? '此前' : '此后'}相同，只是数量增加`,
  contradicted: ({ measure, median }) =>
    `与此相反的迹象：按 ${measure} 计，半数请求在 ${f.duration(median)}内就已结束，不像是该原因`,
  leftOver: () => '没有字段能直接证明，这是排除其他文档所列原因后剩下的可能',
  slow({ subject, measure, percentile: at, now, before, rest }, p) {
    const whose =
      subject === null
        ? '源站参与的响应'
        : subject.dimension === 'colo'
          ? `经由数据中心 ${harmless(subject.value)} 的响应`
          : `${harmless(subject.value)} 的响应`
    const others =
      rest === null ? '' : `，其余响应为 ${f.duration(rest.now)}${past({ ...p, some: true }, f.duration(rest.before))}`
    return `${whose}耗时 ${f.duration(now)}（${measure}，${percentile(at)}）${past({ ...p, some: true }, f.duration(before))}${others}`
  },
  slowSummary(s) {
    const when = s.ongoing ? `自 ${f.time(s.start)} UTC 起` : `${f.interval(s.start, s.end)} UTC`
    const place =
      s.subject?.dimension === 'colo'
        ? `经由数据中心 ${harmless(s.subject.value)} 的`
        : s.subject
          ? `${harmless(s.subject.value)} 的`
          : ''
    const why = s.cause === null ? '' : `：${s.cause.title}（${f.share(s.cause.confidence)}）`
    return `${when}，${s.address === null ? '' : `${harmless(s.address)} `}${place}响应耗时为平时的 ${timesAsLong(s)}，${percentile(s.percentile)}为 ${f.duration(s.now)}，平时为 ${f.duration(s.before)}${why}。响应 ${f.number(s.answers)} 次。`
  },
  oldSummary(s) {
    const when = s.ongoing ? `自 ${f.time(s.start)} UTC 起` : `${f.interval(s.start, s.end)} UTC`
    const why = s.cause === null ? '' : `：${s.cause.title}（${f.share(s.cause.confidence)}）`
    const expected = s.expected < NONE_EXPECTED ? 0 : s.expected
    return `${when}，${s.address === null ? '' : `${harmless(s.address)} 上`}${f.share(s.share)} 的请求得到缓存中已过期的副本（此前 ${f.share(s.before)}）${why}。共 ${f.number(s.observed)} 个请求，预期 ${f.number(expected)} 个。`
  },
  lasted({ measure, share, before, min, max }, p) {
    const span =
      min === null
        ? `不超过 ${f.duration(max ?? 0)}`
        : max === null
          ? `至少 ${f.duration(min)}`
          : `${f.duration(min)} 至 ${f.duration(max)}`
    return `${f.share(share)} 的请求历时 ${span}，按 ${measure} 计${past(p, before === null ? null : f.share(before))}`
  },
  statusItself: (status) => `状态码 ${status} 本身即指向该原因，导出中没有能说明更多的字段`,
  slower({ measure, percentile: at, now, before }, p) {
    const times = before >= 1 ? `，耗时为 ${f.ratio(now / before)} 倍` : ''
    return `源站的其他响应变慢${times}：${measure} ${percentile(at)} ${f.duration(now)}${past({ ...p, some: true }, f.duration(before))}`
  },
  notSlower: ({ measure, percentile: at, now, before }, p) =>
    `源站的其他响应并未变慢：${measure} ${percentile(at)} ${f.duration(now)}${past({ ...p, some: true }, f.duration(before))}`,
  trendUnknown: ({ when }) =>
    `无法判断其他响应是否变慢：${when === 'never' ? '日志中没有可比较的时段' : '带有耗时字段的响应太少（EdgeTimeToFirstByteMs、OriginResponseDurationMs）'}`,
  waited: ({ median, decile, before }, p) =>
    `访客等待时间的中位数为 ${f.duration(median)}，十分之一的访客等待 ${f.duration(decile)}或更久${before === null ? '' : past({ ...p, some: true }, f.duration(before))}`,
  subRequests: ({ status, share, before }, p) =>
    `Worker 自身发出的请求中有 ${f.share(share)} 以 ${status} 结束${before === null ? '' : past({ ...p, some: true }, f.share(before))}`,
  stale: (requests, expected) =>
    `此外，有 ${f.number(requests)} 次请求从缓存得到旧副本而不是错误（CacheCacheStatus = stale，预期 ${expected < NONE_EXPECTED ? 0 : f.number(expected)} 次）`,
  also: (status, requests, expected) =>
    `同样因响应变慢，另有 ${f.number(requests)} 个请求以 ${status} 结束（预期 ${expected < NONE_EXPECTED ? 0 : f.number(expected)} 个）`,
  noEvidence: () => '没有记录指向任何一个文档所列的原因，以下按可能性排序',
  missing: (fields) => `导出中缺少 ${fields.join('、')}，有了${fields.length > 1 ? '它们' : '它'}才能判断`,
  after: (minutes, text) =>
    minutes < 1
      ? `与“${harmless(text).slice(0, 120)}”同时发生`
      : `发生在“${harmless(text).slice(0, 120)}”之后 ${f.number(minutes)} 分钟`,
  scope: {
    host: '主机',
    path: '路径',
    country: '国家/地区',
    colo: '数据中心',
    asn: '网络',
    userAgent: '用户代理',
    securityRuleId: '安全规则',
  },
  scopeValue: (dimension, value) =>
    dimension === 'country' ? `${f.country(value)}（${value}）` : dimension === 'asn' ? `AS${value}` : harmless(value),
}
