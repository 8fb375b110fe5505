/**
 * Parquet, as Logpush writes it to R2: what is in it stands in a table at its end, so it is read from a file that may be
 * read anywhere; what comes as a stream is put into a temporary one first. A thread of its own unpacks it
 * (parquet-worker.ts), page by page, and gives a line of JSON a row: from there on a record is read as any other.
 */
import { open, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { StoreError } from '../../../schema/store/store-error.js'
import { startThread, workerUrl } from '../../../schema/runtime/threads.js'
import { IngestError, type IngestErrorCode } from '../../errors.js'
import type { Names } from '../../reader/names.js'
import type { ByteReader } from '../byte-reader.js'
import type { ReadingNotes } from '../notes.js'
import type { LinesPiece } from '../piece.js'
import { wantedColumns } from './columns.js'
import type { ParquetThread } from './parquet-worker.js'
import { Turns } from './turns.js'

/** Bytes that come as a stream and are kept in a temporary file meanwhile; a file that is named is read where it is, however large. */
export const MOST_SPOOLED = 4 * 1024 ** 3
/** A thread may take this much for what it has unpacked, MiB; beyond it the thread ends, not the process. */
const THREAD_MIB = 1_024
/** Each holds a page of every column in memory. */
const turns = new Turns(2)

/** `PAR1`; with an encrypted table of contents `PARE`. */
export const isParquet = (start: Uint8Array): boolean =>
  start[0] === 0x50 && start[1] === 0x41 && start[2] === 0x52 && (start[3] === 0x31 || start[3] === 0x45)

export interface ParquetOptions {
  names: Names
  notes: ReadingNotes
  /** told the first line */
  onStart: (start: Buffer) => void
  /** told how many bytes of the file are through */
  onRead?: (bytes: number) => void
}

/** Of a file that is there. */
export async function* parquetFile(path: string, options: ParquetOptions): AsyncGenerator<LinesPiece> {
  const file = await open(path)
  try {
    yield* piecesOf(file, options)
  } finally {
    await file.close()
  }
}

/** Of bytes as they come. */
export async function* parquetStream(bytes: ByteReader, options: ParquetOptions): AsyncGenerator<LinesPiece> {
  const file = await nameless()
  try {
    await spool(bytes, file)
    yield* piecesOf(file, options)
  } finally {
    await file.close()
  }
}

/** A file that nobody else can open and that is gone with its handle, whatever ends the process. */
async function nameless(): Promise<FileHandle> {
  const path = join(tmpdir(), `faultline-${randomUUID()}.parquet`)
  try {
    const file = await open(path, 'wx+', 0o600)
    await rm(path)
    return file
  } catch (cause) {
    throw noRoom(cause as NodeJS.ErrnoException)
  }
}

async function spool(bytes: ByteReader, file: FileHandle): Promise<void> {
  let written = 0
  for await (const piece of bytes) {
    written += piece.length
    if (written > MOST_SPOOLED)
      throw new IngestError(
        'CORRUPT',
        `The Parquet input is larger than ${MOST_SPOOLED / 1024 ** 3} GiB, which is the most that is kept aside while it arrives. Read it where it is, with faultline ingest FILE, or write smaller files.`,
      )
    await file.writeFile(piece).catch((cause: NodeJS.ErrnoException) => {
      throw noRoom(cause)
    })
  }
}

const noRoom = (cause: NodeJS.ErrnoException) =>
  new StoreError(
    'STORE_FULL',
    `A Parquet input is kept in a temporary file while it arrives, and that cannot be written (${cause.code ?? cause.message}). Make room in the folder for temporary files, or name another one in TMPDIR. Nothing of it is stored; send it again.`,
    { cause },
  )

async function* piecesOf(
  file: FileHandle,
  { names, notes, onStart, onRead }: ParquetOptions,
): AsyncGenerator<LinesPiece> {
  notes.through('Parquet')
  const done = await turns.take()
  const thread = startThread<ParquetThread>(
    workerUrl(import.meta.url, './parquet-worker.js'),
    { resourceLimits: { maxOldGenerationSizeMb: THREAD_MIB } },
    ({ name, code, message }) =>
      name === 'IngestError'
        ? new IngestError(code as IngestErrorCode, message)
        : Object.assign(new Error(message), { name, code }),
  )
  try {
    const columns = await thread.call('open', file.fd)
    await thread.call('choose', wantedColumns(columns, names))
    let isFirst = true
    let next = thread.call('next')
    for (;;) {
      const piece = await next
      if (piece === null) return
      next = thread.call('next')
      // met at the await above; until then it must not count as unhandled
      next.catch(() => {})
      const { bytes, rows, numbers, rejections, read, total } = piece
      if (isFirst) onStart(Buffer.from(bytes.subarray(0, bytes.indexOf(10))))
      isFirst = false
      onRead?.(total)
      yield { kind: 'lines', bytes, numbering: { numbers, advance: rows, rejections, bytes: read } }
    }
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'THREAD_ENDED' ? tooMuch(error) : error
  } finally {
    await thread.stop()
    done()
  }
}

const tooMuch = (cause: unknown) =>
  new IngestError(
    'DECOMPRESSION_BOMB',
    `The Parquet input needs more than ${THREAD_MIB} MiB of memory at once: its row groups or pages are too large, or it is not what it says. What was whole before is stored. Write it with smaller row groups (100,000 rows; in DuckDB ROW_GROUP_SIZE 100000) and send it again; nothing is counted twice.`,
    { cause },
  )
