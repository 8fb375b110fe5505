/**
 * How a page that stands alone looks: light and dark, on a screen and on paper. The colours are those of the dashboard
 * (dashboard/web/styles/tokens.css), a test compares them: a class and a source are known by theirs everywhere.
 */
import { STATUS_CLASSES, statusClassOf } from '../../schema/status/status-class.js'
import { SOURCES } from '../../schema/words/sources.js'

/** Marks by what they stand for; `s0` … are for statuses and whatever else has no colour of its own. */
export const LIGHT: { readonly [mark: string]: string } = {
  'class-2xx': '#cfe3dc',
  'class-3xx': '#cfdce8',
  'class-4xx': '#c67f00',
  'class-499': '#b8568c',
  'class-5xx': '#c94700',
  'class-other': '#b9bbc0',
  'source-client': '#b8568c',
  'source-edge': '#0072b2',
  'source-origin-failure': '#9c2f00',
  'source-cache': '#bfe0f4',
  'source-worker': '#efe8bb',
  'source-origin': '#b5dccf',
  'source-undetermined': '#b9bbc0',
}
export const DARK: { readonly [mark: string]: string } = {
  'class-2xx': '#23473c',
  'class-3xx': '#26394c',
  'class-4xx': '#e69f00',
  'class-499': '#cc79a7',
  'class-5xx': '#f2641c',
  'class-other': '#4a4d56',
  'source-client': '#cc79a7',
  'source-edge': '#3d9be0',
  'source-origin-failure': '#d8430a',
  'source-cache': '#1f4459',
  'source-worker': '#4a4516',
  'source-origin': '#134a3b',
  'source-undetermined': '#4a4d56',
}

/** Who answered with errors is never pale: the colour that the page draws their line with. */
export const STRONG_LIGHT: { readonly [mark: string]: string } = {
  'source-cache': '#3f8dbd',
  'source-worker': '#8c7f12',
  'source-origin': '#1d8e6d',
  'source-undetermined': '#74777e',
}
export const STRONG_DARK: { readonly [mark: string]: string } = {
  'source-cache': '#56b4e9',
  'source-worker': '#c9bd3a',
  'source-origin': '#22a884',
  'source-undetermined': '#868a95',
}

/** Of Okabe and Ito's palette, for keys without a meaning of their own; what comes after shares the last. */
const PLAIN_LIGHT = ['#0072b2', '#c94700', '#c67f00', '#7a5bd0', '#1d8e6d', '#74777e']
const PLAIN_DARK = ['#3d9be0', '#f2641c', '#e69f00', '#ad95ff', '#22a884', '#868a95']

const MARKS = [...STATUS_CLASSES.map((name) => `class-${name}`), ...SOURCES.map((name) => `source-${name}`)]

/** What a key of a chart is drawn as, a class of the style sheet. `i`: its place among the keys. */
export function markOf(dimension: string, key: string, i: number): string {
  // of statuses the one with the most requests has the colour of its class, as it has everywhere
  const mark = dimension === 'status' && i === 0 ? `class-${statusClassOf(Number(key))}` : `${dimension}-${key}`
  return MARKS.includes(mark) ? mark : `s${Math.min(i, PLAIN_LIGHT.length - 1)}`
}

const variables = (
  marks: { readonly [mark: string]: string },
  strong: { readonly [mark: string]: string },
  plain: readonly string[],
) =>
  [
    ...MARKS.map((mark) => `--${mark}: ${marks[mark]}; --${mark}-x: ${strong[mark] ?? marks[mark]}`),
    ...plain.map((colour, i) => `--s${i}: ${colour}`),
  ].join('; ')

const rules = [
  ...MARKS.map((mark) => `.${mark} { fill: var(--${mark}) } .errors .${mark} { fill: var(--${mark}-x) }`),
  ...PLAIN_LIGHT.map((_, i) => `.s${i} { fill: var(--s${i}) }`),
].join('\n')

export const STYLE = `
:root { color-scheme: light dark; --text: #17181c; --faint: #5b5e66; --ground: #fff; --line: #dcdcd8; --shade: #fbe6dc; --link: #3f45c4; --bad: #b23a00; ${variables(LIGHT, STRONG_LIGHT, PLAIN_LIGHT)} }
@media (prefers-color-scheme: dark) { :root { --text: #f0f0f2; --faint: #a4a7b1; --ground: #111216; --line: #2e3039; --shade: #35211a; --link: #a5aaff; --bad: #ff9464; ${variables(DARK, STRONG_DARK, PLAIN_DARK)} } }
@media print { :root { color-scheme: light; --text: #000; --faint: #444; --ground: #fff; --line: #bbb; --shade: #f3e2da; --link: #000; --bad: #8a2c00; ${variables(LIGHT, STRONG_LIGHT, PLAIN_LIGHT)} }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact }
  section.whole, figure, tr, .tables > * { break-inside: avoid } h2, h3 { break-after: avoid } body { padding: 0; max-width: none } nav { display: none } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 66rem; padding: 2rem 1.25rem 4rem; background: var(--ground); color: var(--text); overflow-wrap: anywhere;
  font: 15px/1.5 -apple-system, 'Segoe UI', Roboto, Ubuntu, Cantarell, 'Noto Sans', 'Liberation Sans', 'Helvetica Neue', Arial, 'DejaVu Sans', 'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem } h2 { font-size: 1.15rem; margin: 2.25rem 0 .5rem } h3 { font-size: 1rem; margin: 1.25rem 0 .25rem } h4 { font-size: .95rem; margin: 1rem 0 .25rem }
p { margin: .35rem 0 } ul, ol { margin: .35rem 0; padding-left: 1.4rem } a { color: var(--link) }
.faint { color: var(--faint) } .summary { font-size: 1.05rem } .bad { color: var(--bad) }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem 1.5rem; margin: 1rem 0 } .tiles b { display: block; font-size: 1.35rem; font-weight: 600; font-variant-numeric: tabular-nums }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; font-variant-numeric: tabular-nums }
th, td { border-bottom: 1px solid var(--line); padding: .25rem .5rem .25rem 0; text-align: left; vertical-align: top } th { color: var(--faint); font-weight: 500 }
th.n, td.n { text-align: right; white-space: nowrap; padding-right: 0; padding-left: .75rem }
.tables { display: grid; grid-template-columns: repeat(auto-fit, minmax(19rem, 1fr)); grid-auto-flow: row dense; gap: 0 2.5rem; align-items: start } .broad { grid-column: 1 / -1 } .wide { overflow-x: auto }
figure { margin: 0 0 1.5rem } figcaption { color: var(--faint); margin-bottom: .25rem }
.plot { display: grid; grid-template-columns: 1fr 4.5rem; column-gap: .5rem } .plot > svg { display: block; width: 100%; height: 140px; border-bottom: 1px solid var(--line) }
.most { color: var(--faint); font-size: .8rem; line-height: 1 } .ticks { display: flex; justify-content: space-between; color: var(--faint); font-size: .8rem }
.range { fill: var(--shade) } .pointed { fill: transparent } .pointed:hover { fill: var(--text); fill-opacity: .08 }
.key { display: inline-block; margin-right: 1rem } .key svg { display: inline-block; width: .75em; height: .75em; margin-right: .35em }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 0 } dt { color: var(--faint) } dd { margin: 0 }
.spike { border-top: 1px solid var(--line); padding-top: .25rem; margin-top: 1.5rem }
${rules}
`
