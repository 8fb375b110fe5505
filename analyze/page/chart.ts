/** A chart of stacked bars as SVG: no script, prints as it looks; what a bar holds is told on hover. */
import { escape } from './html.js'
import { markOf } from './style.js'

export interface Chart {
  /** ms */
  step: number
  series: { key: string; points: number[][] }[]
}

export interface ChartWords {
  /** read in place of the picture, and written above it */
  caption: string
  /** what a key is called */
  nameOf: (key: string) => string
  number: (n: number) => string
  /** how times are written in a chart of this span, ms: with as much date as it needs */
  within: (span: number) => (at: number) => string
}

const WIDTH = 800
const HEIGHT = 140
/** Times below a chart. */
const TICKS = 4

/** The keys in the order of their colours, the largest first. */
export function keysOf({ series }: Chart): string[] {
  const sum = (points: number[][]) => points.reduce((total, [, n]) => total + n, 0)
  return [...series].sort((a, b) => sum(b.points) - sum(a.points)).map(({ key }) => key)
}

/**
 * With caption, axes and legend. `by`: the dimension of its keys; `ranges` are shaded; `errors`: nothing is drawn pale.
 * '' where there is nothing to draw.
 */
export function chartFigure(
  chart: Chart,
  by: string,
  words: ChartWords,
  ranges: readonly { from: number; to: number }[],
  errors = false,
): string {
  const drawn = stackedBars(chart, by, words, ranges)
  if (drawn === null) return ''
  const legend = keysOf(chart).map(
    (key, i) =>
      `<span class="key"><svg viewBox="0 0 1 1" aria-hidden="true"><rect class="${markOf(by, key, i)}" width="1" height="1"/></svg>${escape(words.nameOf(key))}</span>`,
  )
  const time = words.within(drawn.last - drawn.first)
  const ticks = Array.from({ length: TICKS }, (_, i) => drawn.first + (i / (TICKS - 1)) * (drawn.last - drawn.first))
  return `<figure${errors ? ' class="errors"' : ''}><figcaption>${escape(words.caption)}</figcaption><div class="plot">${drawn.svg}<div class="most">${words.number(drawn.most)}</div><div class="ticks" aria-hidden="true">${ticks
    .map((at) => `<span>${escape(time(at))}</span>`)
    .join('')}</div></div><div>${legend.join('')}</div></figure>`
}

interface Drawn {
  svg: string
  /** epoch ms, the last one excluded */
  first: number
  last: number
  /** the height of the picture, in requests */
  most: number
}

function stackedBars(
  chart: Chart,
  by: string,
  words: ChartWords,
  ranges: readonly { from: number; to: number }[],
): Drawn | null {
  const keys = keysOf(chart)
  const points = new Map(chart.series.map(({ key, points: own }) => [key, new Map(own.map(([at, n]) => [at, n]))]))
  const times = [...new Set(chart.series.flatMap((one) => one.points.map(([time]) => time)))].sort((a, b) => a - b)
  if (times.length === 0) return null
  const first = times[0]
  const last = times[times.length - 1] + chart.step
  const timeText = words.within(last - first)
  const countAt = (key: string, time: number) => points.get(key)?.get(time) ?? 0
  const sumAt = (time: number) => keys.reduce((sum, key) => sum + countAt(key, time), 0)
  const most = times.reduce((highest, time) => Math.max(highest, sumAt(time)), 0)
  const x = (time: number) => ((Math.min(last, Math.max(first, time)) - first) / (last - first)) * WIDTH
  const y = (n: number) => (n / Math.max(1, most)) * HEIGHT
  const step = (chart.step / (last - first)) * WIDTH
  const width = Math.max(0.5, step - 0.3)
  const stacked = new Map<number, number>()
  const bars = keys.map((key, i) => {
    const path = times.flatMap((time) => {
      const n = countAt(key, time)
      if (n <= 0) return []
      const below = stacked.get(time) ?? 0
      stacked.set(time, below + n)
      return `M${x(time).toFixed(1)} ${(HEIGHT - y(below)).toFixed(1)}v${(-y(n)).toFixed(1)}h${width.toFixed(1)}v${y(n).toFixed(1)}z`
    })
    return `<path class="${markOf(by, key, i)}" d="${path.join('')}"/>`
  })
  const shades = ranges
    .filter(({ from, to }) => to > first && from < last)
    .map(
      ({ from, to }) =>
        `<rect class="range" x="${x(from).toFixed(1)}" width="${Math.max(1, x(to) - x(from)).toFixed(1)}" height="${HEIGHT}"/>`,
    )
  const pointed = times.flatMap((time) => {
    const there = keys.filter((key) => countAt(key, time) > 0)
    if (there.length === 0) return []
    const told = there.map((key) => `${words.nameOf(key)} ${words.number(countAt(key, time))}`)
    return `<rect class="pointed" x="${x(time).toFixed(1)}" width="${step.toFixed(1)}" height="${HEIGHT}"><title>${escape([timeText(time), ...told].join('\n'))}</title></rect>`
  })
  return {
    svg: `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escape(words.caption)}" preserveAspectRatio="none">${shades.join('')}${bars.join('')}${pointed.join('')}</svg>`,
    first,
    last,
    most,
  }
}
