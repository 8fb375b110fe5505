import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { STATUS_CLASSES } from '../../schema/status/status-class.js'
import { SOURCE_ORDER } from '../../dashboard/web/state/dimensions.js'

const css = readFileSync(new URL('../../dashboard/web/styles/tokens.css', import.meta.url), 'utf8')

function tokens(selector: string): Map<string, string> {
  const block = css.slice(css.indexOf(`${selector} {`)).split('}')[0]
  return new Map([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})\b/gi)].map((m) => [m[1], m[2]]))
}

/** https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5]
    .map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (high + 0.05) / (low + 0.05)
}

const THEMES = { light: tokens(':root'), dark: tokens(":root[data-theme='dark']") }
const MARKS = [...STATUS_CLASSES.map((c) => `class-${c}`), ...SOURCE_ORDER.map((s) => `source-${s}`)]

describe.each(Object.entries(THEMES))('the %s theme', (_name, theme) => {
  const color = (token: string): string => {
    const value = theme.get(token)
    if (!value) throw new Error(`--${token} is missing`)
    return value
  }

  it.each(['ground', 'surface', 'sunken', 'hover', 'select'])('can be read on %s: text 4.5:1', (ground) => {
    for (const text of [
      'ink',
      'ink-2',
      ...(['ground', 'surface'].includes(ground) ? ['ink-3', 'link', 'bad', 'warn', 'good'] : []),
    ]) {
      expect(contrast(color(text), color(ground)), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5)
    }
  })

  it('can be read on buttons, notes and the bars of tables', () => {
    const pairs: [string, string][] = [
      ['on-action', 'action'],
      ['surface', 'bad'],
      ['bad', 'bad-ground'],
      ['ink', 'bad-ground'],
      ['ink', 'bar'],
      ['ink-3', 'sunken'],
    ]
    for (const [text, ground] of pairs)
      expect(contrast(color(text), color(ground)), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5)
  })

  it.each(MARKS)('shows %s: 3:1 by its fill or, where it is pale, by its line', (mark) => {
    for (const ground of ['ground', 'surface']) {
      const best = Math.max(contrast(color(mark), color(ground)), contrast(color(`${mark}-line`), color(ground)))
      expect(best, `${mark} on ${ground}`).toBeGreaterThanOrEqual(3)
    }
  })

  it('gives errors strong fills, not only lines', () => {
    for (const mark of [
      'class-4xx',
      'class-499',
      'class-5xx',
      'source-client',
      'source-edge',
      'source-origin-failure',
    ]) {
      expect(contrast(color(mark), color('ground')), mark).toBeGreaterThanOrEqual(3)
    }
  })

  it('outlines fields and focus with 3:1', () => {
    for (const line of ['rule-strong', 'focus', 'speed-p50', 'speed-p95', 'band', 'ghost', 'bad'])
      expect(contrast(color(line), color('surface')), line).toBeGreaterThanOrEqual(3)
  })

  it('gives every mark a colour of its own, but for 499 and the client, who are one', () => {
    const seen = new Map<string, string>()
    for (const mark of MARKS) {
      const twin = seen.get(color(mark))
      if (twin)
        expect([twin, mark].sort()).toEqual(
          twin.startsWith('class-499') ? ['class-499', 'source-client'] : ['class-other', 'source-undetermined'],
        )
      seen.set(color(mark), mark)
    }
  })
})

it('both themes have the same tokens', () => {
  expect([...THEMES.dark.keys()].sort()).toEqual([...THEMES.light.keys()].sort())
})
