/** One service with logs in it and one browser, shared by the tests of a file. */
import type { BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import type { AppOptions } from '../../../app.js'
import { startService, type TestService } from '../../app/service.js'
import { launch, settled, type TestBrowser, type TestPage } from './browser.js'
import { ndjson, type Line } from './traffic.js'

export interface Kit {
  readonly service: TestService
  readonly browser: TestBrowser
  /** a page at this path of the service, once all of it is there */
  open(path: string, options?: BrowserContextOptions & { quiet?: boolean }): Promise<TestPage>
}

/** Call it within a `describe`: they start before its tests and end after them. `query` is that of the upload. */
export function withPage(lines: () => Line[], query = '', options: Partial<AppOptions> = {}): Kit {
  let service: TestService
  let browser: TestBrowser
  beforeAll(async () => {
    service = await startService(options)
    const { status } = await service.post(`/api/v1/logs${query}`, ndjson(lines()))
    if (status !== 200) throw new Error(`the logs were not taken: ${status}`)
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })
  return {
    get service() {
      return service
    },
    get browser() {
      return browser
    },
    async open(path, more) {
      const opened = await browser.open(service.url + path, more)
      await settled(opened.page)
      return opened
    },
  }
}
