/** A room of the ledger without promises, as a thread serves it. */
export type Table<I> = {
  [N in keyof I]: I[N] extends (...args: infer A) => Promise<infer R> ? (...args: A) => R : never
}
