/** What a frozen incident's page says besides what was frozen. */
import type { Language } from '../../schema/words/languages.js'
import type { TimelineKind } from '../../schema/api/timeline.js'

export interface IncidentWords {
  locale: string
  colon: string
  frozen: (at: string, author: string | null) => string
  selection: string
  requests: string
  ofAll: string
  clients: string
  unknown: string
  overTime: string
  chosen: string
  everybody: string
  causes: string
  check: string
  changed: string
  before: string
  during: string
  who: string
  value: string
  share: string
  other: string
  alerts: string
  acknowledged: (by: string, at: string) => string
  notAcknowledged: string
  firing: string
  annotations: string
  records: string
  time: string
  none: string
  calm: string
  timeline: string
  events: { [K in TimelineKind]: (text: string, who: string) => string }
  dimensions: { [dimension: string]: string }
}

export const WORDS: { [L in Language]: IncidentWords } = {
  en: {
    locale: 'en-GB',
    colon: ': ',
    frozen: (at, author) => `Frozen ${at} UTC${author === null ? '' : ` by ${author}`}; it does not change any more.`,
    selection: 'What it is about',
    requests: 'Requests',
    ofAll: 'of all requests',
    clients: 'Clients',
    unknown: 'not in the export',
    overTime: 'Over time, UTC',
    chosen: 'These requests, by status',
    everybody: 'All requests, by class',
    causes: 'Documented causes and evidence',
    check: 'Check first',
    changed: 'What changed',
    before: 'before',
    during: 'during',
    who: 'Where and whose',
    value: 'Value',
    share: 'Share',
    other: 'Others',
    alerts: 'Alerts',
    acknowledged: (by, at) => `acknowledged by ${by}, ${at}`,
    notAcknowledged: 'not acknowledged',
    firing: 'still firing',
    annotations: 'Annotations',
    records: 'First records',
    time: 'Time',
    none: 'None',
    calm: 'No errors in this window.',
    timeline: 'Timeline',
    events: {
      written: (text, who) => (who === '' ? text : `${text} (${who})`),
      began: () => 'The incident begins',
      first: () => 'First of the records shown',
      detected: () => 'Detected',
      fired: (text) => `Alert: ${text}`,
      told: (text, who) => `${who} was told: ${text}`,
      acknowledged: (text, who) => `${who} took it on: ${text}`,
      resolved: (text) => `Resolved: ${text}`,
      ended: () => 'The incident ends',
      frozen: (_, who) => (who === '' ? 'Frozen' : `Frozen by ${who}`),
    },
    dimensions: {
      status: 'Status',
      source: 'Who answered',
      host: 'Host',
      path: 'Path',
      country: 'Country',
      colo: 'Data centre',
      asn: 'Network',
      userAgent: 'User agent',
      clientIp: 'Client',
      method: 'Method',
      cacheStatus: 'Cache',
      originIp: 'Origin server',
      securityRuleId: 'Security rule',
      class: 'Class',
    },
  },
  fr: {
    locale: 'fr',
    colon: '\u202f: ',
    frozen: (at, author) => `Figé le ${at} UTC${author === null ? '' : ` par ${author}`}\u202f; il ne change plus.`,
    selection: 'De quoi il s’agit',
    requests: 'Requêtes',
    ofAll: 'de toutes les requêtes',
    clients: 'Clients',
    unknown: 'absent de l’export',
    overTime: 'Au fil du temps, UTC',
    chosen: 'Ces requêtes, par statut',
    everybody: 'Toutes les requêtes, par classe',
    causes: 'Causes documentées et indices',
    check: 'À vérifier d’abord',
    changed: 'Ce qui a changé',
    before: 'avant',
    during: 'pendant',
    who: 'Où et chez qui',
    value: 'Valeur',
    share: 'Part',
    other: 'Autres',
    alerts: 'Alertes',
    acknowledged: (by, at) => `prise en charge par ${by}, ${at}`,
    notAcknowledged: 'non prise en charge',
    firing: 'toujours active',
    annotations: 'Annotations',
    records: 'Premiers enregistrements',
    time: 'Heure',
    none: 'Aucune',
    calm: 'Aucune erreur dans cette période.',
    timeline: 'Chronologie',
    events: {
      written: (text, who) => (who === '' ? text : `${text} (${who})`),
      began: () => 'Début de l’incident',
      first: () => 'Premier des enregistrements montrés',
      detected: () => 'Détecté',
      fired: (text) => `Alerte\u202f: ${text}`,
      told: (text, who) => `${who} prévenu\u202f: ${text}`,
      acknowledged: (text, who) => `Pris en charge par ${who}\u202f: ${text}`,
      resolved: (text) => `Résolue\u202f: ${text}`,
      ended: () => 'Fin de l’incident',
      frozen: (_, who) => (who === '' ? 'Figé' : `Figé par ${who}`),
    },
    dimensions: {
      status: 'Statut',
      source: 'Qui a répondu',
      host: 'Hôte',
      path: 'Chemin',
      country: 'Pays',
      colo: 'Centre de données',
      asn: 'Réseau',
      userAgent: 'User agent',
      clientIp: 'Client',
      method: 'Méthode',
      cacheStatus: 'Cache',
      originIp: 'Serveur d’origine',
      securityRuleId: 'Règle de sécurité',
      class: 'Classe',
    },
  },
  zh: {
    locale: 'zh-CN',
    colon: '：',
    frozen: (at, author) => `${author === null ? '' : `由 ${author} `}于 ${at} UTC 存档，此后不再变化。`,
    selection: '范围',
    requests: '请求数',
    ofAll: '占全部请求',
    clients: '客户端数',
    unknown: '导出中没有',
    overTime: '随时间变化（UTC）',
    chosen: '这些请求，按状态码',
    everybody: '全部请求，按类别',
    causes: '文档所列原因与证据',
    check: '首先检查',
    changed: '发生的变化',
    before: '此前',
    during: '期间',
    who: '位置与来源',
    value: '值',
    share: '占比',
    other: '其他',
    alerts: '告警',
    acknowledged: (by, at) => `${by} 已于 ${at} 确认`,
    notAcknowledged: '未确认',
    firing: '仍在触发',
    annotations: '标注',
    records: '最初的记录',
    time: '时间',
    none: '无',
    calm: '该时段没有错误。',
    timeline: '时间线',
    events: {
      written: (text, who) => (who === '' ? text : `${text}（${who}）`),
      began: () => '事故开始',
      first: () => '所列记录中的第一条',
      detected: () => '检测到',
      fired: (text) => `告警：${text}`,
      told: (text, who) => `已通知 ${who}：${text}`,
      acknowledged: (text, who) => `${who} 已接手：${text}`,
      resolved: (text) => `已恢复：${text}`,
      ended: () => '事故结束',
      frozen: (_, who) => (who === '' ? '存档' : `由 ${who} 存档`),
    },
    dimensions: {
      status: '状态码',
      source: '由谁应答',
      host: '主机',
      path: '路径',
      country: '国家/地区',
      colo: '数据中心',
      asn: '网络',
      userAgent: '用户代理',
      clientIp: '客户端',
      method: '方法',
      cacheStatus: '缓存',
      originIp: '源站服务器',
      securityRuleId: '安全规则',
      class: '类别',
    },
  },
}
