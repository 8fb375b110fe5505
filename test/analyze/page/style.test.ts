/** A class and a source have one colour, on the dashboard and on pages that stand alone. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { DARK, LIGHT, STRONG_DARK, STRONG_LIGHT } from '../../../analyze/page/style.js'

const css = readFileSync(new URL('../../../dashboard/web/styles/tokens.css', import.meta.url), 'utf8')
const tokens = (selector: string) =>
  new Map(
    [
      ...css
        .slice(css.indexOf(`${selector} {`))
        .split('}')[0]
        .matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})\b/gi),
    ].map((m) => [m[1], m[2]]),
  )

it.each([
  ['light', tokens(':root'), LIGHT, STRONG_LIGHT],
  ['dark', tokens(":root[data-theme='dark']"), DARK, STRONG_DARK],
])('%s', (_, page, marks, strong) => {
  for (const [mark, colour] of Object.entries(marks)) expect([mark, colour]).toEqual([mark, page.get(mark)])
  for (const [mark, colour] of Object.entries(strong)) expect([mark, colour]).toEqual([mark, page.get(`${mark}-line`)])
})
