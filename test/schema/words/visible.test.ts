import { describe, expect, it } from 'vitest'
import { readablePath, visible } from '../../../schema/words/visible.js'

describe('text of a log line', () => {
  it('has nothing in it that hides or turns it around', () => {
    expect(visible('/\u202enimda')).toBe('/⟨U+202E⟩nimda')
    expect(visible('a\u2066b\u2069c\u200bd\u001be\ufefff')).toBe('a⟨U+2066⟩b⟨U+2069⟩c⟨U+200B⟩d⟨U+001B⟩e⟨U+FEFF⟩f')
    expect(visible('/café/用户/مرحبا?x=1')).toBe('/café/用户/مرحبا?x=1')
  })
})

describe('a path', () => {
  it.each([
    ['/caf%C3%A9', '/café'],
    ['/%E7%94%A8%E6%88%B7/1', '/用户/1'],
    ['/a%2Fb', '/a%2Fb'],
    ['/100%25', '/100%25'],
    ['/a%20b', '/a%20b'],
    ['/a%ff', '/a%ff'],
    ['/%', '/%'],
    ['/%E2%80%AEnimda', '/⟨U+202E⟩nimda'],
    ['/x%0d%0aSet-Cookie', '/x%0D%0ASet-Cookie'],
  ])('%s is shown as %s', (path, shown) => {
    expect(readablePath(path)).toBe(shown)
  })
})
