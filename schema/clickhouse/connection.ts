/** What the store needs of ClickHouse, whatever carries it there: one SQL, two carriers. */

export type Cell = string | number | null

export interface Connection {
  /** Every column of the answer; numbers of 64 bits must be asked for as halves. Rejects with a StoreError. */
  columns(sql: string): Promise<Cell[][]>
  /** A statement without an answer. Rejects with a StoreError; of a write nobody then knows whether it was done. */
  run(sql: string): Promise<void>
  /**
   * A statement that reads rows which are sent along (Native format). `statement` is given the words that stand for them after
   * `from`. Rejects with a StoreError; the server may go on with it unless it was told to stop, see `stop`.
   */
  send(rows: Part, statement: (from: string) => string, id?: string): Promise<void>
  /** No statement of this id goes on. Resolves when it is so. */
  stop(id: string): Promise<void>
  close(): Promise<void>
}

/** Rows on their way: pieces in Native format, and the columns that they have. */
export interface Part {
  pieces: Uint8Array[]
  structure: string
}

/** Settings of every statement: what answers must not depend on a server's defaults for. */
export const SETTINGS = {
  // numbers come as numbers, NaN as null
  output_format_json_quote_64bit_integers: 0,
  output_format_json_quote_denormals: 0,
  output_format_json_validate_utf8: 1,
  // a part is acknowledged when it rests, not when it is queued
  async_insert: 0,
  // copies of a record share a partition, which is made of its identity
  do_not_merge_across_partitions_select_final: 1,
  // an old export may touch many days at once
  max_partitions_per_insert_block: 0,
  lightweight_deletes_sync: 2,
  mutations_sync: 2,
} as const
