/** Which columns of a table are read. */
import type { Names } from '../../reader/names.js'

/**
 * Those under names that are read. All of them where a record is told by its whole line (without a RayID), where names lead
 * into nested columns, and where too little is known to be a record: then the refusal shows what there is.
 */
export function wantedColumns(columns: readonly string[], names: Names): string[] {
  const known = new Set(columns.map((column) => names.nameOf(column)))
  const isEnough =
    known.has('RayID') &&
    known.has('EdgeResponseStatus') &&
    (known.has('EdgeStartTimestamp') || known.has('EdgeEndTimestamp'))
  if (names.hasPaths || !isEnough) return [...columns]
  return columns.filter((column) => names.nameOf(column) !== null)
}
