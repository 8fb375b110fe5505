/** What a service does by the clock beside answering: it removes what is kept no longer, and copies the store. */
import type { FastifyBaseLogger } from 'fastify'
import { cautiousTime } from '../schema/store/cautious-time.js'
import type { Ages } from '../schema/store/kept.js'
import { keepWithin } from '../schema/store/retention.js'
import { backUpByTheClock } from '../schema/store/scheduled-backups.js'
import type { Store } from '../schema/store/store.js'
import { formatDuration, MINUTE } from '../schema/words/duration.js'
import type { ServiceSettings } from './commands/service.js'
import { GB } from './privacy/retention.js'

export interface Housekeeping {
  /** Resolves when a removal or a copy under way has ended. */
  stop(): Promise<void>
}

/** Begins it, where the settings ask for any. `zones` are the limits of single zones that they name. */
export function keepHouse(
  store: Store,
  settings: ServiceSettings,
  zones: ReadonlyMap<string, Ages>,
  log: FastifyBaseLogger,
): Housekeeping {
  const { retentionDays, retentionGb, retentionCountsDays = 0, backupDir } = settings
  const onError = (error: Error) => log.error(error)
  const retention =
    retentionDays === undefined && retentionGb === undefined && zones.size === 0
      ? null
      : keepWithin({
          days: retentionDays ?? null,
          countsDays: retentionCountsDays,
          zones,
          bytes: retentionGb === undefined ? null : retentionGb * GB,
          records: store.records,
          now: cautiousTime({ onJump: (forward) => log.warn(jumpText(forward)) }),
          onError,
          onExpired: (removed, { before, by }) => log.warn(removedText(removed, before, by, settings)),
          onOverfull: (used) =>
            log.warn(
              `${(used / GB).toFixed(2)} GB are in use, more than FAULTLINE_RETENTION_GB=${retentionGb}: the last day takes them, and it stays`,
            ),
        })
  const backups =
    backupDir === undefined
      ? null
      : backUpByTheClock({
          store,
          folder: backupDir,
          keep: settings.backupKeep,
          hours: settings.backupHours,
          onDone: (path) => log.info(`Copied the store to ${path}`),
          onError,
        })
  return {
    async stop() {
      await retention?.stop()
      await backups?.stop()
    },
  }
}

function jumpText(forward: number): string {
  const ahead = formatDuration(Math.round(forward / MINUTE) * MINUTE)
  return `The clock went forward by ${ahead} more than passed: what is too old by it stays for another day, in case it is wrong`
}

/** Which records went, and which limit it was. */
function removedText(removed: number, before: number, by: 'age' | 'size', settings: ServiceSettings): string {
  const { retentionDays, retentionGb } = settings
  const limit = by === 'size' ? `GB=${retentionGb}` : retentionDays === undefined ? 'ZONES' : `DAYS=${retentionDays}`
  return `Removed ${removed} records older than ${new Date(before).toISOString()} (FAULTLINE_RETENTION_${limit})`
}
