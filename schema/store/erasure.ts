/** What is to be erased of what was stored; at least one of them is given, and all that are must fit. */
export interface Erasure {
  host?: string
  /** as it is kept: whole, shortened or hashed */
  clientIp?: string
  /** event time, epoch ms; `from` included, `to` excluded */
  from?: number
  to?: number
}

export interface Erased {
  /** with their rollups */
  records: number
  /** samples of rejected lines */
  samples: number
}
