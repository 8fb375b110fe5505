import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { hasChromium, launch } from './browser.js'

describe.skipIf(!hasChromium)('the browser of the tests', () => {
  it('ends a page whose question the test is about to answer, without an error of its own', async () => {
    const errors: unknown[] = []
    const note = (error: unknown) => errors.push(error)
    process.on('unhandledRejection', note)
    const server = createServer((request, answer) => {
      if (request.url === '/late') setTimeout(() => answer.end('late'), 2_000)
      else answer.setHeader('content-type', 'text/html').end('<main></main>')
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const browser = await launch()
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      const { page } = await browser.open(url)
      const asked = new Promise<void>((resolve) => {
        void page.route('**/late', async (route) => {
          resolve()
          await route.fulfill({ response: await route.fetch() })
        })
      })
      await page.evaluate(() => void fetch('/late').catch(() => {}))
      await asked
      await browser.closePages()
      await new Promise((resolve) => setTimeout(resolve, 500))
      expect(errors).toEqual([])
    } finally {
      process.off('unhandledRejection', note)
      await browser.close()
      server.closeAllConnections()
      server.close()
    }
  })
})
