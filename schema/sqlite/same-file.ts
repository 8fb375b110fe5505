/**
 * Are the files that are open still those under their names? A folder that somebody removed or put another in the place of can
 * be written to without an error: what was answered 200 would be nowhere. The write-ahead log and its index are parts of the store
 * as well: without them whoever opens the file next finds only what was moved into it before.
 */
import { rmSync, statfsSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { StoreError } from '../store/store-error.js'
import { realOf } from './database.js'

/** With less room than this a part may not fit: two of the largest, and the log that they are written to first. */
export const LEAST_ROOM_BYTES = 64 * 1024 * 1024

const BESIDE = ['-wal', '-shm'] as const

export class SameFile {
  private readonly opened: string | null
  private readonly real: string
  private readonly beside = new Map<string, string>()

  /**
   * `path`: a file that has just been opened. `save`: moves what is in the log into the file, which works as long as both are open,
   * whatever became of their names.
   */
  constructor(
    private readonly path: string,
    private readonly save: () => void = () => {},
  ) {
    this.opened = inodeOf(path)
    this.real = realOf(path)
    this.besideThatChanged()
  }

  /** Throws a StoreError where one of them is gone or is another one. */
  check(): void {
    const now = inodeOf(this.path)
    const changed = now === this.opened ? this.besideThatChanged() : null
    if (now !== null && now === this.opened && changed === null) return
    this.save()
    throw new StoreError('STORE_UNUSABLE', changed === null ? textOn(this.path, now === null) : textOnBeside(changed))
  }

  /** Throws a StoreError where the disk has no room for another part. */
  checkRoom(): void {
    const { bavail, bsize } = statfsSync(dirname(this.path))
    if (bavail * bsize >= LEAST_ROOM_BYTES) return
    throw new StoreError(
      'STORE_FULL',
      `The disk of ${this.path} has ${Math.floor((bavail * bsize) / 1024 / 1024)} MB left. Free space or move the store; ` +
        'what was stored before is whole.',
    )
  }

  /**
   * Throws where a file system has become read-only, as after errors of its disk: SQLite notices only where its log grows, and
   * beginning to write asks the disk nothing.
   */
  checkDisk(): void {
    const trial = `${this.real}-trial`
    try {
      writeFileSync(trial, '.')
      rmSync(trial)
    } catch (error) {
      // a folder that may not be written to leaves what is open alone
      if (!['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    }
  }

  /** They are there, and stay, from the first use of the file until the last connection closes. Null: none changed. */
  private besideThatChanged(): string | null {
    for (const suffix of BESIDE) {
      const known = this.beside.get(suffix)
      const now = inodeOf(this.real + suffix)
      if (known === undefined && now !== null) this.beside.set(suffix, now)
      else if (known !== undefined && known !== now) return this.real + suffix
    }
    return null
  }
}

const textOn = (path: string, isGone: boolean): string =>
  isGone
    ? `${path} was removed or moved away while Faultline had it open: nothing is stored until it is back, then Faultline goes on by itself. ` +
      'Where it is lost, stop Faultline, restore a backup (faultline restore) and start it again.'
    : `Another file was put in the place of ${path} while Faultline had it open: nothing is stored in either. ` +
      'Put the one of before back, or start Faultline again to go on with this one.'

const textOnBeside = (file: string): string =>
  `${file}, a part of the store, was removed or put in the place of another one while Faultline had it open: nothing more is stored. ` +
  'Start Faultline again, then it goes on: what was stored was moved into the file itself.'

function inodeOf(path: string): string | null {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false })
  return found === undefined ? null : `${found.dev}:${found.ino}`
}
