/**
 * What a chart shows, drawn in one go: columns on each other or lines, what is shaded behind them and the moment that is marked.
 * Chart.js gives the axes. Its own columns are an object with styles each, and 1,440 columns of eight series took it 300 ms.
 */
import { DatasetController, Element, type Chart, type ChartType, type Scale } from 'chart.js'
import { paintOf, tokenValue } from './palette.js'
import type { ChartSeries, Drawing } from './drawing.js'
import { columnEnd } from './series.js'

/** More columns than this touch each other. */
const MOST_APART = 60
/** What is left of a column's room where they stand apart. */
const APART = 0.86
const WIDEST = 64
/** An error is seen, however few there are; also how thick the line on a pale column is, px. */
const LEAST = 1.5

/** The highest value that is drawn. */
export function topOf({ kind, columns, series, over = [] }: Drawing): number {
  let top = 0
  const higher = (value: number | null | undefined): void => {
    if (value !== null && value !== undefined && value > top) top = value
  }
  if (kind === 'bars')
    for (let i = 0; i < columns.starts.length; i++) {
      let sum = 0
      for (const { values } of series) sum += values[i] ?? 0
      higher(sum)
    }
  else for (const { values } of series) values.forEach(higher)
  for (const { values } of over) values.forEach(higher)
  return top
}

type Place = (value: number) => number

/** Chart.js wants to know what a point is; there are none. */
export class NoElement extends Element {
  static id = 'none'
}

export class DrawnController extends DatasetController<ChartType> {
  static id = 'drawn'
  static defaults = { dataElementType: NoElement.id }

  private get drawing(): Drawing {
    return (this.getDataset() as unknown as { drawing: Drawing }).drawing
  }

  /** Asked by the axes. */
  override getMinMax(scale: Scale): { min: number; max: number } {
    const { from, to } = this.drawing
    return scale.axis === 'x' ? { min: from, max: to } : { min: 0, max: topOf(this.drawing) }
  }

  override draw(): void {
    const { ctx, chartArea, currentDevicePixelRatio: ratio } = this.chart
    const meta = this.getMeta() as unknown as { xScale: Scale; yScale: Scale }
    const x: Place = (t) => meta.xScale.getPixelForValue(t)
    const y: Place = (value) => meta.yScale.getPixelForValue(value)
    const { kind, series, over = [], shades = [], line, from, to } = this.drawing
    ctx.save()
    ctx.fillStyle = tokenValue('spike')
    for (const shade of shades) {
      const left = x(Math.max(shade.from, from))
      const width = x(Math.min(shade.to, to)) - left
      if (width > 0) ctx.fillRect(left, chartArea.top, width, chartArea.bottom - chartArea.top)
    }
    const lines = kind === 'bars' ? over : [...over, ...series]
    if (kind === 'bars') drawColumns(this.chart, this.drawing, x, y, ratio)
    for (const one of [...lines].reverse()) drawLine(ctx, one, this.drawing, x, y)
    if (line !== undefined) {
      ctx.setLineDash([4, 3])
      ctx.strokeStyle = tokenValue('ink')
      ctx.lineWidth = LEAST
      ctx.beginPath()
      ctx.moveTo(x(line), chartArea.top)
      ctx.lineTo(x(line), chartArea.bottom)
      ctx.stroke()
    }
    ctx.restore()
  }
}

function drawColumns({ ctx, chartArea }: Chart, drawing: Drawing, x: Place, y: Place, ratio: number): void {
  const { columns, series, strong } = drawing
  const many = columns.starts.length
  // on whole pixels of the screen neither gaps nor seams show between columns that touch
  const whole = (px: number): number => Math.round(px * ratio) / ratio
  const lefts = new Float64Array(many)
  const widths = new Float64Array(many)
  for (let i = 0; i < many; i++) {
    const [start, end] = [x(columns.starts[i]), x(columnEnd(columns, i))]
    const width = Math.min(WIDEST, (end - start) * (many > MOST_APART ? 1 : APART))
    lefts[i] = whole((start + end - width) / 2)
    widths[i] = Math.max(1 / ratio, whole((start + end + width) / 2) - lefts[i])
  }
  const bases = new Float64Array(many)
  const each = (chartArea.right - chartArea.left) / many
  for (const { token, values } of series) {
    const paint = paintOf(token, strong, each)
    const tops = new Float64Array(many)
    ctx.fillStyle = paint.fill
    for (let i = 0; i < many; i++) {
      const value = values[i] ?? 0
      if (value <= 0) continue
      const bottom = y(bases[i])
      bases[i] += value
      const height = Math.max(bottom - y(bases[i]), paint.pale ? 0 : LEAST)
      tops[i] = bottom - height
      ctx.fillRect(lefts[i], tops[i], widths[i], height)
    }
    if (!paint.pale) continue
    ctx.fillStyle = paint.line
    for (let i = 0; i < many; i++) {
      const value = values[i] ?? 0
      if (value <= 0) continue
      ctx.fillRect(lefts[i], tops[i], widths[i], Math.min(LEAST, y(bases[i] - value) - tops[i]))
    }
  }
}

function drawLine(
  ctx: CanvasRenderingContext2D,
  { token, values, ghost }: ChartSeries,
  { columns, strong }: Drawing,
  x: Place,
  y: Place,
): void {
  const { line } = paintOf(token, strong)
  const known = (i: number): boolean => (values[i] ?? null) !== null
  ctx.strokeStyle = ctx.fillStyle = line
  ctx.lineWidth = ghost ? 1.5 : 1.75
  ctx.lineJoin = 'round'
  ctx.setLineDash(ghost ? [5, 3] : [])
  ctx.beginPath()
  const alone: number[] = []
  for (let i = 0; i < columns.starts.length; i++) {
    const value = values[i] ?? null
    if (value === null) continue
    const at = x((columns.starts[i] + columnEnd(columns, i)) / 2)
    if (known(i - 1)) ctx.lineTo(at, y(value))
    else if (known(i + 1)) ctx.moveTo(at, y(value))
    // a point without neighbours would be an invisible line
    else alone.push(at, y(value))
  }
  ctx.stroke()
  for (let i = 0; i < alone.length; i += 2) {
    ctx.beginPath()
    ctx.arc(alone[i], alone[i + 1], 2, 0, 7)
    ctx.fill()
  }
}
