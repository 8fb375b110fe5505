/** Where a test may stop a process that writes to a SQLite store. */
import { failpoint } from '../runtime/failpoints.js'

export const FAILPOINTS = [
  // an open transaction in each but the last
  'open/inserted',
  'open/committed',
  'write/records',
  'write/report',
  'write/committed',
  'take/opened',
  'take/records',
  'take/reports',
  'take/committed',
  'close/report',
  'close/committed',
  'delete/records',
  'delete/report',
  'delete/committed',
  'expire/records',
  'expire/committed',
] as const

/** Places that the store passes by itself: in quiet times, when it is opened, beside everything else. */
export const FAILPOINTS_ASIDE = [
  'migrate/applied',
  'renew/replaced',
  'renew/committed',
  'merge/replaced',
  'merge/committed',
  'backup/written',
] as const

export type Failpoint = (typeof FAILPOINTS)[number] | (typeof FAILPOINTS_ASIDE)[number]

export const at = (place: Failpoint): void => failpoint(`sqlite/${place}`)
