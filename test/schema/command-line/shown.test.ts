import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasColours, paintFor, print } from '../../../schema/command-line/print.js'
import { shown, shownJson } from '../../../schema/command-line/shown.js'

/** Everything a terminal may act upon, by Unicode's own categories. */
const ACTED_UPON = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u
const anyText = fc.string({ unit: fc.oneof(fc.constantFrom('\x1b', '\x9b', '\n', '\r', '‮', 'é', '上'), fc.string()) })

describe('shown', () => {
  it.each([
    ['GET /été 上海 👩‍💻', 'GET /été 上海 👩‍💻'],
    ['\x1b[2J\x1b]0;title\x07', '\\x1b[2J\\x1b]0;title\\x07'],
    ['a\nfaultline: all is well\r\t', 'a\\nfaultline: all is well\\r\\t'],
    ['\u009b31m', '\\x9b31m'],
    ['gpj.\u202eexe', 'gpj.\\u202eexe'],
  ])('%j', (text, printed) => expect(shown(text)).toBe(printed))

  it('leaves nothing that a terminal acts upon, whatever the text', () => {
    fc.assert(fc.property(anyText, (text) => !ACTED_UPON.test(shown(text))))
  })
})

it('JSON is the same value, and shows nothing that a terminal acts upon', () => {
  fc.assert(
    fc.property(fc.dictionary(anyText, anyText), (value) => {
      const json = shownJson(JSON.stringify(value, null, 2))
      expect(JSON.parse(json)).toEqual(value)
      expect(json.replaceAll('\n', '')).not.toMatch(ACTED_UPON)
    }),
  )
})

describe('colours', () => {
  const terminal = { isTTY: true, hasColors: () => true }
  it.each([
    ['a terminal', terminal, {}, true],
    ['a pipe', {}, {}, false],
    ['a terminal that has none', { isTTY: true, hasColors: () => false }, {}, false],
    ['NO_COLOR', terminal, { NO_COLOR: '1' }, false],
    ['an empty NO_COLOR', terminal, { NO_COLOR: '' }, true],
    ['FORCE_COLOR on a pipe', {}, { FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR=0', terminal, { FORCE_COLOR: '0' }, false],
    ['NO_COLOR goes before FORCE_COLOR', terminal, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ])('%s', (_name, stream, environment, wanted) => expect(hasColours(stream, environment)).toBe(wanted))

  it('our own are printed, those of others never', () => {
    const written = (isTTY: boolean) => {
      let out = ''
      const stream = { isTTY, hasColors: () => isTTY, write: (text: string) => (out += text) }
      const it = stream as unknown as NodeJS.WriteStream
      print(`${paintFor(it)('red', 'refused')} a\x1b[2Jb\n`, it)
      return out
    }
    expect(written(true)).toBe('\x1b[31mrefused\x1b[39m a\\x1b[2Jb\n')
    expect(written(false)).toBe('refused a\\x1b[2Jb\n')
  })
})
