/** Mail through an SMTP server, plain text with an HTML part. The notice's id is the Message-ID: a repeat can be told. */
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { plainText, type Message, type WordedNotice } from './message.js'
import { channel, type DeliveryTools, type Outcome } from './notifier.js'
import { line, mailAddresses, optional, port, tick, type SettingValues } from './settings.js'

const LEVELS: { [level in Message['level']]: string } = {
  critical: '#c0362c',
  warning: '#b8620b',
  info: '#1f5fa8',
  ok: '#1a7f45',
}

const settings = {
  host: line({ destination: true }),
  port: optional(port({ destination: true })),
  secure: optional(tick({ protects: true })),
  requireTls: optional(tick({ protects: true })),
  allowSelfSigned: optional(tick({ protects: false })),
  user: optional(line()),
  password: optional(line({ secret: true })),
  from: line(),
  to: mailAddresses(),
}
type MailSettings = SettingValues<typeof settings>

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

export function composeMail(notice: WordedNotice, { from = '', to }: MailSettings): Mail {
  const { message } = notice
  const domain = /@([a-z0-9.-]+)/i.exec(from)?.[1] ?? 'faultline.invalid'
  return {
    from,
    to: recipientsOf(to),
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

/** From the connection to the last reply: three times what one reply may take. */
const MOST_TURNS = 3
/** A server's reply; those that there are have some hundred bytes. */
const MOST_REPLY_BYTES = 65_536

async function deliver(notice: WordedNotice, given: MailSettings, { outgoing }: DeliveryTools): Promise<Outcome> {
  const { host = '', user, password = '', secure = false } = given
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
  const { createTransport } = await import('nodemailer')
  const transport = createTransport({
    // connects to the address that was checked; the name is what the certificate must bear
    host: address,
    port: given.port ?? (secure ? 465 : 587),
    secure,
    requireTLS: given.requireTls === true,
    tls: {
      servername: isIP(host) === 0 ? host : undefined,
      rejectUnauthorized: given.allowSelfSigned !== true,
    },
    auth: user ? { user, pass: password } : undefined,
    connectionTimeout: outgoing.timeoutMs,
    greetingTimeout: outgoing.timeoutMs,
    socketTimeout: outgoing.timeoutMs,
    maxResponseSize: MOST_REPLY_BYTES,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const late = AbortSignal.timeout(MOST_TURNS * outgoing.timeoutMs)
  try {
    // a server that always says a little more would keep us for ever
    const { rejected } = await transport.sendMail({ ...composeMail(notice, given), signal: late })
    if (rejected.length === 0) return { ok: true, status: 250 }
    // the others have it, and would have it twice if it were sent again
    return { ok: true, status: 250, lacking: `${host} did not take it for ${rejected.join(', ')}`.slice(0, 300) }
  } catch (error) {
    const { message, responseCode } = error as Error & { responseCode?: number }
    if (late.aborted) return fail(`${host} did not take it within ${(MOST_TURNS * outgoing.timeoutMs) / 1000} s`, false)
    return fail(message.slice(0, 300), (responseCode ?? 0) >= 500, responseCode ?? null)
  } finally {
    transport.close()
  }
}

function recipientsOf(to: string[] | undefined): string[] {
  return (to ?? []).map((one) => one.trim()).filter(Boolean)
}

export const email = channel({
  type: 'email',
  label: 'Email',
  settings: settings,
  words: {
    en: {
      about: 'Through your SMTP server',
      settings: {
        host: { label: 'SMTP server', help: 'For example smtp.example.com' },
        port: { label: 'Port', help: 'Leave empty for 587, or 465 with TLS from the start' },
        secure: { label: 'TLS from the start', help: 'Otherwise STARTTLS where the server offers it' },
        requireTls: { label: 'Only with TLS', help: 'Send nothing if the server offers no STARTTLS' },
        allowSelfSigned: { label: 'Accept any certificate', help: 'Only for a server inside your own network' },
        user: { label: 'User', help: 'If the server asks for one' },
        password: { label: 'Password', help: 'If the server asks for one' },
        from: { label: 'From', help: 'For example Faultline <alerts@example.com>' },
        to: { label: 'To', help: 'One address per line' },
      },
    },
    fr: {
      label: 'E-mail',
      about: 'Par votre serveur SMTP',
      settings: {
        host: { label: 'Serveur SMTP', help: 'Par exemple smtp.example.com' },
        port: { label: 'Port', help: 'Vide pour 587, ou 465 avec TLS dès la connexion' },
        secure: { label: 'TLS dès la connexion', help: 'Sinon STARTTLS si le serveur le propose' },
        requireTls: { label: 'Uniquement avec TLS', help: 'Ne rien envoyer si le serveur ne propose pas STARTTLS' },
        allowSelfSigned: {
          label: 'Accepter tout certificat',
          help: 'Seulement pour un serveur de votre propre réseau',
        },
        user: { label: 'Utilisateur', help: 'Si le serveur en demande un' },
        password: { label: 'Mot de passe', help: 'Si le serveur en demande un' },
        from: { label: 'Expéditeur', help: 'Par exemple Faultline <alerts@example.com>' },
        to: { label: 'Destinataires', help: 'Une adresse par ligne' },
      },
    },
    zh: {
      label: '电子邮件',
      about: '通过您的 SMTP 服务器',
      settings: {
        host: { label: 'SMTP 服务器', help: '例如 smtp.example.com' },
        port: { label: '端口', help: '留空为 587；直接使用 TLS 时为 465' },
        secure: { label: '直接使用 TLS', help: '否则在服务器支持时使用 STARTTLS' },
        requireTls: { label: '仅使用 TLS', help: '服务器不支持 STARTTLS 时不发送' },
        allowSelfSigned: { label: '接受任何证书', help: '仅适用于内部网络的服务器' },
        user: { label: '用户名', help: '服务器要求时填写' },
        password: { label: '密码', help: '服务器要求时填写' },
        from: { label: '发件人', help: '例如 Faultline <alerts@example.com>' },
        to: { label: '收件人', help: '每行一个地址' },
      },
    },
  },
  destination: ({ to }) => recipientsOf(to).join(', '),
  deliver: deliver,
})
