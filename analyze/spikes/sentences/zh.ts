import type { Source } from '../../../schema/record.js'
import { formatFor } from './format.js'
import type { SpikeFigures, SpikeSentences } from './sentences.js'

const f = formatFor('zh-CN')

const BY: { [source in Source]: string } = {
  client: '客户端提前断开的 ',
  edge: '边缘产生的 ',
  'origin-failure': '因源站故障由边缘写出的 ',
  cache: '缓存返回的 ',
  worker: 'Worker 产生的 ',
  origin: '源站返回的 ',
  undetermined: '来源无法判定的 ',
}

function what({ status, statusClass, source }: SpikeFigures): string {
  if (status === null) return statusClass === '499' ? '客户端提前断开（499）' : `多种状态码的 ${statusClass} 响应`
  if (status === 499) return '499（客户端在响应前断开）'
  return `${source === null ? '' : BY[source]}${status}`
}

export const zh: SpikeSentences = {
  summary(s) {
    const level = s.expected >= 0.5 ? `达到平时的 ${f.times(s.observed / s.expected)}` : '在平时没有的地方出现'
    const when = s.ongoing ? `自 ${f.time(s.start)} UTC 起` : `${f.interval(s.start, s.end)} UTC`
    const where = s.place === null ? '' : `，位于 ${s.place}`
    const why = s.cause === null ? '' : `：${s.cause.title}（${f.share(s.cause.confidence)}）`
    return `${when}，${what(s)} ${level}${where}${why}。请求 ${f.number(s.observed)} 次，预期 ${f.number(s.expected)} 次，得分 ${f.number(s.score)}。`
  },
  carries: (share, field, value, before) => `${f.share(share)} 带有 ${field} = ${value}（此前 ${f.share(before)}）`,
  fits: (share, before) => `${f.share(share)} 的记录符合该原因留下的特征（此前 ${f.share(before)}）`,
  slower: (measure, now, before, ratio) => `同一主机的其他响应变慢为 ${f.times(ratio)}：${measure} ${f.ms(now)}（此前 ${f.ms(before)}）`,
  notSlower: (measure, now, before) => `同一主机的其他响应并未变慢：${measure} ${f.ms(now)}（此前 ${f.ms(before)}）`,
  trendUnknown: () => '无法判断其他响应是否变慢：导出中的耗时字段太少（EdgeTimeToFirstByteMs、OriginResponseDurationMs）',
  noEvidence: () => '没有记录指向任何一个文档所列的原因，以下按可能性排序',
  missing: (fields) => `导出中缺少 ${fields.join('、')}，有了它才能判断`,
  subRequests: (share, status, before) => `Worker 发往源站的请求中有 ${f.share(share)} 以 ${status} 结束（此前 ${f.share(before)}）`,
}
