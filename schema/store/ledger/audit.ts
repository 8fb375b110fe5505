/** Who did what, and who tried. Entries are only ever added; an engine refuses to change one, whoever asks. */
import type { Role } from '../../words/roles.js'
import type { Json } from '../../words/json.js'
import type { AuditOutcome } from '../../words/audit-outcomes.js'
import type { Page, PageQuery } from '../paging.js'

export { AUDIT_OUTCOMES, type AuditOutcome } from '../../words/audit-outcomes.js'

export interface AuditEntry {
  id: string
  time: number
  /** name of a token, subject of a sign-in; null: nobody that we know */
  actor: string | null
  role: Role | null
  address: string | null
  /** what was done, from the general to the particular: `token.create`, `batch.delete`, `session.begin` */
  action: string
  /** on what: an id, a name */
  target: string | null
  outcome: AuditOutcome
  /** what else is worth knowing; never a secret */
  detail: Json
}

export interface Audit {
  /** One commit for all of them: many small uploads at once cost one write. */
  append(entries: Omit<AuditEntry, 'id'>[]): Promise<void>
  /**
   * The latest entry first. `from`, `to`: by time, `to` excluded; `action`: this one and those below it (`token` is also
   * `token.create`).
   */
  page(
    query: PageQuery & { from?: number; to?: number; actor?: string; action?: string; outcome?: AuditOutcome },
  ): Promise<Page<AuditEntry>>
  /** The one way in which entries go: all that are older than this time, for good; says how many. */
  expire(before: number): Promise<number>
}
