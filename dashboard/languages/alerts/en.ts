/** What the pages of alerting say. */
import type { NotifierType, RuleKind, RuleState, Severity } from '../../../schema/api/alerts.js'
import { pluralOf } from '../plural.js'

const plural = pluralOf('en')
const count = (n: number, text: string, one: string, many: string): string => `${text} ${plural(n, { one, other: many })}`

/** Why an alert is over (EpisodeJson.reason). */
type Ending = 'recovered' | 'no-data' | 'withdrawn' | 'rule-changed' | 'rule-off' | 'rule-deleted'
/** What can be wrong with a field before the service is asked. */
export type FieldProblem = 'missing' | 'number' | 'percent' | 'objective' | 'duration' | 'minutes' | 'link' | 'label' | 'errors' | 'recover'

const severities: { [S in Severity]: string } = { critical: 'Critical', warning: 'Warning', info: 'Info' }

const states: { [S in RuleState]: { name: string; meaning: string } } = {
  off: { name: 'Off', meaning: 'Not evaluated.' },
  waiting: { name: 'Waiting', meaning: 'Waiting for the first logs or the first evaluation.' },
  inactive: { name: 'Quiet', meaning: 'The condition is not met.' },
  pending: { name: 'Pending', meaning: 'The condition is met, but not yet for long enough.' },
  firing: { name: 'Firing', meaning: 'The condition has been met for long enough: people are told.' },
  'no-data': { name: 'No data', meaning: 'The logs that would tell have not come. The last state is held.' },
  'cannot-be-evaluated': { name: 'Cannot be evaluated', meaning: 'Something is wrong with the rule or with what it needs.' },
}

const kinds: { [K in RuleKind]: { name: string; when: string } } = {
  count: { name: 'Count', when: 'More requests than a number within a window. For rare things that should hardly happen.' },
  ratio: { name: 'Error ratio', when: 'The share of errors in all requests is too high. The usual choice: traffic may grow without raising an alarm.' },
  surge: { name: 'Surge', when: 'Errors run far above what their own past predicts. No threshold to choose; the notice names the cause.' },
  'burn-rate': { name: 'SLO burn rate', when: 'Errors use up an error budget too fast, seen over several windows at once.' },
  absence: { name: 'No logs', when: 'No logs have come for a while. Without them no other rule can tell anything.' },
}

/** How fields of a channel are called. What is not here is called as the service calls it. */
const settings: { [T in NotifierType]: { [setting: string]: { label: string; help: string } } } = {
  webhook: {
    url: { label: 'URL', help: 'Gets a POST with JSON' },
    secret: { label: 'Signing secret', help: 'Signs every request (Standard Webhooks). Create one with: openssl rand -base64 32' },
    authorization: { label: 'Authorization header', help: 'For example: Bearer …' },
    headers: { label: 'More headers', help: 'One per line, Name: value. Not for secrets' },
  },
  slack: { url: { label: 'Webhook URL', help: 'From an incoming webhook: https://hooks.slack.com/services/…' } },
  teams: { url: { label: 'Workflow URL', help: 'From a workflow “When a Teams webhook request is received”' } },
  pagerduty: {
    routingKey: { label: 'Integration key', help: 'From an integration “Events API V2”' },
    url: { label: 'Events URL', help: 'Leave empty for the US. For the EU: https://events.eu.pagerduty.com/v2/enqueue' },
  },
  email: {
    host: { label: 'SMTP server', help: 'For example smtp.example.com' }, port: { label: 'Port', help: 'Leave empty for 587, or 465 with TLS from the start' },
    secure: { label: 'TLS from the start', help: 'Otherwise STARTTLS where the server offers it' }, requireTls: { label: 'Only with TLS', help: 'Send nothing if the server offers no STARTTLS' },
    allowSelfSigned: { label: 'Accept any certificate', help: 'Only for a server inside your own network' }, user: { label: 'User', help: 'If the server asks for one' },
    password: { label: 'Password', help: 'If the server asks for one' }, from: { label: 'From', help: 'For example Faultline <alerts@example.com>' }, to: { label: 'To', help: 'One address per line' },
  },
  feishu: {
    url: { label: 'Webhook URL', help: 'https://open.feishu.cn/open-apis/bot/v2/hook/…' },
    secret: { label: 'Signing secret', help: 'If the bot checks signatures' },
  },
  dingtalk: {
    url: { label: 'Webhook URL', help: 'https://oapi.dingtalk.com/robot/send?access_token=…' },
    secret: { label: 'Signing secret', help: 'If the robot is secured by a signature; begins with SEC' },
  },
  alertmanager: {
    url: { label: 'URL', help: 'For example http://alertmanager:9093' },
    authorization: { label: 'Authorization header', help: 'For example: Bearer …' },
  },
}

const endings: { [E in Ending]: string } = {
  recovered: 'recovered', 'no-data': 'ended without data', withdrawn: 'withdrawn after late logs', 'rule-changed': 'rule changed', 'rule-off': 'rule switched off', 'rule-deleted': 'rule deleted',
}

const problems: { [P in FieldProblem]: string } = {
  missing: 'This is needed.', number: 'Write a number, 0 or more.', percent: 'Write a percentage from 0 to 100.', objective: 'Write a percentage between 0 and 100, like 99.9.',
  duration: 'Write a duration like 90s, 5m or 1h30m.', minutes: 'Write whole minutes, like 5m or 1h.', link: 'Write a link that begins with https://.',
  label: 'Letters, digits and _, not beginning with a digit.', errors: 'Say which requests count as errors.', recover: 'Must not be above the threshold.',
}

export const alerts = {
  severities, states, kinds, settings, endings,

  /** titles of the pages, also of the browser's tab */
  pages: {
    alerts: 'Alerts', alert: 'Alert', rules: 'Rules', rule: 'Rule', silences: 'Silences', notifiers: 'Notifiers', notifier: 'Notifier', label: 'Alerting',
  },
  firingNow: (n: number, text: string) => `${count(n, text, 'alert', 'alerts')} firing`,
  common: {
    cancel: 'Cancel', save: 'Save', saving: 'Saving…', remove: 'Remove', delete: 'Delete', edit: 'Edit', add: 'Add', optional: 'optional', actions: 'Actions', severity: 'Severity', all: 'All',
    absent: 'Alerting is not part of this service.', older: 'Older', everywhere: 'everywhere', none: 'None', more: 'More settings', by: 'Your name', note: 'Note', reason: 'Reason',
  },

  now: {
    title: 'Firing now', quiet: 'Nothing is firing.', quietSince: (text: string) => `The rules have been evaluated up to ${text}.`, quietRules: (n: number, text: string) => `${count(n, text, 'rule is', 'rules are')} switched on.`,
    noRules: 'No rule is switched on, so nothing can fire.', toRules: 'Go to the rules', since: 'Since', rule: 'Rule', where: 'Where', value: 'Value', state: 'State', usually: (text: string) => `usually ${text}`,
    above: (value: string, threshold: string) => `${value}, threshold ${threshold}`, surge: (seen: string, expected: string, score: string) => `${seen} seen, ${expected} expected, score ${score}`, peak: 'Peak', flapping: 'comes and goes', flappingHint: 'It will be resolved once it has been quiet for half an hour.',
    noData: 'logs stopped', noDataHint: 'The logs have stopped: nobody can tell whether it goes on.', told: (names: string) => `told: ${names}`, untold: 'nobody has been told', muted: 'muted', mutedHint: (reason: string) => `Nobody is told: ${reason}`,
    acknowledge: 'Acknowledge', acknowledgeTitle: 'Acknowledge this alert', acknowledgeText: 'Says that somebody is on it. It will not be repeated; when it is over, that is still told.', acknowledged: (by: string) => `${by} is on it`,
    unacknowledge: 'Take back', silence: 'Silence', open: (name: string) => `Open alert: ${name}`,
  },
  history: {
    title: 'History', empty: 'No earlier alerts.', emptyHint: 'What has fired and is over will be listed here with its times and its peak.', fired: 'Fired', lasted: 'Lasted', ended: 'Ended', ongoing: 'still firing',
    search: 'Search rules and labels', none: 'No alert matches.', total: (n: number, text: string) => count(n, text, 'alert', 'alerts'),
  },
  one: {
    notFound: 'This alert does not exist.', check: (step: string) => `Check first: ${step}`, broken: 'Broken since', fired: 'Fired', resolved: 'Resolved', peak: 'Peak', threshold: 'Threshold', usual: 'Usually', observed: 'Requests', expected: 'Expected', score: 'Score', requests: 'Show its requests', rule: 'Open the rule', history: 'Would have fired; nobody was told.',
    told: 'Who was told', phases: { firing: 'firing', resolved: 'resolved', acknowledged: 'acknowledged', passed: 'over already' } as { [phase: string]: string }, toldNobody: 'Nobody has been told about this alert.', labels: 'Labels', around: 'Value around this time', reason: 'Why it ended', ruleGone: 'The rule has been deleted.',
  },

  rules: {
    lead: 'What is watched, and what it would take to wake somebody.', create: 'New rule', fromFilters: 'New rule from these filters', importYaml: 'Import', exportYaml: 'Export YAML', search: 'Search rules', none: 'No rule matches.',
    state: 'State', rule: 'Rule', chart: 'Value and threshold', backtest: 'Backtest', backtestOf: (name: string) => `Backtest: ${name}`, on: 'On', switchOn: 'Switch on', switchOff: 'Switch off', switched: (name: string) => `${name} switched on or off`,
    suggested: 'Suggested rules', suggestedLead: 'Thresholds fit the traffic of your logs. They are off until you confirm them; the charts show what each would have seen.', confirm: 'Switch on', adjust: 'Adjust', dismiss: 'Dismiss', confirmAll: 'Switch on all',
    fromFile: 'rules file', fromFileHint: (path: string) => `From ${path}. Change it there; it is read again at once.`, starter: 'starter', fileProblems: (path: string) => `The rules file ${path} has mistakes. The rules named here are not in effect:`, line: (line: string) => `line ${line}`,
    empty: 'There are no rules yet.', emptyHint: 'After the first upload a few rules are suggested here. Or write your own.', watermark: (text: string) => `Evaluated up to ${text}.`, noWatermark: 'Nothing has been evaluated yet: no logs have arrived since this service started.',
    delay: (input: string, text: string) => `${input} is waited for ${text}`, delayLearned: 'learned from how late logs arrive', noDataSince: (text: string) => `no data since ${text}`, instances: (n: number, text: string) => count(n, text, 'alert', 'alerts'), chartOf: (name: string, text: string) => `${name}: ${text}`, noValue: 'no values in this range', deleted: (name: string) => `${name} deleted.`,
  },

  /** a rule in a line: `5xx above 5% of requests in 5m · at least 200 requests · for 3m` */
  says: {
    count: (what: string, above: string, window: string) => `more than ${above} ${what === '' ? 'requests' : `requests with ${what}`} in ${window}`,
    ratio: (errors: string, above: string, window: string) => `${errors} above ${above} of requests in ${window}`,
    surge: 'errors far above what their past predicts', burn: (errors: string, objective: string) => `${errors} use up the budget of ${objective}`, absence: (after: string) => `no logs for ${after}`,
    only: (what: string) => `only ${what}`, minimum: (text: string) => `at least ${text} requests`, lasting: (text: string) => `for ${text}`, by: (names: string) => `one alert per ${names}`, all: 'internal requests included', internal: 'internal requests only', not: (text: string) => `not ${text}`, sensitivity: { low: 'low sensitivity', medium: 'medium sensitivity', high: 'high sensitivity' },
  },

  editor: {
    newTitle: 'New rule', what: 'What to watch', when: 'When it is broken', who: 'Who is told', name: 'Name', nameHint: 'Tells people at night what is wrong.', scope: 'Which requests', scopeHint: 'Leave empty for every request that visitors made.', errors: 'Which of them are errors',
    audience: 'Counted', audiences: { visitors: 'visitors only', all: 'internal requests too', internal: 'internal requests only' }, window: 'Counted over', above: 'Broken above', aboveShare: 'Broken above, in %', recover: 'Over again at or below', recoverHint: 'Lower than the threshold, so that it does not flicker around it.', minimum: 'Minimum of requests', minimumHint: 'With fewer in the window nothing is broken.',
    sensitivity: 'Sensitivity', sensitivities: { low: 'Low', medium: 'Medium', high: 'High' }, sensitivityHint: 'How improbable a rise must be.', objective: 'Objective, in %', objectiveHint: 'Share of requests that must go well.', windows: 'Windows', usualWindows: 'Usual: 5m and 1h at 14.4×, 30m and 6h at 6×, 6h and 3d at 1×', ownWindows: 'Own windows', short: 'Short window', long: 'Long window', factor: 'Burn rate', addWindow: 'Add a pair of windows', after: 'Silence longer than', afterHint: 'Where longer silence is ordinary, it is waited for longer.',
    by: 'One alert for each', byHint: 'At most two. Without it the whole scope is one alert.', for: 'For at least', forHint: 'Broken for so long before it fires.', keep: 'Keep firing for', keepHint: 'Over for so long before it is resolved.', notify: 'Notify', notifyAll: 'All notifiers that take this severity', notifySome: 'Only these', labels: 'Labels', labelName: 'Label', labelValue: 'Value', addLabel: 'Add a label', note: 'Note', noteHint: 'Goes with every notice: what it means, what to do.', runbook: 'Runbook', runbookHint: 'A link that goes with every notice.',
    enabled: 'Switched on', create: 'Create rule', save: 'Save changes', discard: 'Discard changes', unsaved: 'Not saved yet.', kept: 'Your changes from before are still here.', deleteTitle: 'Delete this rule?', deleteText: (name: string) => `“${name}” will be deleted. What fires of it ends, and that is told. Its history stays.`, readOnly: (path: string) => `This rule comes from the rules file ${path}. Change it there; it is read again at once.`, duplicate: 'Duplicate', copyOf: (name: string) => `${name} (copy)`,
    notFound: 'This rule does not exist.', created: (name: string) => `${name} created.`, saved: 'Saved.', problems, addFilter: 'Add filter', value: 'Value', removeValue: (text: string) => `Remove: ${text}`, noNotifier: 'No notifier has been set up yet: the rule would fire, but nobody would be told.', toNotifiers: 'Set one up',
  },
  preview: {
    title: 'What it would have done', wait: 'Complete the rule to see what it would have done.', value: 'Value', threshold: 'Threshold', recover: 'Over again', highest: (name: string) => `Highest: ${name}`, others: (n: number, text: string) => count(n, text, 'other', 'others'), firing: 'Would have fired', nothing: 'Nothing to show in this range', running: 'Calculating…',
    none: 'Would not have fired in this range.', fired: (n: number, text: string) => `Would have fired ${count(n, text, 'time', 'times')}.`, noise: (n: number, notices: string, perWeek: string) => `${count(n, notices, 'notice', 'notices')}, ${perWeek} a week.`, firingFor: (text: string) => `Firing for ${text} in total.`, noDataFor: (text: string) => `For ${text} the logs cannot tell.`, loud: 'That is a lot: people stop reading alerts that come every day.',
    from: 'Fired', to: 'Resolved', lasted: 'Lasted', where: 'Where', peak: 'Peak', still: 'still firing at the end', first: (shown: string, all: string) => `The first ${shown} of ${all}`, took: (text: string) => `Calculated in ${text}.`, range: 'Range', run: 'Run backtest', perLine: 'Value over time',
    units: { requests: 'requests', share: 'share of requests', burn: 'burn rate', score: 'score', minutes: 'silence' } as { [unit: string]: string },
  },
  importing: {
    title: 'Import rules', lead: 'YAML in the shape of a Prometheus rules file, with fields instead of PromQL. “Export YAML” shows how it looks.', choose: 'Choose a file', paste: 'or paste it here', check: 'Check', found: (n: number, text: string) => `${count(n, text, 'rule', 'rules')} found`, problems: (n: number, text: string) => `${count(n, text, 'mistake', 'mistakes')}`, fresh: 'new', same: 'unchanged', replaces: 'replaces the one of this name', fromFile: 'comes from the rules file, is left out', run: (n: number, text: string) => `Import ${count(n, text, 'rule', 'rules')}`, done: (n: number, text: string) => `${count(n, text, 'rule', 'rules')} imported.`, failed: (name: string, why: string) => `${name}: ${why}`, at: (line: string, column: string) => `line ${line}, column ${column}`,
  },

  silences: {
    lead: 'Who is not told for a while, until when and why. Alerts still fire and are listed.', create: 'New silence', title: 'Silences', none: 'No silences.', noneHint: 'Silence an alert while somebody repairs it, or a host while it is being moved.', matchers: 'Matches', until: 'Until', by: 'By', state: 'State', states: { active: 'Active', coming: 'Coming', over: 'Over' }, mutes: (n: number, text: string) => `mutes ${count(n, text, 'alert', 'alerts')} now`, mutesNone: 'mutes nothing now', end: 'End now', extend: 'Extend', from: 'From', endTitle: 'End this silence?', endText: 'What still fires will be told.',
    formTitle: 'New silence', editTitle: 'Change silence', which: 'Which alerts', whichHint: 'All of these must hold. With “is like” the value is a pattern: * stands for anything, | for or.', label: 'Label', operator: 'Operator', value: 'Value', addMatcher: 'Add a condition', removeMatcher: 'Remove the condition', lasts: 'For', ends: 'Ends', starts: 'Begins', nowChoice: 'now', reason: 'Reason', reasonHint: 'So that the others know.', would: (n: number, text: string) => `Would mute ${count(n, text, 'alert', 'alerts')} that ${plural(n, { one: 'fires', other: 'fire' })} now.`, wouldNone: 'Would mute nothing that fires now.', submit: 'Silence', operators: { '=': 'is', '!=': 'is not', '=~': 'is like', '!~': 'is not like' }, past: 'The end must be in the future, and after the beginning.', showOver: (n: number, text: string) => `Show ${text} that ${plural(n, { one: 'is', other: 'are' })} over`,
  },
  maintenance: {
    title: 'Maintenance windows', lead: 'Recurring times at which nobody is told, such as a nightly restart.', create: 'New window', none: 'No maintenance windows.', name: 'Name', days: 'Days', everyDay: 'every day', weekdays: { monday: 'Mon', tuesday: 'Tue', wednesday: 'Wed', thursday: 'Thu', friday: 'Fri', saturday: 'Sat', sunday: 'Sun' }, start: 'Begins at', duration: 'Lasts', zone: 'Time zone', next: 'Next', active: 'Active now', over: 'Over', firstDay: 'First day', lastDay: 'Last day', which: 'Which alerts', every: 'every alert', when: (days: string, start: string, duration: string, zone: string) => `${days} at ${start} for ${duration} (${zone})`, formTitle: 'New maintenance window', editTitle: 'Change maintenance window', deleteTitle: 'Delete this window?', deleteText: (name: string) => `“${name}” will mute nothing any more.`, noDay: 'Choose at least one day.',
  },

  notifiers: {
    lead: 'Where notices go, in which language, and what became of each.', create: 'New notifier', title: 'Notifiers', name: 'Name', channel: 'Channel', destination: 'Goes to', last: 'Last notice', never: 'none yet', ok: 'delivered', failed: 'failed', queued: (n: number, text: string) => `${count(n, text, 'notice', 'notices')} waiting`, givenUp: (n: number, text: string) => `${count(n, text, 'notice', 'notices')} given up`, off: 'off', language: 'Language', severities: 'Severities', allSeverities: 'all severities',
    test: 'Send a test', testing: 'Sending…', testOk: (name: string, status: string) => `${name} took the test notice${status === '' ? '' : ` (status ${status})`}. Look there: it should have arrived.`, testFailed: (name: string, why: string) => `The test did not reach ${name}: ${why}`, testAgain: 'Send another test',
    pick: 'Where shall notices go?', newTitle: (channel: string) => `New notifier: ${channel}`, nameHint: 'Rules and the log of deliveries call it so.', connection: 'Connection', secretSet: 'Saved. Leave empty to keep it.', secretKept: 'Saved and never shown again.', forget: 'Remove the saved value', forgotten: 'Will be removed', languageHint: 'Notices are written in it.', zone: 'Time zone of the times', which: 'Which alerts', severitiesHint: 'None chosen means all.', matchers: 'Only with these labels', resolved: 'Also tell when it is over', enabled: 'Switched on', grouping: 'Grouping and repeats', groupBy: 'Share a notice if equal', groupByHint: 'Labels, separated by commas.', groupWait: 'Wait for more before the first', groupInterval: 'At least between two', repeat: 'Repeat while it fires', create2: 'Create notifier', saved: 'Saved.', created: 'Created. Send a test to see whether it arrives.',
    deleteTitle: 'Delete this notifier?', deleteText: (name: string) => `Nothing will be sent to “${name}” any more. What waits for it is cancelled.`, notFound: 'This notifier does not exist.', required: 'needed', yes: 'Yes',
    channels: { webhook: 'JSON to any address, signed', slack: 'Incoming webhook', teams: 'Workflow webhook', pagerduty: 'Events API v2, pages and resolves', email: 'Through your SMTP server', feishu: 'Custom bot, Feishu or Lark', dingtalk: 'Custom robot', alertmanager: 'Prometheus Alertmanager, API v2' } as { [T in NotifierType]: string },
    stepsTitle: 'To a Slack alert in three steps', stepsLead: 'Nobody is told yet, because no notifier has been set up.', stepOne: 'Create an incoming webhook in Slack', stepOneText: 'At api.slack.com/apps: create an app, switch on “Incoming Webhooks”, add one to a channel and copy its URL.', stepTwo: 'Paste it here and send a test', stepTwoText: 'The outcome appears at once. The URL is stored and never shown again.', stepThree: 'Switch on a rule', stepThreeText: 'The surge rule is on already. The suggested ones fit your traffic; a backtest shows how often each would have woken you.', stepThreeLater: 'After the first upload a surge rule is on, and others that fit your traffic are suggested.', stepSlack: 'Add Slack', stepOther: 'Another channel', stepRules: 'See the rules', stepDone: 'Done',
  },
  deliveries: {
    title: 'Deliveries', lead: 'Every notice and every attempt. A receiver that is down loses nothing: notices wait and are tried again.', none: 'Nothing has been sent yet.', when: 'When', to: 'To', about: 'About', state: 'State', attempts: 'Attempts', states: { queued: 'Waiting', sending: 'Sending', sent: 'Delivered', failed: 'Given up', cancelled: 'Cancelled' }, reasons: { change: 'news', repeat: 'repeat', acknowledged: 'acknowledged', test: 'test' }, next: (text: string) => `next attempt ${text}`, retry: 'Send again now', took: (text: string) => `took ${text}`, status: (code: string) => `status ${code}`, attempt: (n: string) => `Attempt ${n}`, id: 'Notice id', filter: 'State', testNotice: 'Test notice', show: (n: number, text: string) => count(n, text, 'attempt', 'attempts'),
  },

  marks: {
    label: 'Alerts in this range', fired: (name: string, when: string) => `${name}, fired ${when}`, would: (name: string, when: string) => `${name}, would have fired ${when}`, more: (_n: number, text: string) => `${text} alerts`, legend: 'Alert', legendWould: 'Alert that would have fired',
  },
  would: {
    title: 'Alerts these logs would have raised', lead: 'Logs of the past wake nobody. Every rule was run over them on the time of the requests; suggested rules that are off are included.', none: 'No rule would have fired.', sent: 'Notices', off: 'off', notices: (n: number, text: string) => count(n, text, 'notice', 'notices'), running: 'Running the rules over these logs…',
  },
}

export type AlertWords = typeof alerts
