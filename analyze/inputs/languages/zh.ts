import { REJECTION_NAMES } from '../../../schema/words/rejections.js'
import { formatFor } from '../../spikes/sentences/format.js'
import { FEW, type AdviceFacts, type AdviceTexts } from './texts.js'
import { spansFor } from './spans.js'

const f = formatFor('zh', { ms: 'ms', s: 's', dayToClock: ' ' })
const span = spansFor('zh')

const gapsIn = (gaps: AdviceFacts['gaps']) =>
  gaps
    .slice(0, 3)
    .map(({ from, to }) => f.interval(from, to))
    .join('；')

export const zh: AdviceTexts = {
  failing: ({ since, until, problem }) => ({
    symptom: `自 ${f.time(since)} UTC 起一直失败。`,
    cause: problem,
    todo: `请按提示排除问题。系统会自动重试${until === null ? '' : `（下次：${f.time(until)} UTC）`}，并从中断处继续。`,
  }),
  silent: ({ silentSince, everyMs, sender }) => ({
    symptom: `${f.time(silentSince)} UTC 之后发生的请求，没有收到任何日志${everyMs === null ? '' : `；平时每 ${span(everyMs)}收到一批`}。`,
    cause:
      sender === 'logpush'
        ? '作业被停用或推送失败、本地址无法从外部访问，或目标地址中的令牌已失效。'
        : sender === 'folder'
          ? '不再有程序写入此文件夹，或文件改写到了别处、改用了非日志文件名。'
          : '提供这些日志的一方已停止，或没有更多内容。',
    todo:
      sender === 'logpush'
        ? '请查看作业的 last_error 以及是否启用（可用 faultline logpush-job --check），再确认本地址能从外部访问。Logpush 放弃的批次不会重发。'
        : sender === 'folder'
          ? '请查看最新的文件是否仍在增长，以及日志轮转的设置。'
          : '请检查提供日志的一方。',
  }),
  gaps: ({ gaps, sender }) => ({
    symptom: `有 ${f.number(gaps.length)} 段时间缺少日志：${gapsIn(gaps)}${gaps.length > 3 ? '……' : ''}（UTC）。`,
    cause:
      sender === 'logpush'
        ? '当时作业已停用或无法送达。Logpush 放弃的批次不会重发。'
        : '当时写下的内容没有送到这里，或者当时没有写入。',
    todo:
      sender === 'logpush'
        ? '如果 Cloudflare 为该区域保留了日志（Logpull 保留，最多 7 天），或存储桶中有日志，请从那里补录这些时段；已有的记录不会重复计数。'
        : '请补录这些时段的文件（faultline ingest）；已有的记录不会重复计数。',
  }),
  late: ({ lagP95 }) => ({
    symptom: `每二十条记录中有一条在请求发生 ${span(lagP95)}之后才入库。`,
    cause: '发送方积攒很久才发送、中断后补发旧日志，或本机处理速度跟不上日志到达的速度。',
    todo: '请将作业的 max_upload_interval_seconds 设为 30。如果本机处理器一直繁忙，请减少导出字段或换用更强的机器。告警也会因此推迟。',
  }),
  clock: ({ aheadMs }) => ({
    symptom: `有记录的时间比现在超前最多 ${span(aheadMs)}。`,
    cause: '本机时钟偏慢，或日志的时间被写入方改动过。',
    todo: '请用 NTP 校准时钟，并查看最新记录的时间。',
  }),
  retries: ({ retries, batches }) => ({
    symptom: `${f.number(batches)} 批中有 ${f.number(retries)} 批没有新内容：属于重发。`,
    cause: '发送方没有及时收到应答：中间的代理在入库完成前就放弃等待，或连接中断。',
    todo: '请让本服务前面的代理至少等待 5 分钟，并允许任意长度的请求体。重发不会重复计数。',
  }),
  duplicates: ({ duplicates, duplicateShare }) => ({
    symptom: `${f.number(duplicates)} 条记录（占行数的 ${f.share(duplicateShare)}）此前已入库。`,
    cause: '两个作业导出同一区域，或同一批文件经两条途径送入。',
    todo: '不会重复计数，但传输会付两次费：请停用其中一个。',
  }),
  rejected: ({ rejected, rejectedShare, reasons }) => ({
    symptom: `${f.number(rejected)} 行（${f.share(rejectedShare)}）无法成为记录：${reasons.map((reason) => REJECTION_NAMES[reason].zh).join('、')}。`,
    cause: reasons.includes('other-dataset')
      ? '另一个数据集的作业也发送到了同一地址。'
      : '作业缺少构成记录所必需的字段，或日志行在到达之前被改动。',
    todo: reasons.includes('other-dataset')
      ? '这里只读取 http_requests 数据集：请将另一个作业改发到别处。'
      : '批次报告会列出这些行、原因以及处理办法。',
  }),
  interrupted: ({ interrupted, batches }) => ({
    symptom: `${f.number(batches)} 批中有 ${f.number(interrupted)} 批没有传完。`,
    cause: '发送方或代理断开了连接，或数据被截断。',
    todo: '完整的部分已入库。Logpush 会重发这样的批次；文件请重新送入一次。',
  }),
  fields: ({ fields }) => ({
    symptom: `导出缺少 ${fields.length > FEW ? `${fields.length} 个字段：${fields.slice(0, FEW).join('、')}……` : `${fields.join('、')}。`}`,
    cause: '作业的字段列表中没有这些字段。',
    todo: '请将它们加入作业：faultline logpush-job 会给出字段列表和费用。修改需 10 到 15 分钟生效。',
  }),
}
