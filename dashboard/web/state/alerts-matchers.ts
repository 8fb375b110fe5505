/** Conditions on the labels of alerts. Pure. */
import type { Matcher } from '../../../schema/api/alerts.js'

/** Those that say something. */
export const written = (matchers: readonly Matcher[]): Matcher[] =>
  matchers.filter((m) => m.label.trim() !== '').map((m) => ({ ...m, label: m.label.trim() }))
