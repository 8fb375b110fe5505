/** A thread that reads one Parquet file: rows come out as lines of JSON, some at a time. */
import { Moved, serve } from '../../../schema/runtime/threads.js'
import { IngestError } from '../../errors.js'
import { openTable, type Table, type TablePiece } from './table.js'

export type ParquetThread = {
  /** The names of its columns. `fd`: of a file that is open for reading as long as the thread lives. */
  open(fd: number): string[]
  choose(columns: readonly string[]): void
  next(): Moved<TablePiece> | null
}

let table: Table | null = null

serve<ParquetThread>({
  open: (fd) =>
    told(() => {
      table = openTable(fd)
      return table.columns
    }),
  choose: (columns) => told(() => (table as Table).choose(columns)),
  next: () =>
    told(() => {
      const piece = (table as Table).next()
      return piece && new Moved(piece, [piece.bytes.buffer])
    }),
})

/** What is wrong with the bytes shows in as many ways as there are bytes; for whoever sent them it is one. */
function told<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    // ENOENT, EIO …: the disk's; ERR_…: Node's, of arguments that the bytes led to
    if (error instanceof IngestError || (typeof code === 'string' && /^E(?!RR_)/.test(code))) throw error
    throw new IngestError(
      'CORRUPT',
      `The Parquet input is damaged, or written in a way that is not read here (${message}). What was whole before is stored; fetch the file again, or write it anew, and send it once more: nothing is counted twice.`,
      { cause: error },
    )
  }
}
