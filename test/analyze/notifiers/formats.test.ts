/** Payloads against what each receiver documents. */
import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { composeAlertmanager } from '../../../analyze/notifiers/alertmanager.js'
import { composeDingTalk, refusalOfDingTalk } from '../../../analyze/notifiers/dingtalk.js'
import { composeMail } from '../../../analyze/notifiers/email.js'
import { composeFeishu, refusalOfFeishu } from '../../../analyze/notifiers/feishu.js'
import { composePagerDuty } from '../../../analyze/notifiers/pagerduty.js'
import { composeSlack } from '../../../analyze/notifiers/slack.js'
import { composeTeams } from '../../../analyze/notifiers/teams.js'
import { composeWebhook } from '../../../analyze/notifiers/webhook.js'
import { alertOf, FIRED, MARKUP, nasty, toldOf, notifierOf, composed } from './sample.js'

const NOW = FIRED + 300_000
type Json = ReturnType<typeof JSON.parse>

describe('webhook', () => {
  const notifier = notifierOf('webhook', {
    url: 'https://hooks.example.com/in',
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    headers: { 'X-Team': 'edge', 'Host': 'evil.example', 'webhook-id': 'forged' },
  })

  it('is signed as Standard Webhooks: a receiver that knows the secret can check id, time and body', () => {
    const [request] = composed(composeWebhook, toldOf(), notifier, NOW)
    const headers = request.headers ?? {}
    expect(headers['webhook-id']).toBe('notice-1')
    expect(headers['webhook-timestamp']).toBe(String(NOW / 1000))
    const key = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64')
    expect(headers['webhook-signature']).toBe(
      `v1,${createHmac('sha256', key)
        .update(`notice-1.${NOW / 1000}.${request.body}`)
        .digest('base64')}`,
    )
    expect(headers['x-team']).toBe('edge')
    expect(headers.host).toBeUndefined()
  })

  it('carries what, since when, how much against what is expected, where, why and where to look', () => {
    const body = JSON.parse(composed(composeWebhook, toldOf(), notifier, NOW)[0].body) as Json
    expect(body).toMatchObject({
      version: 1,
      id: 'notice-1',
      reason: 'change',
      title: '[Firing] Edge refuses visitors (critical) · www.example.com',
    })
    expect(body.alerts[0]).toMatchObject({
      phase: 'firing',
      firedAt: '2026-05-20T14:05:00.000Z',
      resolvedAt: null,
      value: 0.18,
      threshold: 0.02,
      expected: 0.004,
      windowSeconds: 300,
      requests: 4812,
      cause: { id: '403/waf-managed-rule', firstCheck: 'Look at the rule in Security Events.', confidence: 0.96 },
      links: { spike: 'https://faultline.example.com/spikes/s1' },
    })
    expect(body.text).toContain('18% of 4,812 requests in 5 min')
  })
})

describe('Slack', () => {
  const notifier = notifierOf('slack', { url: 'https://hooks.slack.com/services/T0/B0/x' })
  const body = (alerts = [alertOf()]) =>
    JSON.parse(composed(composeSlack, toldOf(alerts), notifier, NOW)[0].body) as Json

  it('has a fallback text, a header of at most 150 characters and sections of at most 3,000', () => {
    const { text, blocks } = body([alertOf({ name: 'x'.repeat(400) }), alertOf({ note: 'y'.repeat(4_000) })])
    expect(typeof text).toBe('string')
    expect(blocks[0].type).toBe('header')
    expect(blocks[0].text).toMatchObject({ type: 'plain_text' })
    expect(blocks[0].text.text.length).toBeLessThanOrEqual(150)
    expect(blocks.length).toBeLessThanOrEqual(50)
    for (const block of blocks.slice(1)) {
      expect(block.text.type).toBe('mrkdwn')
      expect(block.text.text.length).toBeLessThanOrEqual(3_000)
    }
  })

  it('escapes &, < and > of what visitors sent: nobody is called', () => {
    const text = JSON.stringify(body([nasty()]))
    expect(text).not.toContain('<!channel>')
    expect(text).not.toContain('<script>')
    expect(text).not.toContain('<at ')
    expect(text).toContain('&lt;!channel&gt;&amp;&lt;script&gt;')
    // the only < that are left begin our own links
    const links = [...text.matchAll(/<(?!\/)([^|>]*)\|/g)].map((m) => m[1])
    expect(links.length).toBeGreaterThan(0)
    for (const link of links) expect(link).toMatch(/^https:\/\//)
  })
})

describe('Microsoft Teams', () => {
  const notifier = notifierOf('teams', { url: 'https://prod-1.westeurope.logic.azure.com/workflows/x' })

  it('is a message with one Adaptive Card, as the workflow takes it', () => {
    const body = JSON.parse(composed(composeTeams, toldOf(), notifier, NOW)[0].body) as Json
    expect(body.type).toBe('message')
    const [attachment] = body.attachments
    expect(attachment).toMatchObject({ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null })
    expect(attachment.content).toMatchObject({
      $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
      type: 'AdaptiveCard',
      version: '1.4',
    })
    const facts = attachment.content.body.find((b: Json) => b.type === 'FactSet').facts as Json[]
    for (const fact of facts) expect([typeof fact.title, typeof fact.value]).toEqual(['string', 'string'])
    for (const action of attachment.content.actions) {
      expect(action).toMatchObject({
        type: 'Action.OpenUrl',
        title: expect.any(String),
        url: expect.stringMatching(/^https:/),
      })
    }
  })

  it('stays below 28 KB', () => {
    const many = Array.from({ length: 8 }, (_, i) => alertOf({ episode: `e${i}`, note: '漢'.repeat(1_100) }))
    expect(Buffer.byteLength(composed(composeTeams, toldOf(many), notifier, NOW)[0].body)).toBeLessThan(28 * 1024)
  })

  it('shows marks of Markdown instead of following them', () => {
    const text = JSON.parse(composed(composeTeams, toldOf([nasty()]), notifier, NOW)[0].body)
      .attachments[0].content.body.flatMap((b: Json) => b.facts ?? [])
      .map((f: Json) => f.value)
      .join('\n') as string
    expect(text).toContain('\\[l\\]\\(https://evil.example\\)')
    expect(text).not.toMatch(/(?<!\\)\[l/)
    expect(text).not.toContain('{{')
    expect(text).not.toMatch(/^# /m)
  })
})

describe('PagerDuty Events v2', () => {
  const notifier = notifierOf('pagerduty', { routingKey: 'R'.repeat(32) })
  const events = (...alerts: Parameters<typeof alertOf>[0][]) =>
    composed(composePagerDuty, toldOf(alerts.map(alertOf)), notifier, NOW).map((r) => JSON.parse(r.body) as Json)

  it('triggers with summary, source, severity and time, and resolves by the same key', () => {
    const [trigger] = events({})
    expect(composed(composePagerDuty, toldOf(), notifier, NOW)[0].url).toBe('https://events.pagerduty.com/v2/enqueue')
    expect(trigger).toMatchObject({
      routing_key: 'R'.repeat(32),
      event_action: 'trigger',
      dedup_key: 'faultline-e1',
      client: 'Faultline',
    })
    expect(trigger.payload).toMatchObject({
      source: 'www.example.com',
      severity: 'critical',
      timestamp: '2026-05-20T14:05:00.000Z',
      class: 'ratio',
    })
    expect(trigger.payload.summary.length).toBeLessThanOrEqual(1_024)
    expect(trigger.links[0]).toEqual({ href: 'https://faultline.example.com/spikes/s1', text: 'Open the spike' })
    expect(events({ phase: 'resolved', resolvedAt: NOW })).toEqual([
      {
        routing_key: 'R'.repeat(32),
        event_action: 'resolve',
        dedup_key: 'faultline-e1',
      },
    ])
    expect(events({ phase: 'acknowledged' })).toEqual([
      {
        routing_key: 'R'.repeat(32),
        event_action: 'acknowledge',
        dedup_key: 'faultline-e1',
      },
    ])
  })

  it('knows the four severities of the API only', () => {
    for (const severity of ['critical', 'warning', 'info'] as const) {
      expect(['critical', 'error', 'warning', 'info']).toContain(events({ severity })[0].payload.severity)
    }
  })

  it('opens and closes what was over before it could be told', () => {
    expect(events({ phase: 'passed', resolvedAt: NOW }).map((e) => e.event_action)).toEqual(['trigger', 'resolve'])
  })

  it('sends nothing of what did not change', () => {
    expect(events({}, { episode: 'e2', changed: false })).toHaveLength(1)
  })
})

describe('Feishu', () => {
  const notifier = notifierOf(
    'feishu',
    { url: 'https://open.feishu.cn/open-apis/bot/v2/hook/abc', secret: 'demo' },
    { language: 'zh' },
  )

  it('is an interactive card, signed with timestamp and secret as the key over nothing', () => {
    const body = JSON.parse(
      composed(composeFeishu, toldOf([alertOf()], { language: 'zh' }), notifier, NOW)[0].body,
    ) as Json
    expect(body.timestamp).toBe(String(NOW / 1000))
    expect(body.sign).toBe(createHmac('sha256', `${NOW / 1000}\ndemo`).digest('base64'))
    expect(body.msg_type).toBe('interactive')
    expect(body.card.header).toMatchObject({
      title: { tag: 'plain_text', content: '[告警中] 边缘拒绝访客（严重） · www.example.com' },
      template: 'red',
    })
    expect(body.card.elements[0]).toMatchObject({ tag: 'div', text: { tag: 'lark_md' } })
    expect(body.card.elements.at(-1).actions[0]).toMatchObject({
      tag: 'button',
      type: 'primary',
      url: 'https://faultline.example.com/spikes/s1',
    })
  })

  it('calls nobody with what visitors sent', () => {
    const { card } = JSON.parse(composed(composeFeishu, toldOf([nasty()]), notifier, NOW)[0].body) as Json
    const text = card.elements[0].text.content as string
    expect(text).not.toContain('<at')
    expect(text).toContain('&#60;at id=all&#62;')
    expect(text).not.toContain('[l](')
  })

  it('reads the verdict out of an answer with status 200', () => {
    const answer = (body: string) => ({ status: 200, headers: {}, body })
    expect(refusalOfFeishu(answer('{"code":0,"msg":"success","data":{}}'))).toBeNull()
    expect(refusalOfFeishu(answer('{"StatusCode":0,"StatusMessage":"success"}'))).toBeNull()
    expect(
      refusalOfFeishu(
        answer('{"code":19021,"msg":"sign match fail or timestamp is not within one hour from current time"}'),
      )?.reason,
    ).toContain('19021')
    expect(refusalOfFeishu(answer('{"code":11232,"msg":"frequency limited"}'))?.retryAfterMs).toBe(60_000)
    expect(refusalOfFeishu(answer('<html>'))).not.toBeNull()
  })
})

describe('DingTalk', () => {
  const notifier = notifierOf('dingtalk', {
    url: 'https://oapi.dingtalk.com/robot/send?access_token=abc',
    secret: 'SECdemo',
  })

  it('is Markdown, signed in the URL with the time in ms', () => {
    const [{ url, body }] = composed(composeDingTalk, toldOf(), notifier, NOW)
    const query = new URL(url).searchParams
    expect(query.get('access_token')).toBe('abc')
    expect(query.get('timestamp')).toBe(String(NOW))
    expect(query.get('sign')).toBe(createHmac('sha256', 'SECdemo').update(`${NOW}\nSECdemo`).digest('base64'))
    // the + and / of Base64 must not arrive as a blank
    expect(url).not.toMatch(/sign=[^&]*[+/ ]/)
    const message = JSON.parse(body) as Json
    expect(message).toMatchObject({
      msgtype: 'markdown',
      markdown: { title: expect.any(String), text: expect.stringContaining('###') },
      at: { isAtAll: false },
    })
  })

  it('calls nobody and links nowhere with what visitors sent', () => {
    const { text } = JSON.parse(composed(composeDingTalk, toldOf([nasty()]), notifier, NOW)[0].body).markdown as Json
    expect(text).not.toContain('@all')
    expect(text).not.toMatch(/(?<!\\)\[l/)
    expect(text).not.toContain('<script>')
  })

  it('reads the verdict out of an answer with status 200', () => {
    const answer = (body: string) => ({ status: 200, headers: {}, body })
    expect(refusalOfDingTalk(answer('{"errcode":0,"errmsg":"ok"}'))).toBeNull()
    expect(refusalOfDingTalk(answer('{"errcode":310000,"errmsg":"sign not match"}'))?.reason).toContain('310000')
    expect(refusalOfDingTalk(answer('{"errcode":130101,"errmsg":"send too fast"}'))?.retryAfterMs).toBe(600_000)
  })
})

describe('Alertmanager', () => {
  const notifier = notifierOf('alertmanager', { url: 'http://alertmanager:9093/' })
  const alerts = (change: Parameters<typeof alertOf>[0] = {}) =>
    JSON.parse(composed(composeAlertmanager, toldOf([alertOf(change)]), notifier, NOW)[0].body) as Json[]

  it('posts labels, annotations, startsAt and endsAt to /api/v2/alerts', () => {
    expect(composed(composeAlertmanager, toldOf(), notifier, NOW)[0].url).toBe('http://alertmanager:9093/api/v2/alerts')
    const [alert] = alerts()
    expect(alert.labels).toEqual({
      alertname: 'Edge refuses visitors',
      severity: 'critical',
      host: 'www.example.com',
      rule: 'rule-1',
      job: 'faultline',
    })
    expect(alert).toMatchObject({
      startsAt: '2026-05-20T14:05:00.000Z',
      generatorURL: 'https://faultline.example.com/alerts/e1',
    })
    expect(alert.annotations).toMatchObject({
      runbook_url: 'https://wiki.example.com/waf',
      cause: 'A managed WAF rule blocks these requests',
    })
  })

  it('keeps a firing alert alive beyond its next repeat, and ends a resolved one when it ended', () => {
    expect(Date.parse(alerts()[0].endsAt)).toBeGreaterThan(NOW + notifier.repeatInterval)
    expect(alerts({ phase: 'resolved', resolvedAt: FIRED + 60_000 })[0].endsAt).toBe('2026-05-20T14:06:00.000Z')
  })

  it('has the same labels when it ends', () => {
    expect(alerts({ phase: 'resolved', resolvedAt: NOW, flapping: true })[0].labels).toEqual(alerts()[0].labels)
  })
})

describe('mail', () => {
  const notifier = notifierOf('email', {
    host: 'smtp.example.com',
    from: 'Faultline <alerts@example.com>',
    to: ['ops@example.com'],
  })

  it('shows what visitors sent as text, in both parts', () => {
    const mail = composeMail(toldOf([nasty()]), { ...notifier.settings, ...notifier.secrets })
    expect(mail.html).not.toContain('<script>')
    expect(mail.html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(mail.text).toContain('<script>')
  })

  it('has a subject of one line and an id that stays', () => {
    const mail = composeMail(toldOf([alertOf({ name: `a\r\nBcc: evil@example.com ${MARKUP}` })]), {
      ...notifier.settings,
      ...notifier.secrets,
    })
    expect(mail.subject).not.toMatch(/[\r\n]/)
    expect(mail.messageId).toBe('<notice-1@example.com>')
  })
})
