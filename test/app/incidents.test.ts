/** Incidents frozen for good, over HTTP, on a real store. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Compile } from 'typebox/compile'
import { IncidentSchema } from '../../schema/api/incidents.js'
import { startService, type TestService } from './service.js'

let service: TestService
const FROM = Date.UTC(2026, 4, 20, 6)
const MINUTE = 60_000
const at = (minute: number) => new Date(FROM + minute * MINUTE).toISOString()
const HOSTILE = '/<script>alert(1)</script>"&|`*'
let made = 0

function line(minute: number, second: number, own: object): string {
  const start = FROM + minute * MINUTE + second * 1000
  return JSON.stringify({
    RayID: (made++).toString(16).padStart(16, '0'),
    EdgeStartTimestamp: new Date(start).toISOString(),
    EdgeEndTimestamp: new Date(start + 80).toISOString(),
    ClientRequestHost: 'www.example.com',
    ClientRequestPath: '/',
    ClientRequestMethod: 'GET',
    ClientIP: `198.51.100.${second}`,
    ClientASN: 3320,
    ClientCountry: 'de',
    ClientRequestUserAgent: 'okhttp/4.12.0',
    ClientRequestSource: 'eyeball',
    EdgeColoCode: 'FRA',
    CacheCacheStatus: 'dynamic',
    EdgeResponseStatus: 200,
    OriginResponseStatus: 200,
    ...own,
  })
}

const broken = { EdgeResponseStatus: 522, OriginResponseStatus: 0, ClientRequestPath: HOSTILE }

beforeAll(async () => {
  service = await startService()
  const lines = Array.from({ length: 240 }, (_, minute) =>
    Array.from({ length: 40 }, (_, n) => line(minute, n, minute >= 150 && minute < 180 && n % 2 ? broken : {})),
  )
  await service.post('/api/v1/logs', Buffer.from(lines.flat().join('\n')))
  await service.send('POST', '/api/v1/annotations', { text: 'deploy <b>1.42</b>', at: at(146), kind: 'deploy' })
}, 60_000)
afterAll(() => service.stop())

const isIncident = Compile(IncidentSchema)
const freeze = (body: object) => service.send('POST', '/api/v1/incidents', body)
const read = (id: string, query = '') => service.get(`/api/v1/incidents/${id}${query}`)

describe('an incident', () => {
  it('freezes a spike: what is said of it in each language, figures, charts, annotations, records', async () => {
    const { spikes } = (await service.get('/api/v1/spikes')).body
    const { status, body } = await freeze({ spike: spikes[0].id, title: 'Checkout down', by: 'Ada' })
    expect([status, isIncident.Check(body)]).toEqual([201, true])
    expect(body).toMatchObject({ title: 'Checkout down', author: 'Ada', from: at(150), to: at(180) })
    const { frozen } = body
    expect(spikes[0]).toMatchObject(frozen.explained.en)
    expect(frozen.explained.fr.causes[0].title).not.toBe(frozen.explained.en.causes[0].title)
    expect(frozen.figures).toMatchObject({ requests: 600, all: 1200, share: 0.5, clients: 20 })
    expect(frozen.annotations[0]).toMatchObject({ text: 'deploy <b>1.42</b>' })
    expect(frozen.records).toHaveLength(20)
    expect(frozen.records[0]).toMatchObject({ edgeResponseStatus: 522, path: HOSTILE })
    const charted = frozen.charts.selection.series.flatMap(({ points }: { points: number[][] }) => points)
    expect(charted.reduce((sum: number, [, n]: number[]) => sum + n, 0)).toBe(600)
  })

  it('of a window without filters keeps the first requests that it tells of, not what went well in it', async () => {
    const { body } = await freeze({ from: at(149), to: at(160) })
    expect(body.frozen.explained.en).toMatchObject({ status: 522 })
    const statuses = body.frozen.records.map((r: { edgeResponseStatus: number }) => r.edgeResponseStatus)
    expect(statuses).toEqual(Array.from({ length: 20 }, () => 522))
    await service.send('DELETE', `/api/v1/incidents/${body.id}`)
  })

  it('freezes any window with filters, titled by its headline where no title is given', async () => {
    const { body } = await freeze({ from: at(150), to: at(160), filters: { status: '522' }, lang: 'fr' })
    expect(body.frozen.selection).toMatchObject({ filters: { status: ['522'] }, spike: null })
    expect(body.frozen.figures.requests).toBe(200)
    expect(body.title).toMatch(/522/)
    const calm = (await freeze({ from: at(10), to: at(20) })).body
    expect(calm.frozen).toMatchObject({ explained: null, figures: { requests: 400 } })
    expect((await read(calm.id, '?format=html&lang=en')).body).toContain('No errors in this window.')
  })

  it('does not change when data comes or goes', async () => {
    const { body } = await freeze({ from: at(150), to: at(180) })
    const [json, html] = [await read(body.id), await read(body.id, '?format=html')]
    await service.post('/api/v1/logs', Buffer.from([...Array(50).keys()].map((n) => line(160, n, broken)).join('\n')))
    const batches = (await service.get('/api/v1/batches')).body.batches
    for (const { id } of batches) await service.send('DELETE', `/api/v1/batches/${id}`)
    expect((await service.get('/api/v1/breakdown?by=status')).body.total).toBe(0)
    expect((await read(body.id)).body).toEqual(json.body)
    expect((await read(body.id, '?format=html')).body).toBe(html.body)
  })

  it('is listed, the latest first, page by page, and deleted', async () => {
    const all = (await service.get('/api/v1/incidents')).body.incidents
    expect(all.length).toBeGreaterThanOrEqual(4)
    expect(all[0]).not.toHaveProperty('frozen')
    const first = (await service.get('/api/v1/incidents?limit=3')).body
    const second = (await service.get(`/api/v1/incidents?limit=3&after=${first.next}`)).body
    expect([...first.incidents, ...second.incidents]).toEqual(all.slice(0, 6))
    expect((await service.send('DELETE', `/api/v1/incidents/${all[0].id}`)).status).toBe(204)
    expect((await read(all[0].id)).status).toBe(404)
    expect((await service.send('DELETE', `/api/v1/incidents/${all[0].id}`)).status).toBe(404)
  })
})

describe('its page', () => {
  const page = async (format: string, lang: string) => {
    const [{ id }] = (await service.get('/api/v1/incidents')).body.incidents.slice(-1)
    return read(id, `?format=${format}&lang=${lang}`)
  }

  it('needs nothing else, runs nothing, and shows text out of logs as text', async () => {
    const { body, headers } = await page('html', 'en')
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&amp;|`*')
    expect(body).toContain('deploy &lt;b&gt;1.42&lt;/b&gt;')
    expect(body).not.toMatch(/<script|<b>1\.42|<link|<img|@import|url\(/)
    expect(body).toMatch(/prefers-color-scheme: dark.*@media print/s)
    expect(body).toMatch(/<svg[^>]*role="img"/)
    expect(body).toContain('Frozen')
  })

  it.each([
    ['en', 'What changed', 'lang="en"', 'Origin failure'],
    ['fr', 'Ce qui a changé', 'lang="fr"', 'Panne d’origine'],
    ['zh', '发生的变化', 'lang="zh-Hans"', '源站故障'],
  ])('speaks %s, as page and as Markdown', async (lang, changed, attribute, source) => {
    const html = (await page('html', lang)).body
    expect(html).toContain(`<td>${source}</td>`)
    // 522 has the colour that it has everywhere
    expect(html).toMatch(/class="class-5xx"[^>]*\/><\/svg>522/)
    expect(html).toContain(attribute)
    expect(html).toContain(changed)
    const { body, headers } = await page('md', lang)
    expect(headers.get('content-type')).toBe('text/markdown; charset=utf-8')
    expect(body).toContain(`## ${changed}`)
    expect(body).toContain(`| ${source} |`)
    expect(body).not.toContain('origin-failure')
    expect(body).toContain('\\<script\\>')
    // no cell of a table is broken by what a path holds
    for (const row of body.split('\n').filter((one: string) => one.startsWith('| ') && one.includes('script')))
      expect(row.replaceAll('\\|', '').split('|').length, row).toBeGreaterThanOrEqual(5)
  })
})

it('has one line of time, in every form that it is exported to, and is safe in a spreadsheet', async () => {
  await service.send('POST', '/api/v1/annotations', {
    text: '=HYPERLINK("x")',
    at: at(20),
    url: 'https://ci.example.com/7',
  })
  const { body } = await freeze({ from: at(15), to: at(30), title: 'Timeline', by: 'Ada' })
  const html = (await read(body.id, '?format=html&lang=fr')).body as string
  const order = ['Début de l’incident', '=HYPERLINK', 'Fin de l’incident', 'Figé par Ada'].map((part) =>
    html.indexOf(part, html.indexOf('Chronologie')),
  )
  expect(order.every((place, i) => place > 0 && (i === 0 || place > order[i - 1]))).toBe(true)
  const md = (await read(body.id, '?format=md')).body as string
  expect(md).toContain('## Timeline')
  expect(md).toContain('<https://ci.example.com/7>')
  const { body: csv, headers } = await read(body.id, '?format=csv')
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
  const lines = (csv as string).replace('\ufeff', '').trimEnd().split('\r\n')
  expect(lines[0]).toBe('part,time,name,value,requests,share,share_before')
  expect(lines.find((line) => line.includes('HYPERLINK'))).toBe(`timeline,${at(20)},written,"'=HYPERLINK(""x"")",,,`)
  for (const line of lines) expect(line).not.toMatch(/(^|,)"?[=+@]/)
  expect(lines.filter((line) => line.startsWith('record,')).length).toBe(body.frozen.records.length)
})

describe('what cannot be frozen is refused', () => {
  it.each([
    ['nothing', {}, 400],
    ['half a window', { from: at(1) }, 400],
    ['both', { spike: 'x', from: at(1), to: at(2) }, 400],
    ['no such spike', { spike: '20260520-000000-500-origin' }, 404],
    ['a filter that there is not', { from: at(1), to: at(2), filters: { hots: 'x' } }, 400],
    ['an empty window', { from: at(1), to: at(1) }, 400],
  ])('%s', async (_, body, status) => {
    expect((await freeze(body)).status).toBe(status)
  })
  it('a format that there is not', async () => {
    const [{ id }] = (await service.get('/api/v1/incidents')).body.incidents
    expect((await read(id, '?format=pdf')).status).toBe(400)
  })
})
