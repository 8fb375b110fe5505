import type { AlertTexts } from './texts.js'

export const en: AlertTexts = {
  locale: 'en-GB',
  starters: {
    surge: {
      name: 'Surge of errors',
      note: 'An error rose far above what its past predicts. The notice names the documented cause that the records speak for.',
    },
    serverErrors: { name: 'Server errors', note: 'A large share of requests gets a 5xx, whoever wrote it.' },
    originFailures: {
      name: 'Origin fails',
      note: 'Cloudflare cannot get an answer from the origin (520 to 526, 530, or 502 and 504 without an answer).',
    },
    visitorsLeft: {
      name: 'Visitors leave before the answer',
      note: 'Many requests end with 499: the visitor closed the connection. Often the origin became slow.',
    },
    edgeRefuses: {
      name: 'Edge refuses visitors',
      note: 'Cloudflare blocks or limits a large share of requests (403, 429). A security rule may hit real visitors.',
    },
    fastBurn: {
      name: 'Error budget burns fast',
      note: 'At this pace the error budget is used up in hours or a few days.',
    },
    slowBurn: { name: 'Error budget burns slowly', note: 'The error budget will not last its period.' },
    noLogs: { name: 'No logs', note: 'No logs have come for a while. Without them no other rule can tell anything.' },
  },
  severities: { critical: 'critical', warning: 'warning', info: 'info' },
  phases: { firing: 'Firing', resolved: 'Resolved', acknowledged: 'Acknowledged', passed: 'Over already' },
  sources: {
    'client': 'the client',
    'edge': 'the edge',
    'origin-failure': 'the edge, for a failing origin',
    'cache': 'the cache',
    'worker': 'a Worker',
    'origin': 'the origin',
    'undetermined': 'nobody can tell whom',
  },
  units: { day: 'd', hour: 'h', minute: 'min', second: 's' },
  heads: {
    since: 'Since',
    lasted: 'When',
    howMuch: 'How much',
    where: 'Where',
    cause: 'Most likely cause',
    check: 'Check first',
    note: 'Note',
    runbook: 'Runbook',
    remark: 'Remark',
  },
  surge: (observed, expected, score) => `${observed} seen, ${expected} expected, score ${score}`,
  against: (threshold, usual) =>
    [threshold && `threshold ${threshold}`, usual && `usually ${usual}`].filter(Boolean).join(', '),
  from: (start, end) => `${start} to ${end}`,
  ongoing: (start) => start,
  anywhere: 'everywhere',
  not: (values) => `not ${values}`,
  or: ' or ',
  confidence: (share) => `confidence ${share}`,
  noCause: 'The records do not tell yet.',
  allOf: (statusClass) => `${statusClass}, several codes`,
  by: (what, source) => `${what} written by ${source}`,
  on: (what, host) => `${what} on ${host}`,
  remarks: {
    flapping: 'It comes and goes. It will be told as resolved once it has been quiet for half an hour.',
    noData: 'The logs have stopped: nobody can tell whether it goes on.',
    passed: 'It was over before it could be told: the logs came late, or Faultline was not running.',
    repeat: 'It still goes on.',
    ended: {
      'no-data': 'Ended because no logs have come for a long time, not because it recovered.',
      'withdrawn': 'Logs that came late show that the rule was not broken.',
      'rule-changed': 'Ended because the rule was changed.',
      'rule-off': 'Ended because the rule was switched off.',
      'rule-deleted': 'Ended because the rule was deleted.',
    },
    acknowledged: (by) => `${by} is on it.`,
  },
  links: { alert: 'Open the alert', spike: 'Open the spike', runbook: 'Runbook' },
  more: (count) => `… and ${count} more`,
  still: (count) => `${count} still firing`,
  grouped: (count, name) => `${count} alerts: ${name}`,
  test: { name: 'Test notice', note: 'If you can read this, notices of Faultline reach you here. Nothing is wrong.' },
  wouldHave: {
    never: (rule) => `${rule}: would not have fired.`,
    fired: (rule, spans, more) =>
      `${rule}: would have fired ${spans}${more === null ? '' : `, and ${more} times more`}.`,
    span: (fired, resolved) =>
      resolved === null ? `${fired}, still firing at the end` : `${fired}, resolved ${resolved}`,
  },
}
