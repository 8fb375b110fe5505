/** Where a test may stop a process that writes to a ClickHouse store. */
import { failpoint } from '../runtime/failpoints.js'

export const FAILPOINTS = [
  'open/committed',
  'write/begun',
  'write/records',
  'write/keys',
  'write/committed',
  'close/committed',
  'delete/noted',
  'delete/records',
  'delete/keys',
  'delete/committed',
  'expire/records',
  'expire/committed',
] as const

export type Failpoint = (typeof FAILPOINTS)[number]

export const at = (place: Failpoint): void => failpoint(`clickhouse/${place}`)
