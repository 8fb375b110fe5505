/** A kind of store as the list of them (../open-store.ts) has it. */
import type { Store } from './store.js'

/** An engine's folder exports one of these. */
export interface Engine {
  /** Rejects with a StoreError that says what to do; shows URLs by `shownUrl` only. */
  open(url: string): Promise<Store>
}

export interface EngineEntry {
  /** the beginning of its URLs, without the colon */
  scheme: string
  /** what such a URL looks like, for help and errors */
  form: string
  /** read when such a store is first opened: nobody pays for an engine that he does not use */
  load(): Promise<Engine>
}
