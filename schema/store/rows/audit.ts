/** An entry of the audit log as a row. */
import type { Json } from '../../words/json.js'
import type { AuditEntry } from '../ledger/audit.js'

export type AuditRow = Omit<AuditEntry, 'id' | 'detail'> & { id: number; detail: string }

export function entryOf({ id, detail, ...entry }: AuditRow): AuditEntry {
  return { id: String(id), ...entry, detail: JSON.parse(detail) as Json }
}
