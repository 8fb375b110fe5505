/** The texts of plain tokens, many decoded at once: one by one, that would be most of the work. */
import * as L from './layout.js'
import type { Scanner } from './scanner.js'

const PAGE_SHIFT = 16

export class PlainTexts {
  private readonly scanner: Scanner
  /** page → text of what was new in it, and where that began */
  private pages = new Map<number, { text: string; from: number }>()
  /** all tokens before it are known */
  private known = 0
  private page = -1
  private text = ''
  private from = 0

  constructor(scanner: Scanner) {
    this.scanner = scanner
  }

  /** The text of a plain token that was made since the last call of `done`, without its quotes. */
  of(token: number): string {
    const page = token >>> PAGE_SHIFT
    if (page !== this.page) this.open(page)
    const [from, to] = this.scanner.tokenBytes(token)
    return this.text.substring(from + 1 - this.from, to - 1 - this.from)
  }

  private open(page: number): void {
    let found = this.pages.get(page)
    if (!found) {
      const start = page << PAGE_SHIFT
      const from = this.known >>> PAGE_SHIFT === page ? this.known : start
      const end = this.scanner.tokensEnd
      const to = end >>> PAGE_SHIFT === page ? end : start + L.PAGE_BYTES
      found = { from, text: this.scanner.bytes.toString('latin1', from, to) }
      this.pages.set(page, found)
    }
    this.page = page
    this.text = found.text
    this.from = found.from
  }

  /** Every token so far has been asked for. */
  done(): void {
    this.known = this.scanner.tokensEnd
    this.pages.clear()
    this.page = -1
    this.text = ''
  }
}
