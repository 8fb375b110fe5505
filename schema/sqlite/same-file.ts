/**
 * Is the file that is open still the one under its name? A folder that somebody removed or put another in the place of can
 * be written to without an error: what was answered 200 would be nowhere.
 */
import { statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { StoreError } from '../store/store-error.js'

/** With less room than this a part may not fit: two of the largest, and the log that they are written to first. */
export const LEAST_ROOM_BYTES = 64 * 1024 * 1024

export class SameFile {
  private readonly opened: string | null

  /** `path`: a file that has just been opened. */
  constructor(private readonly path: string) {
    this.opened = inodeOf(path)
  }

  /** Throws a StoreError where the file is gone or is another one. */
  check(): void {
    const now = inodeOf(this.path)
    if (now !== null && now === this.opened) return
    const what = now === null ? 'was removed' : 'was put in the place of another one'
    throw new StoreError(
      'STORE_UNUSABLE',
      `${this.path} ${what} while Faultline had it open: nothing can be stored any more. ` +
        'Put the file back from a backup if it is missed, and start Faultline again.',
    )
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
}

function inodeOf(path: string): string | null {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false })
  return found === undefined ? null : `${found.dev}:${found.ino}`
}
