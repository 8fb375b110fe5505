/** A checkpoint as a row. */
import type { Json } from '../../words/json.js'
import type { Checkpoint } from '../ledger/checkpoints.js'

export interface CheckpointRow {
  input: string
  key: string
  value: string
  version: string
  updated_at: number
}

export function checkpointOf({ input, key, value, version, updated_at }: CheckpointRow): Checkpoint {
  return { input, key, value: JSON.parse(value) as Json, version, updatedAt: updated_at }
}
