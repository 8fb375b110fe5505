/** Trouble outside of the data: the file, the disk, the server, another version. Says what was tried and what to do. */
export class StoreError extends Error {
  readonly code: StoreErrorCode
  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StoreError'
    this.code = code
  }
}

export type StoreErrorCode =
  /** its layout is newer than this Faultline */
  | 'STORE_NEWER'
  /** it is damaged, of another program, or not to be read or written by this user */
  | 'STORE_UNUSABLE'
  /** a byte in it is not what was written: what rests on it is not shown */
  | 'STORE_DAMAGED'
  /** somebody else holds it: the same call may succeed in a moment */
  | 'STORE_BUSY'
  /** no room left: reading goes on, writing may again when there is room */
  | 'STORE_FULL'
  /** the server does not answer; what was sent may or may not have arrived: give the same part again */
  | 'STORE_UNREACHABLE'
  /** the server answers and says no: wrong password, no right, unknown database */
  | 'STORE_REFUSED'
  /** it was closed by this process */
  | 'STORE_CLOSED'
  /** the URL names no store */
  | 'STORE_URL'

/** It was only to be read: a slip of the pen makes no store. */
export const noSuchStore = (path: string) =>
  new StoreError(
    'STORE_UNUSABLE',
    `There is no store ${path}. Name another one (--store URL), or take logs in first: faultline ingest FILE.`,
  )

/** Whoever wrote this part was silent for so long that what it had stored was taken out again. */
export const takenForDead = (batch: number, part: number) =>
  new StoreError(
    'STORE_UNREACHABLE',
    `Part ${part} of batch ${batch} took so long that this process was taken for dead, and what it had stored was taken out again. Nothing of it counts: give the same part again.`,
  )
