/** The alert log as tables. What changes it goes one by one; what an evaluation reads is of one moment. */
import type { AlertLog } from '../../store/alert-log.js'
import type { Database } from '../database.js'
import { deliveries } from './deliveries.js'
import { edits } from './edits.js'
import { episodes } from './episodes.js'
import { evaluation } from './evaluation.js'
import { queue } from './queue.js'

export function alertLog(db: Database): AlertLog {
  return { ...evaluation(db), ...edits(db), ...episodes(db), ...queue(db), ...deliveries(db) }
}
