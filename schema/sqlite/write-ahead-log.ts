/**
 * The write-ahead log is moved into the file and begun anew when nobody reads what is in it any more. Beside readers that follow
 * one on the other that moment never comes by itself, and one reader that stays keeps everything that was written since: the log
 * grows as long as it does.
 */
import { statSync } from 'node:fs'
import type { StoreCondition } from '../store/store.js'
import { realOf, type Connection } from './database.js'

/** Beyond this, bytes, the writer waits for the readers of the moment, so that the log can be begun anew … */
const LARGE_BYTES = 96 * 1024 * 1024
/** … for so long, ms, and as long again not before that. */
const WAIT_MS = 1_000
const AGAIN_AFTER_MS = 10_000
/** Beyond this, bytes, somebody who reads stays for long, and people are told. */
export const TOLD_BYTES = 256 * 1024 * 1024

const logBytes = (path: string): number => statSync(`${realOf(path)}-wal`, { throwIfNoEntry: false })?.size ?? 0

export class WriteAheadLog {
  private triedAt = -Infinity

  constructor(
    private readonly db: Connection,
    private readonly path: string,
    private readonly largeBytes = LARGE_BYTES,
  ) {}

  /** After a commit: begins the log anew where it has become large, if its readers come to an end. */
  keepSmall(now = performance.now()): void {
    if (logBytes(this.path) >= this.largeBytes) this.beginAnew(now)
  }

  /** Moves what is in the log into the file, and empties it, as far as its readers let it. */
  readonly save = (): void => {
    try {
      this.beginAnew(performance.now())
    } catch {
      // whoever asked has worse to tell
    }
  }

  private beginAnew(now: number): void {
    if (now - this.triedAt < AGAIN_AFTER_MS) return
    this.triedAt = now
    const before = this.db.pragma('busy_timeout', { simple: true }) as number
    this.db.pragma(`busy_timeout = ${WAIT_MS}`)
    try {
      // gives a row that says whether it was blocked, and throws nothing
      this.db.pragma('wal_checkpoint(TRUNCATE)')
    } finally {
      this.db.pragma(`busy_timeout = ${before}`)
    }
  }
}

/** What people are told of the file at `path`. */
export function conditionOf(path: string): StoreCondition {
  const bytes = logBytes(path)
  return { logBytes: bytes, advice: bytes < TOLD_BYTES ? [] : [adviceOn(path, bytes)] }
}

function adviceOn(path: string, bytes: number): string {
  return (
    `The write-ahead log ${path}-wal has grown to ${Math.round(bytes / 1024 / 1024)} MB: a process has been reading the file for long ` +
    `(a backup, a shell, a copy). \`lsof ${path}\` names it; once it ends the log shrinks by itself. Nothing is lost meanwhile.`
  )
}
