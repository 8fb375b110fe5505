/**
 * One column of one row group, a page in memory at a time. Headers say how much follows; each is held against the file and
 * against what a thread may hold before anything is made of it.
 */
import zlib from 'node:zlib'
import type { ColumnMetaData, DecodedArray, PageHeader, SchemaTree } from 'hyparquet'
import { parquetHeader, readPage } from 'hyparquet/src/column.js'
import { convert } from 'hyparquet/src/convert.js'
import { decompressPage } from 'hyparquet/src/datapage.js'
import { getMaxRepetitionLevel } from 'hyparquet/src/schema.js'
import { IngestError } from '../../errors.js'
import { bytesAt } from './bytes.js'
import { CODECS } from './codecs.js'
import { guardPage, type OpenPage } from './guard.js'
import { decimalText, PARSERS } from './values.js'

/** Values of a page: writers make pages of a megabyte, DuckDB one of a whole row group. */
const MOST_VALUES = 16 * 1_048_576
/** What the pages that are in memory may unpack to, of all columns together, bytes. */
const MOST_UNPACKED = 512 * 1_048_576
/** A header with the smallest and largest value of its page. */
const HEADER_BYTES = 16_384

/** What the pages of all columns take. */
export class Budget {
  private taken = 0

  change(by: number): void {
    this.taken += by
    if (this.taken > MOST_UNPACKED)
      throw new IngestError(
        'DECOMPRESSION_BOMB',
        `The pages of the Parquet input unpack to more than ${MOST_UNPACKED / 1_048_576} MiB at once. What was whole before is stored. Write it with smaller row groups (100,000 rows; in DuckDB ROW_GROUP_SIZE 100000) and send it again; nothing is counted twice.`,
      )
  }
}

const readerOf = (bytes: Uint8Array) => ({
  view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  offset: 0,
})

type Decoder = Parameters<typeof readPage>[2]

export class LeafColumn {
  /** rows that are unpacked; of a list the last may lack some */
  private values: DecodedArray = []
  private from = 0
  private at: number
  private readonly end: number
  private dictionary: DecodedArray | undefined
  private dictionaryBytes = 0
  private pageBytes = 0
  private given = 0
  private readonly decoder: Decoder
  private readonly isList: boolean
  /** of a decimal: digits behind the point */
  private readonly scale: number | null

  constructor(
    private readonly fd: number,
    private readonly chunk: ColumnMetaData,
    path: SchemaTree[],
    private readonly rows: number,
    private readonly budget: Budget,
  ) {
    const { dictionary_page_offset: dictionary, data_page_offset: data, total_compressed_size: size } = chunk
    this.at = Number(dictionary !== undefined && dictionary > 0n && dictionary < data ? dictionary : data)
    this.end = this.at + Number(size)
    this.isList = getMaxRepetitionLevel(path) > 0
    const { element } = path[path.length - 1]
    const isDecimal = element.converted_type === 'DECIMAL' || element.logical_type?.type === 'DECIMAL'
    const { logical_type: logical } = element
    this.scale =
      isDecimal && path.length === 2 ? (element.scale ?? (logical?.type === 'DECIMAL' ? logical.scale : 0)) : null
    const plain = { ...element, converted_type: undefined, logical_type: undefined }
    this.decoder = {
      ...chunk,
      pathInSchema: chunk.path_in_schema,
      element: this.scale === null ? element : plain,
      schemaPath: path,
      compressors: CODECS,
      parsers: PARSERS,
      utf8: this.scale === null,
    } as Decoder
  }

  /** The next rows. */
  take(count: number): unknown[] {
    const taken: unknown[] = []
    while (taken.length < count) {
      const there = this.whole
      if (there <= 0) {
        this.nextPage()
        continue
      }
      const to = this.from + Math.min(there, count - taken.length)
      for (let i = this.from; i < to; i++) taken.push(this.values[i])
      this.from = to
    }
    this.given += count
    if (this.given === this.rows) this.close()
    return this.scale === null ? taken : taken.map((value) => decimalText(value, this.scale as number))
  }

  close(): void {
    this.budget.change(-this.pageBytes - this.dictionaryBytes)
    this.pageBytes = this.dictionaryBytes = 0
    this.values = []
    this.dictionary = undefined
  }

  /** A row of a list may go on in the next page. */
  private get whole(): number {
    const there = this.values.length - this.from
    return this.isList && this.at < this.end ? there - 1 : there
  }

  private nextPage(): void {
    if (this.at >= this.end) throw new Error(`column ${this.name} ends after ${this.given} of ${this.rows} rows`)
    const header = this.readHeader()
    const { compressed_page_size: packed, uncompressed_page_size: unpacked } = header
    if (!(packed >= 0 && unpacked >= 0 && this.at + packed <= this.end))
      throw new Error(`a page of column ${this.name} is larger than the column`)
    const values = header.data_page_header ?? header.data_page_header_v2 ?? header.dictionary_page_header
    if (values !== undefined && !(values.num_values >= 0 && values.num_values <= MOST_VALUES))
      throw new Error(`a page of column ${this.name} says that it has ${values.num_values} values`)
    const isDictionary = header.type === 'DICTIONARY_PAGE'
    const { type_length: width } = this.decoder.element
    if (width !== undefined && !(width >= 0 && width * (values?.num_values ?? 0) <= MOST_UNPACKED))
      throw new Error(`values of column ${this.name} have ${width} bytes each`)
    // an index is for who looks for single rows
    if (header.type === 'INDEX_PAGE') {
      this.at += packed
      return
    }
    this.budget.change(unpacked - (isDictionary ? this.dictionaryBytes : this.pageBytes))
    if (isDictionary) this.dictionaryBytes = unpacked
    else this.pageBytes = unpacked
    const bytes = bytesAt(this.fd, this.at, packed)
    this.at += packed
    if (header.crc !== undefined && zlib.crc32(bytes) !== header.crc >>> 0)
      throw new Error(`the check sum of a page of column ${this.name} is another`)
    if (isDictionary) {
      const { data } = readPage(readerOf(bytes), header, this.decoder, undefined, undefined, 0)
      this.dictionary = data && convert(data, this.decoder)
      return
    }
    const open = this.unpacked(header, bytes)
    const more = guardPage(open, this.decoder.schemaPath)
    this.budget.change(more)
    this.pageBytes += more
    const before = this.isList ? (Array.from(this.values as unknown[]).slice(this.from) as DecodedArray) : []
    const page = readPage(
      readerOf(open.levels.length > 0 ? Buffer.concat([open.levels, open.data]) : open.data),
      { ...header, compressed_page_size: unpacked },
      { ...this.decoder, codec: 'UNCOMPRESSED' },
      this.dictionary,
      before.length > 0 ? before : undefined,
      0,
    )
    // Arrow writes pages with nothing in them
    this.values = page.data?.length ? page.data : before
    this.from = 0
  }

  /** In version 2 the levels lie unpacked before the data, which may be packed or not. */
  private unpacked(header: PageHeader, bytes: Uint8Array): OpenPage {
    const { codec, compressors } = this.decoder
    const v2 = header.data_page_header_v2
    if (!v2)
      return {
        header,
        levels: new Uint8Array(),
        data: decompressPage(bytes, header.uncompressed_page_size, codec, compressors),
      }
    const length = v2.repetition_levels_byte_length + v2.definition_levels_byte_length
    if (!(length >= 0 && length <= bytes.length)) throw new Error(`a page of column ${this.name} has too many levels`)
    const data = bytes.subarray(length)
    const isPacked = v2.is_compressed !== false && data.length > 0
    return {
      header,
      levels: bytes.subarray(0, length),
      data: isPacked ? decompressPage(data, header.uncompressed_page_size - length, codec, compressors) : data,
    }
  }

  private readHeader(): PageHeader {
    for (let length = HEADER_BYTES; ; length *= 16) {
      const most = Math.min(length, this.end - this.at)
      const reader = { view: new DataView(bytesAt(this.fd, this.at, most).buffer), offset: 0 }
      try {
        const header = parquetHeader(reader)
        this.at += reader.offset
        return header
      } catch (error) {
        if (most < length || length > 16 * HEADER_BYTES) throw error
      }
    }
  }

  private get name(): string {
    return JSON.stringify(this.chunk.path_in_schema.join('.'))
  }
}
