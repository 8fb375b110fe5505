/** What the first page costs a phone: script, styles, and the answers that it asks for, as they travel. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startService, type TestService } from '../../app/service.js'
import { hasChromium, launch, settled, type TestBrowser } from './browser.js'
import { ndjson, traffic } from './traffic.js'

const MOST_KB = 170
/** Shorter answers are not worth packing. */
const PACKED_FROM = 1_400

let browser: TestBrowser
let service: TestService
beforeAll(async () => {
  if (!hasChromium) return
  service = await startService()
  await service.post('/api/v1/logs', ndjson(traffic(Date.now()).lines))
  browser = await launch()
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
})

it.skipIf(!hasChromium)(`the first page weighs at most ${MOST_KB} kB, and answers of the API are packed`, async () => {
  const { page } = await browser.open(`${service.url}/`)
  await settled(page)
  const network = await page.context().newCDPSession(page)
  await network.send('Network.enable')
  await network.send('Network.setCacheDisabled', { cacheDisabled: true })
  const urls = new Map<string, string>()
  const weights = new Map<string, number>()
  // what the upload stirred up makes the page ask again: that is no more of the first page
  const seen = new Set<string>()
  const plain: string[] = []
  network.on('Network.responseReceived', ({ requestId, response }) => {
    if (seen.has(response.url)) return
    seen.add(response.url)
    urls.set(requestId, new URL(response.url).pathname)
    const length = Number(response.headers['content-length'] ?? 0)
    const isJson = response.mimeType === 'application/json'
    if (isJson && !response.headers['content-encoding'] && length >= PACKED_FROM) plain.push(response.url)
  })
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (urls.has(requestId)) weights.set(requestId, encodedDataLength)
  })
  await page.reload()
  await settled(page)
  await page.waitForLoadState('load')
  const kb = (bytes: number) => Math.round(bytes / 100) / 10
  const rows = [...weights].map(([id, bytes]) => [kb(bytes), urls.get(id) ?? ''] as const).sort(([a], [b]) => b - a)
  const total = kb([...weights.values()].reduce((sum, bytes) => sum + bytes, 0))
  process.stdout.write(
    `first page: ${total} kB of ${MOST_KB}\n${rows
      .slice(0, 6)
      .map(([n, url]) => `  ${n} kB ${url}`)
      .join('\n')}\n`,
  )
  expect(plain).toEqual([])
  expect(weights.size).toBeGreaterThan(5)
  expect(total).toBeLessThanOrEqual(MOST_KB)
})
