/** The colours of styles/tokens.css as a canvas needs them, with the pattern that tells them apart in grey. */

export type Pattern = 'plain' | 'rising' | 'falling' | 'dots'

export interface Paint {
  fill: string | CanvasPattern
  line: string
  /** pale fills carry their contrast in a line on top */
  pale: boolean
}

/** `class-4xx`, `source-edge` …: a token of styles/tokens.css without its dashes. */
export type Token = string

const PATTERNS: { [token: Token]: Pattern } = {
  'class-499': 'rising',
  'source-client': 'rising',
  'class-5xx': 'falling',
  'source-origin-failure': 'falling',
  'source-worker': 'dots',
}
const PALE = new Set<Token>([
  'class-2xx',
  'class-3xx',
  'class-other',
  'source-cache',
  'source-origin',
  'source-worker',
  'source-undetermined',
])

export const patternOf = (token: Token): Pattern => PATTERNS[token] ?? 'plain'

/** A custom property's value now; the theme decides it. */
export function tokenValue(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
}

/** Below this a column shows a piece of a stripe, which is noise; up to twice of it stripes are thinner. px. */
const LEAST_COLUMN = 5

function tile(color: string, over: string, pattern: Pattern, columnPx: number): CanvasPattern | string {
  if (pattern === 'plain' || columnPx < LEAST_COLUMN) return color
  const thin = columnPx < 2 * LEAST_COLUMN
  const scale = Math.max(1, Math.round(devicePixelRatio))
  const size = thin ? 8 : 6
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = size * scale
  const g = canvas.getContext('2d')
  if (!g) return color
  g.scale(scale, scale)
  g.fillStyle = color
  g.fillRect(0, 0, size, size)
  g.strokeStyle = g.fillStyle = over
  if (pattern === 'dots') {
    g.beginPath()
    g.arc(size / 2, size / 2, 1.1, 0, 7)
    g.fill()
  } else {
    const up = pattern === 'rising'
    g.lineWidth = thin ? 0.8 : 1.2
    for (const shift of [-size, 0, size]) {
      g.beginPath()
      g.moveTo(shift, up ? size : 0)
      g.lineTo(shift + size, up ? 0 : size)
      g.stroke()
    }
  }
  const made = g.createPattern(canvas, 'repeat')
  // the canvas of a chart is scaled by the device's ratio already
  made?.setTransform(new DOMMatrix().scale(1 / scale))
  return made ?? color
}

/** `strong`: among errors nothing is pale, who answered with them least of all. `columnPx`: how wide a column is. */
export function paintOf(token: Token, strong = false, columnPx = Infinity): Paint {
  const pale = PALE.has(token) && !strong
  const line = tokenValue(`${token}-line`) || tokenValue(token)
  const color = PALE.has(token) && strong ? line : tokenValue(token)
  return { fill: tile(color, tokenValue('pattern'), patternOf(token), columnPx), line, pale }
}
