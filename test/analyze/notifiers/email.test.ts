/** Mail through a real SMTP server. */
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, describe, expect, it } from 'vitest'
import { addressRules } from '../../../analyze/notifiers/addresses.js'
import { createOutgoing } from '../../../analyze/notifiers/outgoing.js'
import { alertOf, MARKUP, nasty, toldOf, notifierOf, channelOf } from './sample.js'

interface Mailbox {
  port: number
  mails: { from: string; to: string[]; text: string }[]
  users: string[]
  close(): Promise<void>
}

const open: Mailbox[] = []
async function startMailbox(options: SMTPServerOptions = {}): Promise<Mailbox> {
  const mails: Mailbox['mails'] = []
  const users: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onAuth: (auth, _session, callback) => {
      users.push(`${auth.username}:${auth.password}`)
      if (auth.password === 'right') callback(null, { user: auth.username })
      else callback(Object.assign(new Error('Invalid login'), { responseCode: 535 }))
    },
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map((r) => r.address),
          text: Buffer.concat(chunks).toString('utf8'),
        })
        callback()
      })
    },
    ...options,
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const box = {
    port: (server.server.address() as AddressInfo).port,
    mails,
    users,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
      }),
  }
  open.push(box)
  return box
}
afterEach(async () => {
  for (const box of open.splice(0)) await box.close()
})

const tools = (allowed = ['127.0.0.1']) => ({ outgoing: createOutgoing(addressRules(allowed), 2_000), now: () => 0 })
const mailer = (port: number, more: { [name: string]: unknown } = {}) =>
  notifierOf('email', {
    host: '127.0.0.1',
    port,
    from: 'Faultline <alerts@example.com>',
    to: ['ops@example.com', 'lead@example.com'],
    ...more,
  })

/** Quoted-printable and encoded words, back to text. */
const decoded = (text: string) =>
  text
    .replace(/=\r?\n/g, '')
    .replace(/((?:=[0-9A-F]{2})+)/g, (run) => Buffer.from(run.replaceAll('=', ''), 'hex').toString('utf8'))

/** Encoded words, which a subject beyond ASCII has, are put together again. */
const subjectOf = (text: string) =>
  decoded(
    (/^Subject: (.*(?:\r?\n[ \t].*)*)/m.exec(text)?.[1] ?? '')
      .replace(/\?=\r?\n\s+=\?UTF-8\?Q\?/gi, '')
      .replace(/=\?UTF-8\?Q\?(.*)\?=/i, '$1')
      .replaceAll('_', ' '),
  )

describe('mail', () => {
  it('arrives at every recipient, with both parts and an id that stays', async () => {
    const box = await startMailbox()
    expect(await channelOf('email').deliver(toldOf(), mailer(box.port), tools())).toEqual({ ok: true, status: 250 })
    const [mail] = box.mails
    expect([mail.from, mail.to]).toEqual(['alerts@example.com', ['ops@example.com', 'lead@example.com']])
    expect(subjectOf(mail.text)).toBe('[Firing] Edge refuses visitors (critical) · www.example.com')
    expect(mail.text).toMatch(/^Message-ID: <notice-1@example.com>/m)
    expect(mail.text).toMatch(/^Auto-Submitted: auto-generated/m)
    expect(mail.text).toContain('Content-Type: text/plain')
    expect(mail.text).toContain('Content-Type: text/html')
    expect(decoded(mail.text)).toContain('Look at the rule in Security Events.')
  })

  it('that one of its recipients does not get is told of, and not sent to the others again', async () => {
    const box = await startMailbox({
      onRcptTo: ({ address }, _session, callback) =>
        callback(address === 'lead@example.com' ? Object.assign(new Error('unknown'), { responseCode: 550 }) : null),
    })
    expect(await channelOf('email').deliver(toldOf(), mailer(box.port), tools())).toEqual({
      ok: true,
      status: 250,
      lacking: '127.0.0.1 did not take it for lead@example.com',
    })
    expect(box.mails.map(({ to }) => to)).toEqual([['ops@example.com']])
  })

  it('in Chinese arrives as it was written', async () => {
    const box = await startMailbox()
    await channelOf('email').deliver(toldOf([alertOf()], { language: 'zh' }), mailer(box.port), tools())
    const { text } = box.mails[0]
    const parts = [...text.matchAll(/Content-Transfer-Encoding: base64\r\n\r\n([A-Za-z0-9+/=\r\n]+)/g)].map((m) =>
      Buffer.from(m[1], 'base64').toString('utf8'),
    )
    expect(parts.length > 0 ? parts.join('\n') : decoded(text)).toContain('首先检查')
  })

  it('with markup out of a log line shows it, and lets it add no header', async () => {
    const box = await startMailbox()
    await channelOf('email').deliver(
      toldOf([nasty({ name: `x\r\nBcc: evil@example.com\r\n\r\n${MARKUP}` })]),
      mailer(box.port),
      tools(),
    )
    const head = box.mails[0].text.split('\r\n\r\n')[0]
    expect(head).not.toMatch(/^Bcc:/m)
    expect(box.mails[0].to).not.toContain('evil@example.com')
    expect(decoded(box.mails[0].text)).toContain('&lt;script&gt;')
  })

  it('signs in', async () => {
    const box = await startMailbox({ authOptional: false })
    expect(
      (await channelOf('email').deliver(toldOf(), mailer(box.port, { user: 'me', password: 'right' }), tools())).ok,
    ).toBe(true)
    const refused = await channelOf('email').deliver(
      toldOf(),
      mailer(box.port, { user: 'me', password: 'wrong' }),
      tools(),
    )
    expect(refused).toMatchObject({ ok: false, status: 535, permanent: true })
    expect(box.users).toEqual(['me:right', 'me:wrong'])
  })

  it('that the server puts off is tried again, that it refuses is said', async () => {
    const busy = await startMailbox({
      onRcptTo: (_a, _s, callback) => callback(Object.assign(new Error('Try later'), { responseCode: 451 })),
    })
    expect(await channelOf('email').deliver(toldOf(), mailer(busy.port), tools())).toMatchObject({
      ok: false,
      status: 451,
      permanent: false,
    })
    const full = await startMailbox({
      onRcptTo: (_a, _s, callback) => callback(Object.assign(new Error('No such user'), { responseCode: 550 })),
    })
    expect(await channelOf('email').deliver(toldOf(), mailer(full.port), tools())).toMatchObject({
      ok: false,
      status: 550,
      permanent: true,
    })
  })

  it('goes to no internal server that nobody allowed', async () => {
    const box = await startMailbox()
    const outcome = await channelOf('email').deliver(
      toldOf(),
      { ...mailer(box.port), settings: { ...mailer(box.port).settings, host: 'localhost' } },
      tools([]),
    )
    expect(outcome).toMatchObject({ ok: false, permanent: true })
    expect(outcome.ok ? '' : outcome.reason).toContain('internal address')
    expect(box.mails).toEqual([])
  })
})
