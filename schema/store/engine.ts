/** A kind of store as the list of them (../open-store.ts) has it. */
import type { Store } from './store.js'
import type { Verified } from './verified.js'

/** What an engine can be told when a store is opened. */
export interface EngineSettings {
  /** values of a dimension that are told apart on a day, see named-values.ts; ClickHouse tells all apart */
  namedValues?: number
  /** Whoever writes waits at most so long for another process that holds the store, ms; then STORE_BUSY. Default: 10 s */
  waitMs?: number
  /** What gets the engine up to speed before there is anything to write waits so long, ms: a service opens its door first. Default: 0 */
  warmUpAfterMs?: number
  /** Only to be read: then it may be one that this user cannot write. Default: no */
  toRead?: boolean
  /**
   * Only one asks, and has nothing else to do while it is answered: a command. Questions may then be answered on the thread that asks, with
   * a part of the memory that threads of their own take. Default: no
   */
  alone?: boolean
}

/** An engine's folder exports one of these. */
export interface Engine {
  /** Rejects with a StoreError that says what to do; shows URLs by `shownUrl` only. */
  open(url: string, settings: EngineSettings): Promise<Store>
  /** Checks what rests there, byte by byte, without opening it; mends what can be. Left out by engines that check themselves. */
  verify?(url: string, repair: boolean): Promise<Verified>
  /** Makes a store of a backup and compares the two; never over one that is there. */
  restore?(url: string, backup: string): Promise<{ records: number; compared: number }>
}

export interface EngineEntry {
  /** the beginning of its URLs, without the colon */
  scheme: string
  /** what such a URL looks like, for help and errors */
  form: string
  /** read when such a store is first opened: nobody pays for an engine that he does not use */
  load(): Promise<Engine>
}
