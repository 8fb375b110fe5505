/** Mail through an SMTP server, plain text with an HTML part. The notice's id is the Message-ID: a repeat can be told. */
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import nodemailer from 'nodemailer'
import type { StoredNotifier } from '../../schema/store/alert-log.js'
import { plainText, type Message, type WordedNotice } from './message.js'
import { textSetting, type Channel, type DeliveryTools, type Outcome } from './notifier.js'

const LEVELS: { [level in Message['level']]: string } = {
  critical: '#c0362c',
  warning: '#b8620b',
  info: '#1f5fa8',
  ok: '#1a7f45',
}

export interface Mail {
  from: string
  to: string[]
  subject: string
  text: string
  html: string
  messageId: string
  headers: { [name: string]: string }
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

export function composeMail(notice: WordedNotice, notifier: StoredNotifier): Mail {
  const { message } = notice
  const from = textSetting(notifier, 'from')
  const domain = /@([a-z0-9.-]+)/i.exec(from)?.[1] ?? 'faultline.invalid'
  return {
    from,
    to: recipientsOf(notifier),
    subject: message.title.slice(0, 200),
    text: plainText(message),
    html: htmlOf(message),
    messageId: `<${notice.id}@${domain}>`,
    headers: {
      // answering machines stay silent, mail programs put the turns of one alert under one another
      'Auto-Submitted': 'auto-generated',
      'X-Faultline-Notice': notice.id,
      'References': `<faultline-${notice.alerts[0]?.episode ?? notice.id}@${domain}>`,
    },
  }
}

function htmlOf(message: Message): string {
  const entries = message.entries
    .map(
      ({ heading, facts, links }) => `<h3 style="margin:20px 0 6px;font-size:15px">${escapeHtml(heading)}</h3>
<table style="border-collapse:collapse;font-size:14px">${facts
        .map(
          ({ head, text }) =>
            `<tr><td style="padding:2px 14px 2px 0;color:#666;vertical-align:top;white-space:nowrap">${escapeHtml(head)}</td><td style="padding:2px 0">${escapeHtml(text).replaceAll('\n', '<br>')}</td></tr>`,
        )
        .join('')}</table>
${links.map(({ text, url }) => `<a href="${escapeHtml(url)}" style="margin-right:14px;font-size:14px">${escapeHtml(text)}</a>`).join('')}`,
    )
    .join('\n')
  return `<!doctype html><meta charset="utf-8"><div style="font-family:system-ui,-apple-system,'Segoe UI','PingFang SC','Microsoft YaHei',sans-serif;max-width:640px">
<h2 style="margin:0;padding-left:10px;border-left:4px solid ${LEVELS[message.level]};font-size:18px">${escapeHtml(message.title)}</h2>
${entries}
<p style="color:#666;font-size:13px">${escapeHtml(message.more)}</p></div>`
}

async function deliver(notice: WordedNotice, notifier: StoredNotifier, { outgoing }: DeliveryTools): Promise<Outcome> {
  const host = textSetting(notifier, 'host')
  const fail = (reason: string, permanent: boolean, status: number | null = null): Outcome => ({
    ok: false,
    status,
    reason,
    retryAfterMs: null,
    permanent,
  })
  let address: string
  try {
    const found = isIP(host) === 0 ? (await lookup(host, { all: true })).map((a) => a.address) : [host]
    const allowed = found.find((a) => outgoing.addresses.refusal(a) === null)
    if (allowed === undefined) return fail(`${host}: ${outgoing.addresses.refusal(found[0] ?? host)}`, true)
    address = allowed
  } catch {
    return fail(`${host} has no address: check the name`, false)
  }
  const user = textSetting(notifier, 'user')
  const secure = notifier.settings.secure === true
  const transport = nodemailer.createTransport({
    // connects to the address that was checked; the name is what the certificate must bear
    host: address,
    port: Number(notifier.settings.port ?? (secure ? 465 : 587)),
    secure,
    requireTLS: notifier.settings.requireTls === true,
    tls: {
      servername: isIP(host) === 0 ? host : undefined,
      rejectUnauthorized: notifier.settings.allowSelfSigned !== true,
    },
    auth: user ? { user, pass: textSetting(notifier, 'password') } : undefined,
    connectionTimeout: outgoing.timeoutMs,
    greetingTimeout: outgoing.timeoutMs,
    socketTimeout: outgoing.timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  try {
    await transport.sendMail(composeMail(notice, notifier))
    return { ok: true, status: 250 }
  } catch (error) {
    const { message, responseCode } = error as Error & { responseCode?: number }
    return fail(message.slice(0, 300), (responseCode ?? 0) >= 500, responseCode ?? null)
  } finally {
    transport.close()
  }
}

function recipientsOf(notifier: StoredNotifier): string[] {
  const { to } = notifier.settings
  return (Array.isArray(to) ? to.map(String) : typeof to === 'string' ? to.split(/[,;]/) : [])
    .map((one) => one.trim())
    .filter(Boolean)
}

export const email: Channel = {
  type: 'email',
  label: 'Email',
  settings: [
    {
      name: 'host',
      label: 'SMTP server',
      kind: 'text',
      required: true,
      secret: false,
      destination: true,
      help: 'Like smtp.example.com',
    },
    {
      name: 'port',
      label: 'Port',
      kind: 'number',
      required: false,
      secret: false,
      destination: true,
      help: 'Default: 587, with TLS from the start 465',
    },
    {
      name: 'secure',
      label: 'TLS from the start',
      kind: 'boolean',
      required: false,
      secret: false,
      help: 'Otherwise STARTTLS where the server offers it',
    },
    {
      name: 'requireTls',
      label: 'Only with TLS',
      kind: 'boolean',
      required: false,
      secret: false,
      help: 'Send nothing if the server offers no STARTTLS',
    },
    {
      name: 'allowSelfSigned',
      label: 'Accept any certificate',
      kind: 'boolean',
      required: false,
      secret: false,
      help: 'For a server inside the house',
    },
    { name: 'user', label: 'User', kind: 'text', required: false, secret: false, help: 'If the server asks for one' },
    { name: 'password', label: 'Password', kind: 'secret', required: false, secret: true, help: '' },
    {
      name: 'from',
      label: 'From',
      kind: 'text',
      required: true,
      secret: false,
      help: 'Like Faultline <alerts@example.com>',
    },
    { name: 'to', label: 'To', kind: 'list', required: true, secret: false, help: 'One or more addresses' },
  ],
  destination: (notifier) => recipientsOf(notifier).join(', '),
  deliver,
}
