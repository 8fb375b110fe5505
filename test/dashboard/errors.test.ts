/** Nothing that the service refuses is told in English to readers of French or Chinese. */
import { readdirSync, readFileSync } from 'node:fs'
import zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { ERROR_CODES } from '../../dashboard/languages/errors/texts.js'
import { en } from '../../dashboard/languages/en.js'
import type { Words } from '../../dashboard/languages/index.js'
import { fr } from '../../dashboard/languages/fr.js'
import { zh } from '../../dashboard/languages/zh.js'
import { abortedText, saidText } from '../../dashboard/web/parts/said.js'
import type { Speech } from '../../dashboard/web/parts/words.js'
import { membersOf } from '../../ingest/shape/members.js'
import { ReadingNotes } from '../../ingest/shape/notes.js'
import { IngestError } from '../../ingest/errors.js'
import { refusalOf } from '../../ingest/refusal.js'
import { SEEN, type RejectedLine } from '../../schema/api/batches.js'
import { ABANDONED } from '../../schema/store/owners.js'

/** Only the words are asked for here. */
const speech = (w: Words) => ({ w }) as Speech
const speeches: { [lang: string]: Speech } = { en: speech(en), fr: speech(fr), zh: speech(zh) }
const ROOMS = ['analyze', 'ingest', 'dashboard/access', 'dashboard/live', 'dashboard', 'schema/api', 'schema/store']
/** Of the command line, of workers, and of settings read at start: no page looks up a text for them. */
const NEVER_SHOWN = [
  'STORE_URL',
  'BAD_ADDRESS',
  'THREAD_ENDED',
  'SIMULATE_OPTION',
  'ERR_ZSTD',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ABORT_ERR',
  // warnings, which come with words in the reader's language
  'ALWAYS_ERRORS',
  'NEVER_ERRORS',
  // of a rules file, which comes with words too
  'DUPLICATE_KEY',
]

function codesOfTheService(): string[] {
  const root = new URL('../../', import.meta.url)
  const found = new Set<string>()
  for (const room of ROOMS) {
    const names = readdirSync(new URL(`${room}/`, root), { recursive: room !== 'dashboard' }) as string[]
    for (const name of names) {
      if (!name.endsWith('.ts')) continue
      const text = readFileSync(new URL(`${room}/${name}`, root), 'utf8')
      for (const [, code] of text.matchAll(
        /(?:badRequest\(|notFound\(|RequestError\(|IngestError\(|FetchError\(|code: |code'?: .*?\| |\?\s*)(?:\s*\d+,)?\s*'([A-Z]+(?:_[A-Z]+)+)'/g,
      ))
        found.add(code)
    }
  }
  return [...found].filter((code) => !NEVER_SHOWN.includes(code) && !code.startsWith('FST_'))
}

describe('errors on the page', () => {
  it('of every code that the service answers with have a text', () => {
    const codes = codesOfTheService()
    expect(codes.length).toBeGreaterThan(45)
    expect(codes.filter((code) => !(ERROR_CODES as readonly string[]).includes(code))).toEqual([])
  })

  it.each(['fr', 'zh'])('in %s hold no sentence of the service', (lang) => {
    const message = 'The range ends before it begins. Swap "from" and "to".'
    // of a rule it says itself in the reader's language what is wrong, as the page asks for it
    for (const code of ERROR_CODES.filter((one) => one !== 'BAD_RULE')) {
      const said = saidText({ code, message }, speeches[lang])
      expect(said.length).toBeGreaterThan(4)
      expect(said).not.toMatch(/The range|Swap/)
    }
    expect(saidText({ code: 'BAD_FILTER', message: '"status=4xx" can meet no record: …' }, speeches[lang])).toContain(
      'status=4xx',
    )
    expect(saidText({ code: 'SOMETHING_NEW', message }, speeches[lang])).toContain(message)
    expect(saidText({ code: 'BAD_RULE', message: 'expr.window …' }, speeches[lang])).toMatch(
      /^.{6,}[.。] ?expr.window …$/,
    )
  })

  it('in English are the words of the service, which tell most', () => {
    expect(saidText({ code: 'BAD_FILTER', message: 'This one.' }, speeches.en)).toBe('This one.')
  })

  it.each<[(typeof SEEN)[number], string | Buffer, Partial<RejectedLine>]>([
    ['html', '<html>', {}],
    ['csv', 'abc,2026-03-02T10:00:00Z,200', {}],
    ['packed', Buffer.from('425a68393141', 'hex'), {}],
    ['binary', Buffer.from([0, 1, 2]), {}],
    ['bad-json', '{"a":NaN}', { at: 6, found: 'NaN' }],
    ['renamed', '{"ts":"2026-03-02T10:00:00Z","status":200}', { reason: 'other-dataset' }],
    ['api-error', '{"success":false,"errors":[{"code":1,"message":"No such zone"}]}', { reason: 'other-dataset' }],
    ['other', 'hello', {}],
  ])('of a file that is %s say so', (seen, bytes, more) => {
    const start = Buffer.from(bytes)
    const rejection: RejectedLine = {
      input: 'x.log',
      line: 1,
      reason: 'not-json',
      sample: start.toString(),
      at: null,
      found: null,
    }
    const error = refusalOf({ start, rejections: [{ ...rejection, ...more }], lines: 1, name: 'x.log', leftOut: [] })
    if (!(error instanceof IngestError)) throw new Error('not refused')
    expect(error.seen).toBe(seen)
    if (seen === 'api-error') expect(saidText(error, speeches.fr)).toContain('No such zone')
    if (seen === 'renamed') expect(saidText(error, speeches.zh)).toContain('--field EdgeResponseStatus=status')
    if (seen === 'bad-json') expect(saidText(error, speeches.zh)).toContain('6')
    const said = ['fr', 'zh'].map((lang) =>
      saidText({ code: error.code, message: error.message, seen: error.seen }, speeches[lang]),
    )
    expect(said[0]).toContain(fr.errors?.seen[seen])
    expect(said[1]).toContain(zh.errors?.seen[seen])
  })

  it('of a batch that broke off are known by its sentence', async () => {
    const packed = zlib.gzipSync(Array.from({ length: 3_000 }, (_, i) => Math.sin(i)).join('\n'))
    const damaged = Buffer.from(packed)
    damaged.fill(0xff, 2_000, 3_000)
    for (const [bytes, code] of [
      [packed.subarray(0, packed.length / 2), 'TRUNCATED'],
      [damaged, 'CORRUPT'],
    ] as const) {
      const error = await (async () => {
        const source = (async function* () {
          yield bytes
        })()
        for await (const member of membersOf(source, new ReadingNotes()))
          for await (const chunk of member.bytes) void chunk
      })().then(
        () => null,
        (e: Error) => e,
      )
      expect(abortedText(error?.message ?? '', speeches.fr)).toBe(fr.errors?.codes[code])
    }
    const pipeline = readFileSync(new URL('../../ingest/pipeline.ts', import.meta.url), 'utf8')
    expect(abortedText(/'(The sender stopped[^']*)'/.exec(pipeline)?.[1] ?? '', speeches.zh)).toBe(
      zh.errors?.codes.INTERRUPTED,
    )
    expect(abortedText(ABANDONED, speeches.zh)).toBe(zh.errors?.abandoned)
    expect(abortedText('Anything else', speeches.zh)).toContain('Anything else')
  })
})
