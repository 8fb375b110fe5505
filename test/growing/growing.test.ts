/**
 * Adding to Faultline is as little as CONTRIBUTING says: in a copy of the sources a field, an input, a channel of notices, a kind
 * of rule and a language are added in just that way, and are found everywhere they must appear. Nothing else is touched; the
 * line scanner is not even compiled anew.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addLanguage } from './add-language.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const copy = mkdtempSync(join(tmpdir(), 'faultline-growing-'))
const ROOMS = ['schema', 'ingest', 'analyze', 'dashboard']

/** A field: one entry in the file of its group. */
const FIELD = `  field({
    name: 'tlsVersion',
    column: 'tls_version',
    role: 'dimension',
    type: 'string',
    from: ['ClientSSLProtocol', 'ClientTlsVersion'],
    read: 'lower',
    filter: 'tlsVersion',
    evidence: true,
    meaning: 'The TLS version between the visitor and the edge',
    spoils: { en: 'whether old programs are affected', fr: 'si de vieux programmes sont touchés', zh: '旧程序是否受影响' },
    labels: {
      en: { one: 'TLS version', many: 'TLS versions', inText: 'TLS version' },
      fr: { one: 'Version de TLS', many: 'Versions de TLS' },
      zh: { one: 'TLS 版本' },
    },
  }),
  field({
    name: 'requestBytes',
    column: 'request_bytes',
    role: 'measure',
    type: 'integer',
    from: ['ClientRequestBytes'],
    read: 'wholeAmount',
    meaning: 'Bytes of the request',
    labels: { en: { one: 'Bytes received' }, fr: { one: 'Octets reçus' }, zh: { one: '接收字节数' } },
  }),
`

/** An input: its file, its entry, its line. */
const INPUT = `import type { PostedInput } from './input.js'

export const relay: PostedInput = { kind: 'posted', isSender: (headers) => headers['x-relay'] === 'yes' }
`
const INPUT_WORDS = `  {
    name: 'relay',
    live: true,
    meaning: 'posted by a relay',
    labels: { en: 'Relay', fr: 'Relais', zh: '中继' },
  },
`

/** A channel: its file, its line. */
const CHANNEL = `import { channel, overHttp } from './notifier.js'
import { address } from './settings.js'

const settings = { url: address({ secret: true, destination: true }) }
const words = { about: 'A pager', settings: { url: { label: 'Address', help: '' } } }

export const pager = channel({
  type: 'pager',
  label: 'Pager',
  settings,
  words: { en: words, fr: words, zh: words },
  deliver: overHttp<typeof settings>({ compose: ({ message }, { url = '' }) => [{ url, body: JSON.stringify({ beep: message.title }) }] }),
})
`

/** A kind of rule: its file, its line. */
const KIND = `import { number } from '../../../schema/api/rule-fields.js'
import { plainFinding } from '../signals/signal.js'
import { common, COMMON_WORDS } from './common.js'
import { ruleKind } from './kind.js'

const words = (language: 'en' | 'fr' | 'zh') => ({
  name: 'Crowd',
  when: 'Too many requests in one minute.',
  fields: { ...COMMON_WORDS[language], most: { label: 'At most a minute', help: '' } },
  seen: () => 'a crowd',
})

export const crowd = ruleKind({
  name: 'crowd',
  fields: { where: common.where, most: number('More than so many requests in a minute', { minimum: 1 }) },
  async signals({ where, most }, { by }, { grid, ask }) {
    const table = await ask({ ...where, by })
    return {
      grid,
      unit: 'requests',
      threshold: most,
      labelNames: by,
      groups: table.groups,
      problems: [],
      signalOf(group) {
        const start = table.of(group).requests
        return { start, stay: start, startAbove: most, stayAbove: most, finding: (i) => plainFinding('requests', start[i], most) }
      },
    }
  },
  words: { en: words('en'), fr: words('fr'), zh: words('zh') },
})
`

function edit(path: string, ...edits: [before: string, added: string][]): void {
  let text = readFileSync(join(copy, path), 'utf8')
  for (const [before, added] of edits) {
    expect(text, `${path} has no ${before}`).toContain(before)
    text = text.replace(before, `${added}${before}`)
  }
  writeFileSync(join(copy, path), text)
}

let service: ChildProcess
let url: string

beforeAll(async () => {
  const files = spawnSync('git', ['ls-files', ...ROOMS, 'app.ts', 'main.ts', 'package.json', 'tsconfig.json'], {
    cwd: root,
  })
  for (const file of files.stdout.toString().trim().split('\n')) {
    mkdirSync(join(copy, dirname(file)), { recursive: true })
    cpSync(join(root, file), join(copy, file))
  }
  for (const installed of ['node_modules', 'schema/sqlite/driver/node20/node_modules'])
    if (existsSync(join(root, installed))) symlinkSync(join(root, installed), join(copy, installed))
  cpSync(join(root, 'dist/ingest/reader/fast/scanner.wasm'), join(copy, 'dist/ingest/reader/fast/scanner.wasm'), {
    recursive: true,
  })

  edit('schema/words/fields/visitor.ts', ['] as const satisfies readonly Field[]', FIELD])
  writeFileSync(join(copy, 'ingest/inputs/relay.ts'), INPUT)
  edit('schema/words/inputs.ts', ['] as const satisfies readonly InputWords[]', INPUT_WORDS])
  edit(
    'ingest/inputs/index.ts',
    ['import { logpush }', "import { relay } from './relay.js'\n"],
    ['logpush, upload, file', 'relay, '],
  )
  writeFileSync(join(copy, 'analyze/notifiers/pager.ts'), CHANNEL)
  edit(
    'analyze/notifiers/index.ts',
    ['import { slack }', "import { pager } from './pager.js'\n"],
    ['webhook, slack', 'pager, '],
  )
  writeFileSync(join(copy, 'analyze/alerts/kinds/crowd.ts'), KIND)
  edit(
    'analyze/alerts/kinds/index.ts',
    ['import { ratio }', "import { crowd } from './crowd.js'\n"],
    ['ratio, surge', 'crowd, '],
  )
  const sources = [
    ...files.stdout.toString().trim().split('\n'),
    'analyze/notifiers/pager.ts',
    'analyze/alerts/kinds/crowd.ts',
  ]
  expect(addLanguage(copy, sources)).toContain('schema/words/languages.ts')
  const built = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json'], {
    cwd: copy,
  })
  expect(built.stdout.toString()).toBe('')
  expect(built.status).toBe(0)
  const page = [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'dashboard/web/tsconfig.json']
  expect(spawnSync(process.execPath, page, { cwd: copy }).stdout.toString()).toBe('')
  service = spawn(
    process.execPath,
    ['dist/main.js', 'serve', '--port', '0', '--store', 'sqlite:grown.sqlite', '--allow-addresses', '127.0.0.1'],
    {
      cwd: copy,
    },
  )
  url = await new Promise<string>((resolve, reject) => {
    let said = ''
    for (const stream of [service.stdout, service.stderr])
      stream?.on('data', (text) => {
        said += text
        const address = /on (http:[^\s"]+)/.exec(said)?.[1]
        if (address) resolve(address)
      })
    service.once('exit', () => reject(new Error(said)))
  })
}, 240_000)

afterAll(async () => {
  if (service?.exitCode === null) {
    const gone = new Promise((resolve) => service.once('exit', resolve))
    service.kill('SIGTERM')
    await gone
  }
  rmSync(copy, { recursive: true, force: true })
})

// oxlint-disable-next-line typescript/no-explicit-any
const get = async (path: string): Promise<any> => (await fetch(url + path)).json()
// oxlint-disable-next-line typescript/no-explicit-any
const send = async (path: string, body: object): Promise<any> => {
  const headers = { 'content-type': 'application/json' }
  return (await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })).json()
}
const built = <T>(path: string): Promise<T> => import(pathToFileURL(join(copy, 'dist', path)).href) as Promise<T>

/** The page is built by itself, from the same sources. */
const pageWords = (language: string): Promise<{ [language: string]: PageWords }> =>
  import(pathToFileURL(join(copy, `dashboard/languages/${language}.ts`)).href)

const line = (n: number, more: object) =>
  JSON.stringify({
    EdgeStartTimestamp: new Date(Date.now() - 60_000 + n).toISOString(),
    EdgeResponseStatus: 200,
    OriginResponseStatus: 200,
    RayID: n.toString(16).padStart(16, '0'),
    ClientRequestHost: 'www.example.com',
    ...more,
  })

describe('a field that was added', () => {
  it('is read, kept, broken down and filtered by, and shown', async () => {
    const lines = [
      ...Array.from({ length: 7 }, (_, i) => line(i, { ClientSSLProtocol: 'TLSv1.3', ClientRequestBytes: 100 + i })),
      ...Array.from({ length: 2 }, (_, i) => line(10 + i, { ClientSSLProtocol: '', ClientTlsVersion: 'tlsv1.2' })),
      line(20, {}),
    ]
    const report = (await (await fetch(`${url}/api/v1/logs`, { method: 'POST', body: lines.join('\n') })).json()) as {
      stored: number
      missingFields: { field: string }[]
    }
    expect(report.stored).toBe(10)
    expect(report.missingFields.map(({ field }) => field)).not.toContain('ClientSSLProtocol')
    const { rows } = await get('/api/v1/breakdown?by=tlsVersion')
    expect(rows.map(({ key, count }: { key: string; count: number }) => [key, count])).toEqual([
      ['tlsv1.3', 7],
      ['tlsv1.2', 2],
      ['', 1],
    ])
    expect((await get('/api/v1/summary?tlsVersion=TLSv1.2')).requests).toBe(2)
    const [record] = (await get('/api/v1/records/0000000000000003')).records
    expect(record).toMatchObject({ tlsVersion: 'tlsv1.3', requestBytes: 103 })
  })

  it('is named where an export lacks it', async () => {
    const report = (await (await fetch(`${url}/api/v1/logs`, { method: 'POST', body: line(99, {}) })).json()) as {
      missingFields: object[]
    }
    expect(report.missingFields).toContainEqual({
      field: 'ClientSSLProtocol',
      spoils: 'whether old programs are affected',
    })
  })

  it('is in the description of the API', async () => {
    const { paths } = await get('/openapi.json')
    const names = (path: string) => paths[path].get.parameters.map(({ name }: { name: string }) => name)
    for (const path of ['/api/v1/timeseries', '/api/v1/breakdown', '/api/v1/records', '/api/v1/spikes'])
      expect(names(path)).toEqual(expect.arrayContaining(['tlsVersion', 'not.tlsVersion']))
    expect(JSON.stringify(paths['/api/v1/records'].get.responses)).toContain(
      'The TLS version between the visitor and the edge',
    )
  })

  it('has its name on the page and in notices, in every language, and its place', async () => {
    const texts = await Promise.all(['en', 'fr', 'zh'].map((l) => pageWords(l)))
    expect(['en', 'fr', 'zh'].map((l, i) => texts[i][l].dimensions.tlsVersion.one)).toEqual([
      'TLS version',
      'Version de TLS',
      'TLS 版本',
    ])
    expect(['en', 'fr', 'zh'].map((l, i) => texts[i][l].fields.requestBytes.one)).toEqual([
      'Bytes received',
      'Octets reçus',
      '接收字节数',
    ])
    expect(texts[1].fr.missing.ClientSSLProtocol).toBe('si de vieux programmes sont touchés')
    const { FIELD_GROUPS, EVIDENCE_FIELDS, LOGPUSH_FIELDS } = await built<Catalogue>('schema/words/fields.js')
    expect(FIELD_GROUPS.visitor.map(({ name }) => name)).toEqual(expect.arrayContaining(['tlsVersion', 'requestBytes']))
    expect(EVIDENCE_FIELDS).toContain('tlsVersion')
    expect(LOGPUSH_FIELDS).toEqual(expect.arrayContaining(['ClientSSLProtocol', 'ClientRequestBytes']))
    const { dimensionLabels } = await built<{ dimensionLabels(l: string): PageWords['dimensions'] }>(
      'schema/words/dimensions.js',
    )
    expect(dimensionLabels('fr').tlsVersion.inText).toBe('version de TLS')
  })

  it('is read by the fast reader itself, its older name too', async () => {
    const { createFastReader } = await built<{
      createFastReader(options: object): { read(b: Uint8Array): object; oddLines: number }
    }>('ingest/reader/fast/fast-reader.js')
    const { DEFAULT_READ_SETTINGS } = await built<{ DEFAULT_READ_SETTINGS: object }>('ingest/reader/normalise.js')
    const reader = createFastReader({ identityKey: [1, 2, 3, 4], settings: DEFAULT_READ_SETTINGS })
    reader.read(
      Buffer.from(
        [line(1, { ClientSSLProtocol: 'x', ClientRequestBytes: 5 }), line(2, { ClientTlsVersion: 'y' })].join('\n'),
      ),
    )
    expect(reader.oddLines).toBe(0)
  })
})

interface PageWords {
  dimensions: { [name: string]: { one: string; inText: string } }
  fields: { [name: string]: { one: string } }
  missing: { [name: string]: string }
}
interface Catalogue {
  FIELD_GROUPS: { visitor: { name: string }[] }
  EVIDENCE_FIELDS: string[]
  LOGPUSH_FIELDS: string[]
}

describe('an input that was added', () => {
  it('is told by its senders, named in the API, listed, labelled, and moves the watermark', async () => {
    const posted = await fetch(`${url}/api/v1/logs`, {
      method: 'POST',
      body: line(200, {}),
      headers: { 'x-relay': 'yes' },
    })
    expect(await posted.json()).toMatchObject({ input: 'relay', stored: 1 })
    const { paths } = await get('/openapi.json')
    expect(JSON.stringify(paths['/api/v1/logs'].post.parameters)).toContain('relay')
    expect(JSON.stringify(paths['/api/v1/batches'].get.responses)).toContain('relay (posted by a relay)')
    expect((await get('/api/v1/inputs')).inputs).toContainEqual(
      expect.objectContaining({ name: 'relay', live: true, kind: 'posted' }),
    )
    const { inputLabel } = await built<{ inputLabel(name: string, language: string): string }>('schema/words/inputs.js')
    expect(['en', 'fr', 'zh'].map((l) => inputLabel('relay', l))).toEqual(['Relay', 'Relais', '中继'])
    const { isLive } = await built<{ isLive(batch: object): boolean }>('analyze/alerts/life/watermark.js')
    const old = {
      state: 'complete',
      from: '2026-01-01T00:00:00Z',
      to: '2026-01-02T00:00:00Z',
      receivedAt: '2026-03-01T00:00:00Z',
    }
    expect([isLive({ ...old, input: 'relay' }), isLive({ ...old, input: 'file' })]).toEqual([true, false])
  })
})

describe('a channel that was added', () => {
  it('is offered, takes its settings, and delivers', async () => {
    const got: string[] = []
    const receiver = createServer((request, response) => {
      request.setEncoding('utf8').on('data', (text) => got.push(text))
      request.on('end', () => response.end())
    })
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
    const { port } = receiver.address() as AddressInfo
    const { types } = await get('/api/v1/notifiers/types?lang=fr')
    expect(types.map(({ type }: { type: string }) => type)).toContain('pager')
    const made = await send('/api/v1/notifiers', {
      name: 'p',
      type: 'pager',
      settings: { url: `http://127.0.0.1:${port}/beep` },
    })
    expect(made).toMatchObject({ type: 'pager' })
    expect(await send(`/api/v1/notifiers/${made.id}/test`, {})).toMatchObject({ ok: true, status: 200 })
    expect(JSON.parse(got.join('')).beep).not.toBe('')
    receiver.close()
  })
})

describe('a kind of rule that was added', () => {
  it('is offered to the editor, checked, kept and tried on the logs', async () => {
    const { kinds } = await get('/api/v1/rules/kinds?lang=zh')
    const crowd = kinds.find(({ kind }: { kind: string }) => kind === 'crowd')
    expect(crowd.fields.map(({ name, reads }: { name: string; reads: string }) => [name, reads])).toEqual([
      ['where', 'scope'],
      ['most', 'number'],
    ])
    const rule = { name: 'crowded', expr: { kind: 'crowd', where: { host: 'www.example.com' }, most: 2 } }
    expect((await send('/api/v1/rules/validate', { ...rule, expr: { ...rule.expr, most: 'many' } })).problems).toEqual([
      expect.objectContaining({ path: 'expr.most' }),
    ])
    const { id } = await send('/api/v1/rules', rule)
    expect((await get(`/api/v1/rules/${id}`)).expr).toEqual(rule.expr)
    const tried = await send('/api/v1/backtest', {
      rule,
      from: new Date(Date.now() - 600_000).toISOString(),
      to: new Date().toISOString(),
    })
    expect(tried.firingMinutes).toBeGreaterThan(0)
  })
})

describe('a language that was added', () => {
  it('is spoken by every answer, and offered by the page and at the door', async () => {
    const { paths } = await get('/openapi.json')
    expect(JSON.stringify(paths['/api/v1/spikes'].get.parameters)).toContain('en, fr, zh, de')
    for (const path of ['spikes', 'statuses/503', 'statuses/444'])
      expect(await get(`/api/v1/${path}?lang=de`), path).toMatchObject({ lang: 'de' })
    for (const path of ['rules/kinds', 'notifiers/types'])
      expect(await get(`/api/v1/${path}?lang=de`), path).toEqual(await get(`/api/v1/${path}?lang=en`))
    const { LANGS, loadWords, pickLang } = (await pageWords('index')) as unknown as PageLanguages
    expect(LANGS).toEqual(['en', 'fr', 'zh', 'de'])
    expect(pickLang(['de-AT', 'fr'])).toBe('de')
    expect(await loadWords('de')).toBe(await loadWords('en'))
    const { loginPage } = await built<{ loginPage(lang: string, next: string, more: object): string }>(
      'dashboard/access/login-page.js',
    )
    expect(loginPage('de', '/', { problem: null, chosen: false })).toContain('Deutsch')
    const { stdout } = spawnSync(
      process.execPath,
      ['dist/main.js', 'spikes', '--lang', 'de', '--json', '--store', 'sqlite:grown.sqlite'],
      {
        cwd: copy,
      },
    )
    expect(JSON.parse(stdout.toString())).toMatchObject({ lang: 'de' })
  })
})

interface PageLanguages {
  LANGS: string[]
  pickLang(wishes: string[]): string
  loadWords(lang: string): Promise<object>
}
