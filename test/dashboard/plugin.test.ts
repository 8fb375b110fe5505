import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dashboardPlugin } from '../../dashboard/plugin.js'
import { linksUnder } from '../../analyze/alerts/notices/snapshot.js'
import { parseView, pathOf } from '../../dashboard/web/state/url.js'
import { answerError } from '../../schema/api/errors.js'
import { PAGES, pathOfPage, type PageName } from '../../schema/words/pages.js'

describe('serving the page', () => {
  let root: string
  let app: FastifyInstance
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'faultline-page-'))
    app = fastify()
    app.setErrorHandler(answerError)
  })
  afterEach(async () => {
    await app.close()
    rmSync(root, { recursive: true })
  })

  function build(): void {
    mkdirSync(join(root, 'assets'))
    writeFileSync(join(root, 'index.html'), '<!doctype html><title>Faultline</title>')
    writeFileSync(join(root, 'assets/index-abc.js'), 'export {}')
    writeFileSync(join(root, 'assets/index-abc.js.gz'), 'zipped')
  }

  it.each(Object.keys(PAGES) as PageName[])(
    'the page %s has one address for server, script and notices',
    async (name) => {
      build()
      await app.register(dashboardPlugin, { root })
      const url = pathOfPage(name as 'record', 'a/b c:ü%')
      expect((await app.inject(url)).statusCode).toBe(200)
      const page = parseView(url).page
      expect(page).toEqual(PAGES[name].includes(':id') ? { name, id: 'a/b c:ü%' } : { name })
      expect(pathOf(page)).toBe(url)
      const links = linksUnder('https://faultline.example.com/')
      if (name === 'alert' || name === 'spike')
        expect(links[name]('x')).toBe(`https://faultline.example.com${pathOfPage(name, 'x')}`)
    },
  )

  it.each([
    '/',
    '/records',
    '/records/7a1f7ad4df2f870a',
    '/batches',
    '/batches/1',
    '/statuses',
    '/statuses/403',
    '/spikes/20261120-071600-403-edge-www.example.com',
    '/alerts',
    '/rules/new',
    '/silences',
    '/notifiers/new:slack',
  ])('%s gives the document, asked for anew each time', async (url) => {
    build()
    await app.register(dashboardPlugin, { root })
    const answer = await app.inject(url)
    expect(answer.statusCode).toBe(200)
    expect(answer.body).toContain('<title>Faultline</title>')
    expect(answer.headers['cache-control']).toBe('no-cache')
  })

  it('gives assets for ever and compressed where the browser can', async () => {
    build()
    await app.register(dashboardPlugin, { root })
    const plain = await app.inject('/assets/index-abc.js')
    expect(plain.headers['cache-control']).toContain('immutable')
    expect(plain.body).toBe('export {}')
    const zipped = await app.inject({ url: '/assets/index-abc.js', headers: { 'accept-encoding': 'gzip' } })
    expect(zipped.headers['content-encoding']).toBe('gzip')
    expect(zipped.body).toBe('zipped')
  })

  it('leaves every other address to others', async () => {
    build()
    await app.register(dashboardPlugin, { root })
    for (const url of [
      '/api/v1/nothing',
      '/index.html/..%2f..%2fpackage.json',
      '/spikes',
      '/records/a/b',
      '/assets/none.js',
    ])
      expect((await app.inject(url)).statusCode, url).toBe(404)
  })

  it('shows people the page at an address that is none, as not found', async () => {
    build()
    await app.register(dashboardPlugin, { root })
    const headers = { accept: 'text/html,*/*;q=0.8' }
    const answer = await app.inject({ url: '/nothing/here', headers })
    expect([answer.statusCode, answer.body]).toEqual([404, '<!doctype html><title>Faultline</title>'])
    for (const url of ['/api/v1/nothing', '/assets/none.js']) {
      const refused = await app.inject({ url, headers })
      expect([refused.statusCode, refused.json().code], url).toEqual([404, 'NO_SUCH_ROUTE'])
    }
  })

  it('says what to do where the page was not built', async () => {
    await app.register(dashboardPlugin, { root })
    const answer = await app.inject('/')
    expect(answer.statusCode).toBe(503)
    expect(answer.json()).toMatchObject({ code: 'PAGE_NOT_BUILT', message: expect.stringContaining('npm run build') })
  })
})
