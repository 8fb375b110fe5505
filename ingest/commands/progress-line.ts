/** One line on the terminal that says how far it is, redrawn a few times a second. */
import { shown } from '../../schema/command-line/shown.js'

const REDRAWN_EVERY_MS = 200

export class ProgressLine {
  private drawn = -Infinity

  /** `last`: it stays. */
  draw(text: string, last = false): void {
    const now = performance.now()
    if (now - this.drawn < REDRAWN_EVERY_MS && !last) return
    this.drawn = now
    process.stderr.write(`\r\x1b[K${shown(text)}${last ? '\n' : ''}`)
  }
}
