/** A chart as a picture: what is drawn, with its title and its legend, on the page's ground. */
import { tokenValue } from './palette.js'

export interface Picture {
  title: string
  sub: string
  legend: readonly { name: string; token: string }[]
}

const PAD = 16
const LINE = 20

/** Null where the browser gives no picture. */
export function pictureOf(chart: HTMLCanvasElement, { title, sub, legend }: Picture): Promise<Blob | null> {
  const scale = Math.max(1, devicePixelRatio)
  const width = chart.clientWidth + 2 * PAD
  const lines = linesOf(legend, width)
  const top = PAD + 2 * LINE + lines.length * LINE
  const height = top + chart.clientHeight + PAD
  const canvas = document.createElement('canvas')
  canvas.width = width * scale
  canvas.height = height * scale
  const g = canvas.getContext('2d')
  if (!g) return Promise.resolve(null)
  const font = getComputedStyle(document.body).fontFamily
  g.scale(scale, scale)
  g.fillStyle = tokenValue('surface')
  g.fillRect(0, 0, width, height)
  g.textBaseline = 'top'
  g.fillStyle = tokenValue('ink')
  g.font = `600 15px ${font}`
  g.fillText(title, PAD, PAD)
  g.font = `13px ${font}`
  g.fillStyle = tokenValue('ink-3')
  g.fillText(sub, PAD, PAD + LINE)
  lines.forEach((line, i) => {
    for (const { name, token, x } of line) {
      const y = PAD + (2 + i) * LINE
      g.fillStyle = tokenValue(`${token}-line`) || tokenValue(token)
      g.fillRect(x, y + 3, 10, 10)
      g.fillStyle = tokenValue('ink-2')
      g.fillText(name, x + 15, y)
    }
  })
  g.drawImage(chart, PAD, top, chart.clientWidth, chart.clientHeight)
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'))
}

/** The legend in as many lines as it takes. */
function linesOf(legend: Picture['legend'], width: number) {
  const lines: { name: string; token: string; x: number }[][] = []
  let x = Infinity
  for (const one of legend) {
    // wide enough for ideographs
    const room = 30 + one.name.length * 9
    if (x + room > width - PAD) {
      lines.push([])
      x = PAD
    }
    lines.at(-1)?.push({ ...one, x })
    x += room
  }
  return lines
}
