import type { AlertWords } from './en.js'

const of = (text: string, noun: string): string => `${text} ${noun}`

export const alerts: AlertWords = {
  severities: { critical: '严重', warning: '警告', info: '提示' },
  states: {
    off: { name: '已停用', meaning: '不进行评估。' },
    waiting: { name: '等待中', meaning: '正在等待首批日志或首次评估。' },
    inactive: { name: '正常', meaning: '未满足触发条件。' },
    pending: { name: '待触发', meaning: '已满足条件，但持续时间还不够。' },
    firing: { name: '触发中', meaning: '条件已持续足够长时间，正在通知相关人员。' },
    'no-data': { name: '无数据', meaning: '所需的日志没有到达，保持之前的状态。' },
    'cannot-be-evaluated': { name: '无法评估', meaning: '规则本身或其所需的内容有问题。' },
  },
  kinds: {
    count: { name: '计数', when: '时间窗口内的请求数超过阈值。适合几乎不应发生的情况。' },
    ratio: { name: '错误率', when: '错误占全部请求的比例过高。最常用：流量增长不会引发告警。' },
    surge: { name: '突增', when: '错误远超其历史水平的预期。无需设定阈值，通知中会指出原因。' },
    'burn-rate': { name: 'SLO 消耗速率', when: '错误消耗错误预算过快，同时观察多个时间窗口。' },
    absence: { name: '日志中断', when: '一段时间没有收到日志。没有日志，其他规则都无法判断。' },
  },
  settings: {
    webhook: {
      url: { label: '地址', help: '接收 JSON 格式的 POST 请求' },
      secret: { label: '签名密钥', help: '为每个请求签名（Standard Webhooks）。生成方法：openssl rand -base64 32' },
      authorization: { label: 'Authorization 请求头', help: '例如：Bearer …' },
      headers: { label: '其他请求头', help: '每行一个，格式为“名称: 值”。请勿填写机密信息' },
    },
    slack: { url: { label: 'Webhook 地址', help: '来自 Incoming Webhook：https://hooks.slack.com/services/…' } },
    teams: { url: { label: '工作流地址', help: '来自工作流“When a Teams webhook request is received”' } },
    pagerduty: {
      routingKey: { label: '集成密钥', help: '来自“Events API V2”集成' },
      url: { label: '事件地址', help: '美国区留空。欧盟区：https://events.eu.pagerduty.com/v2/enqueue' },
    },
    email: {
      host: { label: 'SMTP 服务器', help: '例如 smtp.example.com' }, port: { label: '端口', help: '留空为 587；直接使用 TLS 时为 465' },
      secure: { label: '直接使用 TLS', help: '否则在服务器支持时使用 STARTTLS' }, requireTls: { label: '仅使用 TLS', help: '服务器不支持 STARTTLS 时不发送' },
      allowSelfSigned: { label: '接受任何证书', help: '仅适用于内部网络的服务器' }, user: { label: '用户名', help: '服务器要求时填写' },
      password: { label: '密码', help: '服务器要求时填写' }, from: { label: '发件人', help: '例如 Faultline <alerts@example.com>' }, to: { label: '收件人', help: '每行一个地址' },
    },
    feishu: {
      url: { label: 'Webhook 地址', help: '格式为 https://open.feishu.cn/open-apis/bot/v2/hook/…' },
      secret: { label: '签名密钥', help: '机器人启用“签名校验”时填写' },
    },
    dingtalk: {
      url: { label: 'Webhook 地址', help: '格式为 https://oapi.dingtalk.com/robot/send?access_token=…' },
      secret: { label: '加签密钥', help: '机器人安全设置选择“加签”时填写，以 SEC 开头' },
    },
    alertmanager: {
      url: { label: '地址', help: '例如 http://alertmanager:9093' },
      authorization: { label: 'Authorization 请求头', help: '例如：Bearer …' },
    },
  },
  endings: {
    recovered: '已恢复', 'no-data': '因无数据而结束', withdrawn: '迟到的日志表明未曾触发', 'rule-changed': '规则已修改', 'rule-off': '规则已停用', 'rule-deleted': '规则已删除',
  },
  pages: {
    alerts: '告警', alert: '告警详情', rules: '规则', rule: '规则详情', silences: '静默', notifiers: '通知渠道', notifier: '通知渠道详情', label: '告警管理',
  },
  firingNow: (_n, text) => `${of(text, '个告警触发中')}`,
  common: {
    cancel: '取消', save: '保存', saving: '正在保存…', remove: '移除', delete: '删除', edit: '编辑', add: '添加', optional: '可选', actions: '操作', severity: '级别', all: '全部',
    absent: '本服务不提供告警功能。', older: '更早', everywhere: '全部范围', none: '无', more: '更多设置', by: '您的姓名', note: '备注', reason: '原因',
  },
  now: {
    title: '正在触发', quiet: '当前没有触发的告警。', quietSince: (text) => `规则已评估至 ${text}。`, quietRules: (_n, text) => `已启用 ${text} 条规则。`,
    noRules: '没有启用任何规则，因此不会触发告警。', toRules: '前往规则', since: '开始时间', rule: '规则', where: '范围', value: '数值', state: '状态', usually: (text) => `平时 ${text}`,
    above: (value, threshold) => `${value}，阈值 ${threshold}`, surge: (seen, expected, score) => `实际 ${seen} 次，预期 ${expected} 次，得分 ${score}`, peak: '峰值', flapping: '时断时续', flappingHint: '平静半小时后才会视为恢复。',
    noData: '日志中断', noDataHint: '日志已中断，无法判断是否仍在持续。', told: (names) => `已通知：${names}`, untold: '尚未通知任何人', muted: '已静默', mutedHint: (reason) => `不通知任何人：${reason}`,
    acknowledge: '认领', acknowledgeTitle: '认领此告警', acknowledgeText: '表示已有人处理。不再重复通知；恢复时仍会通知。', acknowledged: (by) => `${by} 正在处理`,
    unacknowledge: '取消认领', silence: '静默', open: (name) => `查看告警：${name}`,
  },
  history: {
    title: '历史', empty: '没有更早的告警。', emptyHint: '触发后已结束的告警会列在这里，包括时间和峰值。', fired: '触发', lasted: '持续', ended: '结束', ongoing: '仍在触发',
    search: '搜索规则和标签', none: '没有匹配的告警。', total: (_n, text) => of(text, '个告警'),
  },
  one: {
    notFound: '此告警不存在。', check: (step) => `首先检查：${step}`, broken: '满足条件自', fired: '触发', resolved: '恢复', peak: '峰值', threshold: '阈值', usual: '平时', observed: '请求数', expected: '预期', score: '得分', requests: '查看相关请求', rule: '打开规则', history: '本应触发，未通知任何人。',
    told: '通知对象', phases: { firing: '触发', resolved: '恢复', acknowledged: '认领', passed: '已结束' }, toldNobody: '此告警尚未通知任何人。', labels: '标签', around: '前后时段的数值', reason: '结束原因', ruleGone: '规则已被删除。',
  },
  rules: {
    lead: '监控什么，以及达到什么程度才会叫醒值班人员。', create: '新建规则', fromFilters: '用当前筛选新建规则', importYaml: '导入', exportYaml: '导出 YAML', search: '搜索规则', none: '没有匹配的规则。',
    state: '状态', rule: '规则', chart: '数值与阈值', backtest: '回测', backtestOf: (name) => `回测：${name}`, on: '启用', switchOn: '启用', switchOff: '停用', switched: (name) => `${name} 的状态已更改`,
    suggested: '建议的规则', suggestedLead: '阈值根据您日志中的流量设定。确认之前不会启用；曲线显示每条规则会看到的情况。', confirm: '启用', adjust: '调整', dismiss: '忽略', confirmAll: '全部启用',
    fromFile: '规则文件', fromFileHint: (path) => `来自 ${path}。请在该文件中修改，保存后立即生效。`, starter: '建议', fileProblems: (path) => `规则文件 ${path} 有错误，以下规则未生效：`, line: (line) => `第 ${line} 行`,
    empty: '还没有规则。', emptyHint: '首次上传日志后，这里会给出一些建议的规则。您也可以自行编写。', watermark: (text) => `已评估至 ${text}。`, noWatermark: '尚未进行评估：服务启动后还没有收到日志。',
    delay: (input, text) => `${input} 等待 ${text}`, delayLearned: '根据日志的实际延迟得出', noDataSince: (text) => `自 ${text} 起无数据`, instances: (_n, text) => of(text, '个告警'), chartOf: (name, text) => `${name} 的曲线：${text}`, noValue: '该时间范围内没有数值', deleted: (name) => `已删除 ${name}。`,
  },
  says: {
    count: (what, above, window) => `${window}内${what === '' ? '' : `符合 ${what} 的`}请求超过 ${above} 个`,
    ratio: (errors, above, window) => `${errors}，${window}内占请求的比例超过 ${above}`,
    surge: '错误远超其历史水平的预期', burn: (errors, objective) => `${errors} 消耗 ${objective} 的错误预算`, absence: (after) => `${after}没有日志`,
    only: (what) => `仅限 ${what}`, minimum: (text) => `至少 ${text} 个请求`, lasting: (text) => `持续 ${text}`, by: (names) => `按${names}分别告警`, all: '包括内部请求', internal: '仅内部请求', not: (text) => `不包括 ${text}`, sensitivity: { low: '低灵敏度', medium: '中灵敏度', high: '高灵敏度' },
  },
  editor: {
    newTitle: '新建规则', what: '监控内容', when: '触发条件', who: '通知对象', name: '名称', nameHint: '让半夜被叫醒的人一眼看出问题。', scope: '哪些请求', scopeHint: '留空表示访客的全部请求。', errors: '其中哪些算作错误',
    audience: '计入', audiences: { visitors: '仅访客请求', all: '也包括内部请求', internal: '仅内部请求' }, window: '统计窗口', above: '超过此值触发', aboveShare: '超过此比例触发（%）', recover: '降至此值恢复', recoverHint: '低于阈值，以免在其附近反复。', minimum: '最少请求数', minimumHint: '窗口内请求少于此数时不触发。',
    sensitivity: '灵敏度', sensitivities: { low: '低', medium: '中', high: '高' }, sensitivityHint: '上升需要多么不寻常才触发。', objective: '目标（%）', objectiveHint: '应当成功的请求比例。', windows: '时间窗口', usualWindows: '常用：5m 与 1h 为 14.4×，30m 与 6h 为 6×，6h 与 3d 为 1×', ownWindows: '自定义窗口', short: '短窗口', long: '长窗口', factor: '消耗速率', addWindow: '添加一对窗口', after: '中断超过', afterHint: '如果更长的中断属于正常情况，会自动等待更久。',
    by: '分别告警的维度', byHint: '最多两个。不选则整个范围为一个告警。', for: '至少持续', forHint: '条件满足多久之后才触发。', keep: '保持触发', keepHint: '条件消失多久之后才恢复。', notify: '通知', notifyAll: '接收此级别的所有渠道', notifySome: '仅以下渠道', labels: '标签', labelName: '标签', labelValue: '值', addLabel: '添加标签', note: '备注', noteHint: '附在每条通知中：含义以及应对方法。', runbook: '处理手册', runbookHint: '附在每条通知中的链接。',
    enabled: '启用', create: '创建规则', save: '保存更改', discard: '放弃更改', unsaved: '尚未保存。', kept: '您之前的更改仍保留在这里。', deleteTitle: '删除此规则？', deleteText: (name) => `“${name}”将被删除。其触发中的告警会结束并发出通知，历史记录保留。`, readOnly: (path) => `此规则来自规则文件 ${path}。请在该文件中修改，保存后立即生效。`, duplicate: '复制', copyOf: (name) => `${name}（副本）`,
    notFound: '此规则不存在。', created: (name) => `已创建 ${name}。`, saved: '已保存。',
    problems: {
      missing: '此项必填。', number: '请填写不小于 0 的数字。', percent: '请填写 0 到 100 的百分比。', objective: '请填写 0 到 100 之间的百分比，例如 99.9。',
      duration: '请填写时长，例如 90s、5m 或 1h30m。', minutes: '请填写整分钟数，例如 5m 或 1h。', link: '请填写以 https:// 开头的链接。',
      label: '只能使用字母、数字和 _，且不能以数字开头。', errors: '请说明哪些请求算作错误。', recover: '不能高于阈值。',
    },
    addFilter: '添加筛选', value: '值', removeValue: (text) => `移除：${text}`, noNotifier: '尚未设置通知渠道：规则会触发，但不会通知任何人。', toNotifiers: '去设置',
  },
  preview: {
    title: '回看效果', wait: '填写完规则后，这里会显示它会有怎样的表现。', value: '数值', threshold: '阈值', recover: '恢复', highest: (name) => `最高：${name}`, others: (_n, text) => `其他 ${text} 个`, firing: '本应触发', nothing: '该时间范围内没有数据', running: '正在计算…',
    none: '该时间范围内不会触发。', fired: (_n, text) => `会触发 ${text} 次。`, noise: (_n, notices, perWeek) => `${notices} 条通知，每周 ${perWeek} 条。`, firingFor: (text) => `合计触发 ${text}。`, noDataFor: (text) => `有 ${text} 日志不足，无法判断。`, loud: '次数过多：天天都来的告警，没有人会继续看。',
    from: '触发', to: '恢复', lasted: '持续', where: '范围', peak: '峰值', still: '结束时仍在触发', first: (shown, all) => `共 ${all} 次，显示前 ${shown} 次`, took: (text) => `计算用时 ${text}。`, range: '时间范围', run: '开始回测', perLine: '数值随时间变化',
    units: { requests: '请求数', share: '占请求的比例', burn: '消耗速率', score: '得分', minutes: '中断时长' },
  },
  importing: {
    title: '导入规则', lead: '格式与 Prometheus 规则文件相同的 YAML，以字段代替 PromQL。可用“导出 YAML”查看示例。', choose: '选择文件', paste: '或粘贴到此处', check: '检查', found: (_n, text) => `找到 ${text} 条规则`, problems: (_n, text) => of(text, '处错误'), fresh: '新增', same: '无变化', replaces: '替换同名规则', fromFile: '来自规则文件，跳过', run: (_n, text) => `导入 ${text} 条规则`, done: (_n, text) => `已导入 ${text} 条规则。`, failed: (name, why) => `${name} 导入失败：${why}`, at: (line, column) => `第 ${line} 行，第 ${column} 列`,
  },
  silences: {
    lead: '在一段时间内不通知哪些告警，到何时为止，以及原因。告警仍会触发并列出。', create: '新建静默', title: '静默', none: '没有静默。', noneHint: '可在处理故障期间静默某个告警，或在迁移期间静默某个主机名。', matchers: '匹配', until: '截止', by: '创建者', state: '状态', states: { active: '生效中', coming: '未开始', over: '已结束' }, mutes: (_n, text) => `正在静默 ${text} 个告警`, mutesNone: '当前没有匹配的告警', end: '立即结束', extend: '延长', from: '开始', endTitle: '结束此静默？', endText: '仍在触发的告警将发出通知。',
    formTitle: '新建静默', editTitle: '修改静默', which: '哪些告警', whichHint: '须同时满足所有条件。“形如”中，* 代表任意文本，| 表示或。', label: '标签', operator: '运算', value: '值', addMatcher: '添加条件', removeMatcher: '移除条件', lasts: '时长', ends: '结束', starts: '开始', nowChoice: '现在', reason: '原因', reasonHint: '让其他人知道为什么。', would: (_n, text) => `将静默 ${text} 个正在触发的告警。`, wouldNone: '当前没有会被静默的告警。', submit: '静默', operators: { '=': '等于', '!=': '不等于', '=~': '形如', '!~': '不形如' }, past: '结束时间必须在未来，且晚于开始时间。', showOver: (_n, text) => `显示已结束的 ${text} 项`,
  },
  maintenance: {
    title: '维护窗口', lead: '定期不发送通知的时段，例如夜间重启。', create: '新建窗口', none: '没有维护窗口。', name: '名称', days: '日期', everyDay: '每天', weekdays: { monday: '周一', tuesday: '周二', wednesday: '周三', thursday: '周四', friday: '周五', saturday: '周六', sunday: '周日' }, start: '开始时间', duration: '时长', zone: '时区', next: '下一次', active: '进行中', over: '已结束', firstDay: '首日', lastDay: '末日', which: '哪些告警', every: '所有告警', when: (days, start, duration, zone) => `${days} ${start} 起，持续 ${duration}（${zone}）`, formTitle: '新建维护窗口', editTitle: '修改维护窗口', deleteTitle: '删除此窗口？', deleteText: (name) => `“${name}”将不再静默任何告警。`, noDay: '请至少选择一天。',
  },
  notifiers: {
    lead: '通知发往何处、使用何种语言，以及每条通知的结果。', create: '新建渠道', title: '通知渠道', name: '名称', channel: '类型', destination: '发往', last: '最近通知', never: '尚无', ok: '已送达', failed: '失败', queued: (_n, text) => `${of(text, '条通知等待发送')}`, givenUp: (_n, text) => `${of(text, '条通知已放弃')}`, off: '已停用', language: '语言', severities: '级别', allSeverities: '全部级别',
    test: '发送测试', testing: '正在发送…', testOk: (name, status) => `${name} 已接受测试通知${status === '' ? '' : `（状态码 ${status}）`}，请前往确认是否收到。`, testFailed: (name, why) => `测试未能送达 ${name}：${why}`, testAgain: '再次发送测试',
    pick: '通知发往哪里？', newTitle: (channel) => `新建渠道：${channel}`, nameHint: '在规则和发送记录中以此名称显示。', connection: '连接', secretSet: '已保存。留空则保持不变。', secretKept: '已保存，不再显示。', forget: '移除已保存的值', forgotten: '将被移除', languageHint: '通知以此语言书写。', zone: '时间所用的时区', which: '哪些告警', severitiesHint: '不选表示全部。', matchers: '仅限带有这些标签的告警', resolved: '恢复时也通知', enabled: '启用', grouping: '合并与重复', groupBy: '相同则合并通知', groupByHint: '标签名，以逗号分隔。', groupWait: '首条通知前等待', groupInterval: '两条之间至少间隔', repeat: '触发期间重复间隔', create2: '创建渠道', saved: '已保存。', created: '已创建。请发送测试，确认能够收到。',
    deleteTitle: '删除此渠道？', deleteText: (name) => `将不再向“${name}”发送任何通知，等待发送的通知会被取消。`, notFound: '此渠道不存在。', required: '必填', yes: '是',
    channels: { webhook: '向任意地址发送带签名的 JSON', slack: '传入 Webhook', teams: '工作流 Webhook', pagerduty: '事件接口 v2，自动触发与恢复', email: '通过您的 SMTP 服务器', feishu: '飞书自定义机器人', dingtalk: '钉钉自定义机器人', alertmanager: 'Prometheus 告警管理器，API v2' },
    stepsTitle: '三步收到 Slack 告警', stepsLead: '尚未设置通知渠道，因此不会通知任何人。', stepOne: '在 Slack 中创建 Incoming Webhook', stepOneText: '打开 api.slack.com/apps：创建应用，启用“Incoming Webhooks”，添加到某个频道并复制其地址。', stepTwo: '粘贴到这里并发送测试', stepTwoText: '结果会立即显示。地址保存后不再显示。', stepThree: '启用一条规则', stepThreeText: '突增规则已启用。建议的规则适合您的流量；通过回测可以看到每条规则会叫醒您多少次。', stepThreeLater: '首次上传后，突增规则会启用，并建议适合您流量的其他规则。', stepSlack: '添加 Slack', stepOther: '其他渠道', stepRules: '查看规则', stepDone: '已完成',
  },
  deliveries: {
    title: '发送记录', lead: '每条通知及每次尝试。接收方故障不会丢失通知：它们会等待并重试。', none: '尚未发送任何通知。', when: '时间', to: '发往', about: '内容', state: '状态', attempts: '尝试', states: { queued: '等待中', sending: '发送中', sent: '已送达', failed: '已放弃', cancelled: '已取消' }, reasons: { change: '新消息', repeat: '重复', acknowledged: '认领', test: '测试' }, next: (text) => `下次尝试 ${text}`, retry: '立即重发', took: (text) => `用时 ${text}`, status: (code) => `状态码 ${code}`, attempt: (n) => `第 ${n} 次尝试`, id: '通知编号', filter: '状态', testNotice: '测试通知', show: (_n, text) => of(text, '次尝试'),
  },
  marks: {
    label: '该时间范围内的告警', fired: (name, when) => `${name}，触发于 ${when}`, would: (name, when) => `${name}，本应触发于 ${when}`, more: (_n, text) => of(text, '个告警'), legend: '告警', legendWould: '本应触发的告警',
  },
  would: {
    title: '这些日志本应触发的告警', lead: '历史日志不会叫醒任何人。所有规则都已按请求时间在其上运行，包括尚未启用的建议规则。', none: '没有规则会触发。', sent: '通知', off: '已停用', notices: (_n, text) => of(text, '条通知'), running: '正在这些日志上运行规则…',
  },
}
