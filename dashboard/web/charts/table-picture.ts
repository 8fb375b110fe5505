/** A table as a picture: what is seen of it, where it is seen, with its title, on the page's ground. */
import { tokenValue } from './palette.js'

const PAD = 16
const HEAD = 36

/** Null where the browser gives no picture. */
export function tablePictureOf(table: HTMLTableElement, title: string): Promise<Blob | null> {
  const room = table.getBoundingClientRect()
  const scale = Math.max(1, devicePixelRatio)
  const width = Math.ceil(Math.max(room.width, table.scrollWidth)) + 2 * PAD
  const height = Math.ceil(room.height) + 2 * PAD + HEAD
  const canvas = document.createElement('canvas')
  canvas.width = width * scale
  canvas.height = height * scale
  const g = canvas.getContext('2d')
  if (!g) return Promise.resolve(null)
  g.scale(scale, scale)
  g.fillStyle = tokenValue('surface')
  g.fillRect(0, 0, width, height)
  g.fillStyle = tokenValue('ink')
  g.font = `600 15px ${getComputedStyle(document.body).fontFamily}`
  g.textBaseline = 'middle'
  g.fillText(title, PAD, PAD + 10)
  g.translate(PAD - room.left, PAD + HEAD - room.top)
  for (const row of table.rows) drawRule(g, row, room)
  for (const mark of table.querySelectorAll<Element>('svg rect, .swatch')) drawMark(g, mark)
  const texts = document.createTreeWalker(table, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) drawText(g, texts.currentNode as Text)
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'))
}

function drawRule(g: CanvasRenderingContext2D, row: Element, room: DOMRect): void {
  g.fillStyle = tokenValue('rule')
  g.fillRect(room.left, row.getBoundingClientRect().bottom - 0.5, room.width, 0.5)
}

/** A bar behind a figure, or the little square of a class or a source. */
function drawMark(g: CanvasRenderingContext2D, mark: Element): void {
  const { left, top, width, height } = mark.getBoundingClientRect()
  const style = getComputedStyle(mark)
  const isSwatch = !(mark instanceof SVGElement)
  g.globalAlpha = Number(style.opacity)
  g.fillStyle = isSwatch ? style.getPropertyValue('--c') || style.backgroundColor : style.fill
  g.fillRect(left, top, width, height)
  g.globalAlpha = 1
}

function drawText(g: CanvasRenderingContext2D, node: Text): void {
  const parent = node.parentElement
  const cell = parent?.closest('td, th')
  // what only screen readers hear, and what only shows under the pointer
  if (!parent || !cell || parent.closest('.unseen, .row-doors')) return
  const range = document.createRange()
  range.selectNodeContents(node)
  const style = getComputedStyle(parent)
  g.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`
  g.fillStyle = style.color
  const bounds = cell.getBoundingClientRect()
  g.save()
  g.beginPath()
  g.rect(bounds.left, bounds.top, bounds.width, bounds.height)
  g.clip()
  // digits are not of one width here as they are on the page: numbers end where they end there
  const toRight = /right|end/.test(style.textAlign)
  g.textAlign = toRight ? 'right' : 'left'
  for (const { left, right, top, height, text } of linesOf(node, range))
    g.fillText(text, toRight ? right : left, top + height / 2)
  g.restore()
}

interface Line {
  left: number
  right: number
  top: number
  height: number
  text: string
}

/** The lines into which a text is broken. */
function linesOf(node: Text, range: Range): Line[] {
  const rects = [...range.getClientRects()].filter((rect) => rect.width > 0)
  const text = node.data.replaceAll(/\s+/g, ' ')
  if (rects.length <= 1) return rects.map(({ left, right, top, height }) => ({ left, right, top, height, text }))
  const lines: Line[] = []
  for (let i = 0; i < node.length; i++) {
    range.setStart(node, i)
    range.setEnd(node, i + 1)
    const { left, right, top, height } = range.getBoundingClientRect()
    const last = lines.at(-1)
    if (last && Math.abs(last.top - top) < 2) {
      last.text += node.data[i]
      last.right = right
    } else lines.push({ left, right, top, height, text: node.data[i] })
  }
  return lines
}
