/** A chart of stacked bars as SVG: no script, prints as it looks. */
import type { Frozen } from '../../schema/api/incidents.js'

type Series = Frozen['charts']['classes']

const WIDTH = 800
const HEIGHT = 140
const COLOURS = ['c0', 'c1', 'c2', 'c3', 'c4', 'c5']

/** The keys in the order of their colours, the largest first. */
export function keysOf({ series }: Series): string[] {
  const sum = (points: number[][]) => points.reduce((total, [, n]) => total + n, 0)
  return [...series].sort((a, b) => sum(b.points) - sum(a.points)).map(({ key }) => key)
}

export const colourOf = (i: number) => COLOURS[Math.min(i, COLOURS.length - 1)]

/** `range`: the incident, shaded. `label` is read instead of the picture. */
export function stackedBars(chart: Series, range: { from: number; to: number }, label: string): string {
  const keys = keysOf(chart)
  const times = chart.series.flatMap(({ points }) => points.map(([time]) => time))
  if (times.length === 0) return ''
  const first = times.reduce((least, time) => Math.min(least, time), Infinity)
  const last = times.reduce((most, time) => Math.max(most, time), -Infinity) + chart.step
  const x = (time: number) => ((Math.min(last, Math.max(first, time)) - first) / (last - first)) * WIDTH
  const tops = new Map<number, number>()
  for (const { points } of chart.series) for (const [time, n] of points) tops.set(time, (tops.get(time) ?? 0) + n)
  const highest = Math.max(1, ...tops.values())
  const y = (n: number) => (n / highest) * HEIGHT
  const width = Math.max(0.5, (chart.step / (last - first)) * WIDTH - 0.3)
  const stacked = new Map<number, number>()
  const bars = keys.map((key, i) => {
    const points = chart.series.find((one) => one.key === key)?.points ?? []
    const path = points
      .filter(([, n]) => n > 0)
      .map(([time, n]) => {
        const below = stacked.get(time) ?? 0
        stacked.set(time, below + n)
        return `M${x(time).toFixed(1)} ${(HEIGHT - y(below)).toFixed(1)}v${(-y(n)).toFixed(1)}h${width.toFixed(1)}v${y(n).toFixed(1)}z`
      })
      .join('')
    return `<path class="${colourOf(i)}" d="${path}"/>`
  })
  const shade = `<rect class="range" x="${x(range.from).toFixed(1)}" width="${Math.max(1, x(range.to) - x(range.from)).toFixed(1)}" height="${HEIGHT}"/>`
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}" preserveAspectRatio="none">${shade}${bars.join('')}</svg>`
}
