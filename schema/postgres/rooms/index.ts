/** What of the ledger is read and written apart from the batches. */
import type { SmallRooms } from '../../store/ledger.js'
import type { Database } from '../database.js'
import { annotations } from './annotations.js'
import { audit } from './audit.js'
import { checkpoints } from './checkpoints.js'
import { incidents } from './incidents.js'
import { sessions } from './sessions.js'
import { settings } from './settings.js'
import { tokens } from './tokens.js'

export function rooms(db: Database): SmallRooms {
  return {
    settings: settings(db),
    checkpoints: checkpoints(db),
    tokens: tokens(db),
    sessions: sessions(db),
    audit: audit(db),
    annotations: annotations(db),
    incidents: incidents(db),
  }
}
