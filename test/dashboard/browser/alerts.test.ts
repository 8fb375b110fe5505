/** Alerting as people do it: from an empty service to a notice at a receiver, and back to quiet. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startService, type TestService } from '../../app/service.js'
import { hasChromium, launch, settled, shot, type TestBrowser } from './browser.js'
import { ndjson, traffic, type Line } from './traffic.js'

const SECRET = 'whsec_c2VjcmV0LW9mLXRoZS10ZXN0'

/** A receiver of webhooks that remembers what came. */
async function startReceiver(): Promise<{
  url: string
  received: { body: any; signature: string | undefined }[]
  stop(): Promise<void>
}> {
  // oxlint-disable-line typescript/no-explicit-any
  const received: { body: unknown; signature: string | undefined }[] = []
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      received.push({
        body: JSON.parse(Buffer.concat(parts).toString()),
        signature: request.headers['webhook-signature'] as string | undefined,
      })
      response.end('ok')
    })
  })
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    stop: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

/** The last half hour of the API's host fails. */
function failing(): Line[] {
  const { lines, to } = traffic(Date.now())
  const half = to - 30 * 60_000
  return lines.map((line) =>
    Date.parse(line.EdgeStartTimestamp) >= half && line.ClientRequestHost === 'api.example.com'
      ? { ...line, EdgeResponseStatus: 522, OriginResponseStatus: 0 }
      : line,
  )
}

describe.skipIf(!hasChromium)('alerting', () => {
  let browser: TestBrowser
  let service: TestService
  let receiver: Awaited<ReturnType<typeof startReceiver>>
  beforeAll(async () => {
    receiver = await startReceiver()
    service = await startService({ alerting: { allowAddresses: ['127.0.0.1'] } })
    expect((await service.post('/api/v1/logs?input=logpush', ndjson(failing()))).status).toBe(200)
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
    await receiver?.stop()
  })

  const open = async (path: string): Promise<{ page: Page; complaints: string[] }> => {
    const opened = await browser.open(service.url + path)
    await settled(opened.page)
    return opened
  }

  it('shows the way to a first notice, and a test arrives with the outcome in words', async () => {
    const { page, complaints } = await open('/alerts')
    expect(await page.locator('.first-steps li').count()).toBe(3)
    await shot(page, 'alerts-empty')
    await page.locator('.first-steps a', { hasText: 'Another channel' }).click()
    await page.locator('.channels a', { hasText: 'Webhook' }).first().click()
    await page.getByLabel('Name', { exact: true }).fill('On call')
    await page.getByRole('button', { name: 'Create notifier' }).click()
    await page.locator('.field-problem').waitFor()
    await page.getByLabel('URL', { exact: true }).fill(receiver.url)
    await page.getByLabel('Signing secret (optional)').fill(SECRET)
    await page.getByRole('button', { name: 'Create notifier' }).click()
    await page.getByRole('button', { name: 'Send a test: On call' }).click()
    await page.locator('.send-test .test-outcome.good').waitFor()
    // the surge that goes on may be told meanwhile
    const tests = receiver.received.filter(({ body }) => body.reason === 'test')
    expect(tests).toHaveLength(1)
    expect(tests[0].signature).toMatch(/^v1,/)
    await shot(page, 'notifier')
    // the secret is nowhere in the page any more, and stays when something else is changed
    expect(await page.content()).not.toContain('c2VjcmV0')
    expect(await page.locator('input[type=password]').first().inputValue()).toBe('')
    await page.getByLabel('Language', { exact: true }).selectOption('fr')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.locator('form .test-outcome').waitFor()
    const { body } = await service.get('/api/v1/notifiers')
    expect(body.notifiers[0]).toMatchObject({ name: 'On call', language: 'fr', secrets: { secret: '••••••••' } })
    expect(complaints).toEqual([])
  })

  it('calls the rules to begin with by their names in the reader’s language, and stores them as they are', async () => {
    const stored = async () => (await service.get('/api/v1/rules')).body.rules as { id: string; name: string }[]
    const before = await stored()
    const { page, complaints } = await open('/rules?lang=fr')
    const row = page.locator('.rule-row', { hasText: 'Erreurs serveur' })
    await row.getByRole('button', { name: 'Activer' }).click()
    await page.locator('.rule-row:not(.suggestion)', { hasText: 'Erreurs serveur' }).waitFor()
    const rule = before.find(({ name }) => name === 'Server errors')
    await page.goto(`${service.url}/rules/${rule?.id}?lang=zh`)
    await page.getByRole('heading', { name: '服务器错误' }).waitFor()
    await page.locator('form.form').waitFor()
    expect(await page.locator('form.form input').first().inputValue()).toBe('服务器错误')
    await page.goto(`${service.url}/silences?lang=zh`)
    await settled(page)
    expect((await stored()).map(({ name }) => name)).toEqual(before.map(({ name }) => name))
    expect(complaints).toEqual([])
  })

  it('says under the fields what only the service finds wrong with a rule, in the reader’s language', async () => {
    for (const [lang, label, told, refused] of [
      ['en', 'Counted over', 'must be from 1m to 30d', 'expr.window: must be from 1m to 30d.'],
      ['fr', 'Comptées sur', 'doit être compris entre 1m et 30d', 'La règle contient une erreur.'],
      ['zh', '统计窗口', '必须在 1m 到 30d 之间', '规则中有错误。'],
    ]) {
      const { page } = await browser.open(`${service.url}/rules/new?lang=${lang}`, { quiet: true })
      await settled(page)
      await page.getByLabel(label, { exact: true }).fill('40d')
      const under = page.locator('.field-problem', { hasText: told })
      await under.waitFor()
      expect(await under.textContent()).toBe(told)
      expect(await page.locator('.preview .problem').textContent()).toContain(told)
      await page.locator('form.form input').first().fill('Too long')
      await page.locator('form.form button[type=submit]').click()
      await page.locator('.form-end .problem').waitFor()
      const kept = (await page.locator('.form-end .problem').textContent()) ?? ''
      expect(kept).toContain(refused)
      expect(kept).toContain(told)
    }
  })

  it('makes a rule with a preview of what it would have done, and the receiver is told', async () => {
    // nobody listens at port 9
    const pager = { name: 'Pager', type: 'webhook', settings: { url: 'http://127.0.0.1:9/hook' } }
    expect((await service.send('POST', '/api/v1/notifiers', pager)).status).toBe(201)
    const { page, complaints } = await open('/rules')
    await page.getByRole('link', { name: 'New rule' }).click()
    await page.locator('.preview .backtest-text').waitFor()
    await page.getByLabel('Which requests: Value').fill('api.example.com')
    await page.keyboard.press('Enter')
    await page.locator('.where-chips .chip', { hasText: 'api.example.com' }).waitFor()
    await page.getByLabel('Fires above (%)').fill('a lot')
    await page.locator('.field-problem', { hasText: 'number' }).waitFor()
    await page.getByLabel('Fires above (%)').fill('20')
    await page.getByLabel('Minimum of requests').fill('10')
    await page.locator('.backtest-text', { hasText: 'Would have fired 1 time.' }).waitFor()
    expect(await page.locator('.rule-sentence').textContent()).toBe(
      '5xx above 20% of requests in 5m · only api.example.com · at least 10 requests',
    )
    await page.getByLabel('Name', { exact: true }).fill('The API is down')
    await page.getByRole('group', { name: 'Severity' }).getByText('Critical').click()
    await settled(page)
    await shot(page, 'rule-editor')
    await page.getByRole('button', { name: 'Create rule' }).click()
    await page.waitForFunction(() => location.pathname.startsWith('/rules/rule-'))
    const { body } = await service.get('/api/v1/rules')
    expect(body.rules.find((r: { name: string }) => r.name === 'The API is down')).toMatchObject({
      severity: 'critical',
      expr: { kind: 'ratio', above: 0.2, minimum: 10, where: { host: 'api.example.com' } },
    })
    await expect
      .poll(() => receiver.received.some((r) => JSON.stringify(r.body).includes('The API is down')), {
        timeout: 20_000,
      })
      .toBe(true)
    expect(complaints).toEqual([])
  })

  it('says of an alert who was told, and who was not though it was tried, and when it is tried again', async () => {
    const { page, complaints } = await open('/alerts')
    const row = page.locator('.firing-row', { hasText: 'The API is down' })
    await row.locator('.firing-facts', { hasText: /told: On call.*not told: Pager \(\d+ attempts? failed\)/ }).waitFor()
    const { id } = (await service.get('/api/v1/alerts?state=firing')).body.alerts.find(
      (alert: { name: string }) => alert.name === 'The API is down',
    )
    for (const path of ['/', '/statuses', '/records']) {
      await page.goto(service.url + path)
      await page.locator('.failing', { hasText: 'Pager' }).waitFor()
    }
    for (const [lang, said] of [
      [
        'en',
        /Pager firing \d+ attempts? (has|have) failed since \d\d:\d\d: 127\.0\.0\.1.* refuses connections.*next attempt/i,
      ],
      ['fr', /Pager .*\d+ tentatives? (a échoué|ont échoué) depuis \d\d:\d\d.*rochaine tentative/],
      ['zh', /Pager .*自 \d\d:\d\d 起已失败 \d+ 次.*(下次尝试|正在再次尝试)/],
    ] as const) {
      await page.goto(`${service.url}/alerts/${id}?lang=${lang}`)
      await page.locator('.untold').waitFor()
      expect(await page.locator('.untold').textContent()).toMatch(said)
      expect(await page.locator('.told').textContent()).toContain('On call')
    }
    // where nobody else took it, that it is tried is said, not that nobody was told
    await page.route(`**/api/v1/alerts/${id}*`, async (route) => {
      const answer = await route.fetch()
      await route.fulfill({ response: answer, json: { ...(await answer.json()), notified: [] } })
    })
    await page.goto(`${service.url}/alerts/${id}?lang=en`)
    await page.locator('.untold').waitFor()
    expect(await page.locator('main').textContent()).not.toContain('Nobody has been told')
    await shot(page, 'alert-untold')
    expect(complaints).toEqual([])
  })

  it('acknowledges and silences what fires, and everybody sees it', async () => {
    const { page, complaints } = await open('/alerts')
    const row = page.locator('.firing-row', { hasText: 'The API is down' })
    await row.waitFor()
    expect(await page.locator('header.top .firing-count').first().textContent()).toMatch(/alerts? firing/)
    await shot(page, 'alerts-firing')
    await row.getByRole('button', { name: 'Acknowledge' }).click()
    await page.locator('dialog[open]').getByLabel('Your name').fill('Ada')
    await page.keyboard.press('Enter')
    await row.locator('.flag', { hasText: 'Ada is on it' }).waitFor()
    await row.getByRole('button', { name: 'Silence' }).click()
    const dialog = page.locator('dialog[open]')
    expect(await dialog.locator('.would-mute').textContent()).toContain('Would mute 1 alert')
    await dialog.getByRole('button', { name: 'Silence' }).click()
    await dialog.locator('.field-problem').waitFor()
    await dialog.getByLabel('Reason').fill('The hoster is on it')
    await shot(page, 'silence')
    await dialog.getByRole('button', { name: 'Silence' }).click()
    await row.locator('.flag', { hasText: 'muted' }).waitFor({ timeout: 20_000 })
    await page.locator('.sections a', { hasText: 'Silences' }).click()
    await page.locator('.silence-row', { hasText: 'The hoster is on it' }).waitFor()
    expect(await page.locator('.silence-row').textContent()).toContain('mutes 1 alert now')
    expect(complaints).toEqual([])
  })

  it('shows alerts on the chart of the overview, apart from spikes', async () => {
    const { page } = await open('/?range=6h')
    const mark = page.locator('.by-class .alert-mark').first()
    await mark.waitFor()
    expect(await mark.getAttribute('aria-label')).toContain('fired')
    await shot(page, 'overview-alerts')
  })

  it('suggests rules and switches on only what is confirmed; a backtest tells the noise', async () => {
    const { page, complaints } = await open('/rules')
    const suggested = page.locator('.suggestion')
    const before = await suggested.count()
    expect(before).toBeGreaterThan(3)
    await shot(page, 'rules')
    const first = suggested.filter({ hasText: 'Edge refuses visitors' })
    await first.getByRole('button', { name: /^Backtest/ }).click()
    await page.locator('dialog .backtest-text', { hasText: 'Would have fired 1 time.' }).waitFor()
    expect(await page.locator('dialog .episodes tbody tr').count()).toBe(1)
    await shot(page, 'backtest')
    await page.keyboard.press('Escape')
    await first.getByRole('button', { name: /^Switch on/ }).click()
    await page.locator('.rule-row:not(.suggestion)', { hasText: 'Edge refuses visitors' }).waitFor()
    expect(await suggested.count()).toBe(before - 1)
    expect(complaints).toEqual([])
  })

  it('takes in what it gave out as YAML, and shows mistakes with their lines', async () => {
    const { page } = await open('/rules')
    const yaml = (await service.get('/api/v1/rules/export')).body as string
    await page.getByRole('button', { name: 'Import' }).click()
    const dialog = page.locator('dialog[open]')
    await dialog
      .locator('textarea')
      .fill(
        `${yaml.replace('The API is down', 'The API is gone')}      - alert: Broken\n        expr: {kind: count, windw: 5m, above: 1}\n`,
      )
    await dialog.getByRole('button', { name: 'Check' }).click()
    await dialog.locator('.found').waitFor()
    expect(await dialog.locator('.found .problem').textContent()).toMatch(/line \d+.*Broken.*windw/)
    expect(await dialog.locator('.found-rules li', { hasText: 'The API is gone' }).textContent()).toContain('new')
    // what is there already is left alone: suggestions stay suggestions
    expect(await dialog.locator('.found-rules li', { hasText: 'No logs' }).textContent()).toContain('unchanged')
    await shot(page, 'import')
    await dialog.getByRole('button', { name: 'Import 1 rule', exact: true }).click()
    await dialog.getByText('1 rule imported.').waitFor()
    const { body } = await service.get('/api/v1/rules')
    expect(body.rules.map((r: { name: string }) => r.name)).toEqual(
      expect.arrayContaining(['The API is gone', 'The API is down']),
    )
  })

  it('warns, in the reader’s language, of a share of requests that were chosen by how they ended', async () => {
    const { page } = await open('/rules?lang=fr')
    await page.locator('#content').getByRole('button', { name: 'Importer' }).click()
    const dialog = page.locator('dialog[open]')
    await dialog
      .locator('textarea')
      .fill(
        'groups:\n  - name: g\n    rules:\n      - alert: Of 503s\n        expr: {kind: ratio, where: {status: 503}, errors: {class: 5xx}, window: 5m, above: 5%}\n',
      )
    await dialog.locator('button[type=submit]').click()
    await dialog.locator('.found-rules .aside.warn', { hasText: 'Retirez-y status=503' }).waitFor()
    await dialog.locator('button[type=submit]').click()
    await dialog.locator('footer .primary').click()
    await page.getByRole('link', { name: 'Of 503s' }).first().click()
    await page.locator('.preview .aside.warn', { hasText: 'Retirez-y status=503' }).waitFor()
  })
})
