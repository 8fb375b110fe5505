/** What a report says around its figures. */
import type { LeftOut } from '../../schema/api/batches.js'
import type { Translated } from '../../schema/words/languages.js'

export interface ReportWords {
  colon: string
  title: string
  /** `inputs`: what was read; '' where that is not known */
  made: (at: string, inputs: string) => string
  nothing: string
  calm: string
  /** behind the sentence on the first */
  more: (n: number) => string
  requests: string
  errors: string
  clients: string
  speed: (percentile: string) => string
  unknown: string
  overTime: string
  errorsByClass: string
  errorsBySource: string
  byClass: string
  bySource: string
  spikes: string
  noSpikes: string
  expected: (n: string) => string
  severity: { [severity in 'page' | 'ticket' | 'note']: string }
  check: string
  otherCauses: string
  changed: string
  value: string
  during: string
  before: string
  whereErrors: string
  whereAll: string
  share: string
  other: string
  none: string
  latency: string
  host: string
  read: string
  lines: string
  stored: string
  duplicates: string
  rejected: string
  missing: string
  missingNone: string
  rejections: string
  line: string
  reason: string
  sample: string
  leftOut: string
  refused: string
  via: string
  weighted: string
  phantoms: (n: string) => string
  stale: (n: string) => string
  why: { [why in LeftOut['why']]: string }
}

const plural = (n: number, one: string, more: string) => (n === 1 ? one : more)

export const WORDS: Translated<ReportWords> = {
  en: {
    colon: ': ',
    title: 'Edge logs',
    made: (at, inputs) => `Made by Faultline on ${at} UTC${inputs === '' ? '' : ` from ${inputs}`}.`,
    nothing: 'There is no record in these logs.',
    calm: 'Nothing unusual was found.',
    more: (n) => `${n} more ${plural(n, 'thing stands', 'things stand')} out.`,
    requests: 'Requests',
    errors: 'Errors',
    clients: 'Clients',
    speed: (percentile) => `Time to first byte, ${percentile}`,
    unknown: 'not in the export',
    overTime: 'Over time, UTC',
    errorsByClass: 'Errors by status class',
    errorsBySource: 'Who answered with errors',
    byClass: 'Requests by status class',
    bySource: 'Who answered',
    spikes: 'What stands out',
    noSpikes: 'Nothing stands out from what is usual.',
    expected: (n) => `${n} expected`,
    severity: { page: 'page', ticket: 'ticket', note: 'note' },
    check: 'Check first',
    otherCauses: 'Other documented causes',
    changed: 'What changed',
    value: 'Value',
    during: 'during',
    before: 'before',
    whereErrors: 'Errors: where and whose',
    whereAll: 'All requests',
    share: 'Share',
    other: 'Others',
    none: 'none',
    latency: 'Time to first byte by host, ms',
    host: 'Host',
    read: 'What was read',
    lines: 'Lines',
    stored: 'Records',
    duplicates: 'Duplicates',
    rejected: 'Rejected lines',
    missing: 'What the export lacks',
    missingNone: 'Nothing that an answer needs.',
    rejections: 'Rejected lines, the first',
    line: 'Line',
    reason: 'Reason',
    sample: 'Beginning',
    leftOut: 'Left out',
    refused: 'Refused',
    via: 'Read through',
    weighted: 'Records say themselves how many requests they stand for, and count so.',
    phantoms: (n) =>
      `${n} records are left out of the figures because no visitor saw them (sub-requests and the like).`,
    stale: (n) => `${n} answers came from a stale cache: an origin may be failing behind them.`,
    why: {
      'no-log': 'no log',
      'csv-without-header': 'CSV without a header',
      'ownership-challenge': 'proof of ownership',
      'other-dataset': 'another dataset',
      'packed': 'packed in a way that is not read',
    },
  },
  fr: {
    colon: '\u202f: ',
    title: 'Journaux de la périphérie',
    made: (at, inputs) => `Établi par Faultline le ${at} UTC${inputs === '' ? '' : ` à partir de ${inputs}`}.`,
    nothing: 'Ces journaux ne contiennent aucun enregistrement.',
    calm: 'Rien d’inhabituel.',
    more: (n) =>
      n === 1 ? 'Un autre événement sort de l’ordinaire.' : `${n} autres événements sortent de l’ordinaire.`,
    requests: 'Requêtes',
    errors: 'Erreurs',
    clients: 'Clients',
    speed: (percentile) => `Délai du premier octet, ${percentile}`,
    unknown: 'absent de l’export',
    overTime: 'Au fil du temps, UTC',
    errorsByClass: 'Erreurs par classe de statut',
    errorsBySource: 'Qui a répondu par des erreurs',
    byClass: 'Requêtes par classe de statut',
    bySource: 'Qui a répondu',
    spikes: 'Ce qui sort de l’ordinaire',
    noSpikes: 'Rien ne sort de l’ordinaire.',
    expected: (n) => `${n} attendues`,
    severity: { page: 'alerte', ticket: 'ticket', note: 'note' },
    check: 'À vérifier d’abord',
    otherCauses: 'Autres causes documentées',
    changed: 'Ce qui a changé',
    value: 'Valeur',
    during: 'pendant',
    before: 'avant',
    whereErrors: 'Erreurs\u202f: où et chez qui',
    whereAll: 'Toutes les requêtes',
    share: 'Part',
    other: 'Autres',
    none: 'aucun',
    latency: 'Délai du premier octet par hôte, ms',
    host: 'Hôte',
    read: 'Ce qui a été lu',
    lines: 'Lignes',
    stored: 'Enregistrements',
    duplicates: 'Doublons',
    rejected: 'Lignes rejetées',
    missing: 'Ce qui manque à l’export',
    missingNone: 'Rien de ce qu’il faut pour répondre.',
    rejections: 'Premières lignes rejetées',
    line: 'Ligne',
    reason: 'Raison',
    sample: 'Début',
    leftOut: 'Laissé de côté',
    refused: 'Refusé',
    via: 'Lu à travers',
    weighted: 'Les enregistrements disent eux-mêmes combien de requêtes ils représentent, et comptent ainsi.',
    phantoms: (n) =>
      `${n} enregistrements sont laissés de côté, car aucun visiteur ne les a vus (sous-requêtes, par exemple).`,
    stale: (n) => `${n} réponses viennent d’un cache périmé\u202f: une origine est peut-être en panne derrière elles.`,
    why: {
      'no-log': 'pas un journal',
      'csv-without-header': 'CSV sans en-tête',
      'ownership-challenge': 'preuve de propriété',
      'other-dataset': 'autre jeu de données',
      'packed': 'compressé d’une façon qui n’est pas lue',
    },
  },
  zh: {
    colon: '：',
    title: '边缘日志报告',
    made: (at, inputs) => `由 Faultline 于 ${at} UTC 生成${inputs === '' ? '' : `，来源：${inputs}`}。`,
    nothing: '这些日志中没有任何记录。',
    calm: '没有发现异常。',
    more: (n) => `另有 ${n} 处异常。`,
    requests: '请求数',
    errors: '错误数',
    clients: '客户端数',
    speed: (percentile) => `首字节时间 ${percentile}`,
    unknown: '导出中没有',
    overTime: '随时间变化（UTC）',
    errorsByClass: '按类别统计的错误',
    errorsBySource: '错误由谁应答',
    byClass: '按类别统计的请求',
    bySource: '由谁应答',
    spikes: '异常之处',
    noSpikes: '没有偏离平时的情况。',
    expected: (n) => `预期 ${n}`,
    severity: { page: '告警', ticket: '工单', note: '提示' },
    check: '首先检查',
    otherCauses: '其他文档所列原因',
    changed: '发生的变化',
    value: '值',
    during: '期间',
    before: '此前',
    whereErrors: '错误的位置与来源',
    whereAll: '全部请求',
    share: '占比',
    other: '其他',
    none: '无',
    latency: '各主机首字节时间（毫秒）',
    host: '主机',
    read: '读取情况',
    lines: '行数',
    stored: '记录',
    duplicates: '重复',
    rejected: '拒绝的行',
    missing: '导出中缺少的字段',
    missingNone: '回答问题所需的字段都在。',
    rejections: '最先被拒绝的行',
    line: '行',
    reason: '原因',
    sample: '开头',
    leftOut: '未读取',
    refused: '无法读取',
    via: '读取途径',
    weighted: '记录自带其所代表的请求数，并据此计数。',
    phantoms: (n) => `${n} 条记录没有访客看到（子请求等），未计入以上数字。`,
    stale: (n) => `${n} 个应答来自过期缓存：其背后的源站可能有故障。`,
    why: {
      'no-log': '不是日志',
      'csv-without-header': '没有表头的 CSV',
      'ownership-challenge': '所有权验证文件',
      'other-dataset': '其他数据集',
      'packed': '压缩方式不支持',
    },
  },
}
