/** Every list can be taken along as it is: with the names and values of the API, and as a picture. */
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { hasChromium } from './browser.js'
import { withPage } from './kit.js'
import { week } from './week.js'

const RULE = {
  name: 'Visitors get 522',
  enabled: true,
  expr: { kind: 'count', where: { status: '522' }, window: '3h', above: 10 },
  by: ['status'],
}

describe.skipIf(!hasChromium)('lists as files', () => {
  const logs = week(Date.now())
  const kit = withPage(() => logs.lines, '?input=logpush&name=week.ndjson', {
    alerting: { allowAddresses: ['127.0.0.1'] },
  })

  async function taken(page: Page, inside: string, format: string): Promise<Buffer> {
    await page.locator(`${inside} .take button`).first().click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator(`${inside} .take .menu-item`, { hasText: format }).click(),
    ])
    return readFileSync(await download.path())
  }

  type Rows = { [field: string]: unknown }[]

  async function holds(path: string, inside: string, rows: Rows): Promise<void> {
    expect(rows.length, path).toBeGreaterThan(0)
    const { page, complaints } = await kit.open(path, { acceptDownloads: true })
    await page.locator(`${inside} .take button`).first().waitFor()
    const told = JSON.parse((await taken(page, inside, 'JSON')).toString()) as Rows
    expect(told, path).toHaveLength(rows.length)
    told.forEach((row, i) => expect(rows[i], path).toMatchObject(row))
    const lines = (await taken(page, inside, 'CSV')).toString().replace('\ufeff', '').trimEnd().split('\r\n')
    expect(lines[0].split(','), path).toEqual(Object.keys(told[0]))
    expect((await taken(page, inside, 'PNG')).length, path).toBeGreaterThan(2_000)
    expect(complaints, path).toEqual([])
    await page.close()
  }

  it('batches, annotations, incidents, requests', async () => {
    const at = new Date().toISOString()
    await kit.service.send('POST', '/api/v1/annotations', { text: '=deploy 1.42', at, by: 'ci' })
    const [spike] = (await kit.service.get('/api/v1/spikes')).body.spikes
    const incident = (await kit.service.send('POST', '/api/v1/incidents', { spike: spike.id, by: 'night shift' })).body
    await holds('/batches', 'main', (await kit.service.get('/api/v1/batches')).body.batches)
    await holds('/annotations', 'main', (await kit.service.get('/api/v1/annotations?from=0')).body.annotations)
    await holds('/incidents', 'main', (await kit.service.get('/api/v1/incidents')).body.incidents)
    await holds('/records?range=24h', '.take-records', (await kit.service.get('/api/v1/records?limit=50')).body.records)
    await holds(
      `/incidents/${incident.id}`,
      '.frozen-tables > :first-child',
      incident.frozen.breakdowns[0].rows.map(({ key, count, share }: { [name: string]: unknown }) => ({
        [incident.frozen.breakdowns[0].dimension]: key,
        requests: count,
        share,
      })),
    )
    await holds(`/incidents/${incident.id}`, 'section:has(> div > .records)', incident.frozen.records)
  })

  it('alerts that are over', async () => {
    const rule = (await kit.service.send('POST', '/api/v1/rules', RULE)).body
    const alerts = async (state: string) => (await kit.service.get(`/api/v1/alerts?state=${state}`)).body.alerts
    await expect.poll(() => alerts('firing'), { timeout: 30_000 }).toHaveLength(1)
    await kit.service.send('PUT', `/api/v1/rules/${rule.id}`, { ...RULE, enabled: false })
    await expect.poll(() => alerts('resolved'), { timeout: 30_000 }).toHaveLength(1)
    await holds('/alerts', 'section:has(> table)', await alerts('resolved'))
  })
})
