/** What a block that moves looks like from outside; what is in it, moving-block.ts knows. */
export interface MovingBlock {
  rows: number
  /** event time of the first and the last record, epoch milliseconds; NaN without rows */
  from: number
  to: number
  oddRays: Map<number, string>
  buffer: ArrayBuffer
  /** It is the rows from `first` on of so many in the buffer; others have the rest, so the buffer is copied, not moved. */
  shared?: { first: number; rows: number }
}
