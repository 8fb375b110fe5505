/**
 * Who of many does what only one may do. A lease is held for a while and renewed; its token grows whenever it changes hands, so
 * that whoever held it and does not know yet that it is another's (a process that was stopped for a minute) is told so by the token.
 * Time is the ledger's: clocks of the nodes play no part.
 */

/** Shows that its holder may still act: what is written is refused where the token is an older one, or the time is up. */
export interface Fence {
  lease: string
  token: number
}

export interface Leases {
  /** Takes or renews it until `ms` from now. Null: another one, who lives, holds it. */
  take(lease: string, ms: number): Promise<Fence | null>
  /** Gives it back, where it is still ours. */
  release(fence: Fence): Promise<void>
  /** The ledger's own clock, epoch ms. */
  now(): Promise<number>
}
