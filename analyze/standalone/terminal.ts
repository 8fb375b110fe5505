/** The report in a terminal: the sentence, figures, small charts, what stands out and what to check first. */
import type { StandaloneReport } from '../../schema/api/standalone-report.js'
import type { Paint } from '../../schema/command-line/print.js'
import { shown } from '../../schema/command-line/shown.js'
import { SPEECH, type Language } from '../../schema/words/languages.js'
import { figuresFor } from '../page/figures.js'
import { spikesInWords } from '../spikes/in-words.js'
import { tilesOf, titleOf, valueIn, type Told } from './told.js'
import { WORDS } from './words.js'

const BLOCKS = '▁▂▃▄▅▆▇█'
const WIDTH = 60
const BAR = 24
const ROWS = 5

export function reportInTerminal(report: StandaloneReport, lang: Language, paint: Paint): string {
  const words = WORDS[lang]
  const told: Told = { report, words, f: figuresFor(SPEECH[lang]), lang }
  const { f } = told
  const lines = [paint('bold', shown(titleOf(told)))]
  if (report.from !== null) lines.push(`${f.interval(report.from, report.to as string)} UTC`)
  if (report.from === null) return `${[...lines, '', words.nothing].join('\n')}\n`
  lines.push('')
  const tiles = tilesOf(told)
  const name = Math.max(...tiles.map(([text]) => wide(text)))
  lines.push(...tiles.map(([text, value]) => `  ${pad(text, name)}  ${value}`), '')
  const { classes, errorClasses } = report.charts
  for (const [title, chart, style] of [
    [words.errors, errorClasses, 'red'],
    [words.requests, classes, 'dim'],
  ] as const) {
    const sums = sumsOf(chart)
    if (sums.length === 0) continue
    lines.push(`  ${title} (UTC)`, `  ${paint(style, sparkline(sums))}  ≤ ${f.number(Math.max(...sums))}`)
  }
  lines.push('')
  for (const dimension of ['status', 'host', 'path', 'source']) {
    const table = report.breakdowns.find((one) => one.of === 'errors' && one.dimension === dimension)
    if (!table || table.total === 0) continue
    const rows = table.rows.slice(0, ROWS)
    const most = Math.max(...rows.map(({ count }) => count))
    for (const { key, count, share } of rows) {
      const bar = '█'.repeat(Math.max(1, Math.round((count / most) * BAR)))
      lines.push(
        `  ${paint('yellow', bar.padEnd(BAR))} ${f.number(count).padStart(9)} ${f.share(share).padStart(7)}  ${key === '' ? words.none : shown(valueIn(report, dimension, key))}`,
      )
    }
    lines.push('')
  }
  lines.push(spikesInWords(report.spikes, lang, paint).trimEnd(), '')
  const { missingFields, rejected } = report.taken
  if (missingFields.length > 0) {
    lines.push(`${words.missing}${words.colon}`)
    lines.push(...missingFields.map(({ field, spoils }) => `  ${shown(field)}${words.colon}${spoils}`))
  }
  if (rejected > 0) lines.push(`${words.rejected}${words.colon}${f.number(rejected)}`)
  return `${lines.join('\n').trimEnd()}\n`
}

/** Requests per bar of the chart, all keys together, over at most WIDTH bars. */
function sumsOf({ series }: StandaloneReport['charts']['classes']): number[] {
  const buckets = Math.max(0, ...series.map(({ points }) => points.length))
  const width = Math.min(WIDTH, buckets)
  const sums = Array.from({ length: width }, () => 0)
  for (const { points } of series)
    points.forEach(([, n], i) => {
      sums[Math.floor((i * width) / buckets)] += n
    })
  return sums
}

function sparkline(sums: readonly number[]): string {
  const most = Math.max(...sums)
  return sums
    .map((n) => (n === 0 ? ' ' : BLOCKS[Math.min(BLOCKS.length - 1, Math.floor((n / most) * BLOCKS.length))]))
    .join('')
}

/** Columns that a text takes in a terminal: ideographs take two. */
const wide = (text: string) => [...text].reduce((sum, c) => sum + (/[\u1100-\u115f\u2e80-\uffdc]/.test(c) ? 2 : 1), 0)
const pad = (text: string, width: number) => text + ' '.repeat(Math.max(0, width - wide(text)))
