/** Durations as Prometheus writes them (90s, 5m, 1h30m, 3d), which rules and notifiers are written with. Pure. */

const FORM = /^(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?$/
const SIZES = [7 * 86_400_000, 86_400_000, 3_600_000, 60_000, 1_000, 1]

/** Milliseconds; null for what is no duration. */
export function durationMs(text: string): number | null {
  const trimmed = text.trim()
  if (trimmed === '0') return 0
  const match = FORM.exec(trimmed)
  if (!match || trimmed === '') return null
  return SIZES.reduce((sum, size, i) => sum + Number(match[i + 1] ?? 0) * size, 0)
}

/** A number as people type it, with a comma too; NaN for what is none. */
export function typedNumber(text: string): number {
  const plain = text.trim().replace(/\s*%$/, '').replace(',', '.')
  return /^\d+(\.\d+)?$|^\.\d+$/.test(plain) ? Number(plain) : NaN
}
