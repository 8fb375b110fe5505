/** What no single record shows, only all of them together; the catalogue's causes name it in `finding`. */
import type { Record } from '../../schema/words/record.js'
import type { Finding } from '../../schema/status/entry.js'
import type { Fact } from './fact.js'

/** What was found, or that it can't be told: null, for want of these fields. */
export interface FindingResult {
  holds: boolean | null
  /** fields whose absence leaves it open */
  lacks: readonly string[]
  /** the records that it explains */
  speaksOf: (record: Record) => boolean
  facts: readonly Fact[]
}

/** A finding that is not there was not looked for. */
export type Findings = { readonly [finding in Finding]?: FindingResult }
