/**
 * What a page says of how much it holds, looked at before it is unfolded: a run of five bytes may stand for two thousand
 * million values, and an array that grows so far ends not the thread but the process.
 */
import type { PageHeader, SchemaTree } from 'hyparquet'
import { deltaBinaryUnpack } from 'hyparquet/src/delta.js'
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js'
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from 'hyparquet/src/schema.js'

/** A page whose levels and data are unpacked; `levels` lie one behind the other before the data. */
export interface OpenPage {
  header: PageHeader
  levels: Uint8Array
  data: Uint8Array
}

const bitsOf = (most: number) => 32 - Math.clz32(most)

/**
 * Throws where runs hold more values than the page has. Gives the bytes that its values come to beyond those of the page
 * itself: texts that repeat the beginning of the one before.
 */
export function guardPage({ header, levels, data }: OpenPage, path: SchemaTree[]): number {
  const page = header.data_page_header ?? header.data_page_header_v2
  if (!page) return 0
  const { num_values: values, encoding } = page
  const isV2 = header.data_page_header_v2 !== undefined
  const mostRepeated = getMaxRepetitionLevel(path)
  const mostDefined = getMaxDefinitionLevel(path)
  let at = 0
  let nulls = header.data_page_header_v2?.num_nulls ?? 0
  const inFront = isV2 ? levels : data
  if (mostRepeated > 0) {
    const v2Length = header.data_page_header_v2?.repetition_levels_byte_length
    at = levelsAt(inFront, at, v2Length, bitsOf(mostRepeated), values)
  }
  if (mostDefined > 0) {
    const from = at
    const v2Length = header.data_page_header_v2?.definition_levels_byte_length
    at = levelsAt(inFront, at, v2Length, bitsOf(mostDefined), values)
    if (!isV2 && encoding === 'DELTA_BYTE_ARRAY') {
      const defined: number[] = Array.from({ length: values }, () => 0)
      readRleBitPackedHybrid(readerOf(data, from), bitsOf(mostDefined), defined)
      nulls = defined.filter((level) => level !== mostDefined).length
    }
  }
  const start = isV2 ? 0 : at
  if (encoding === 'RLE') checkRuns(data, start + 4, 1, values)
  if (encoding === 'RLE_DICTIONARY' || encoding === 'PLAIN_DICTIONARY') {
    const width = data[start] ?? 0
    if (width > 32) throw new Error(`its codes have ${width} bits`)
    if (width > 0) checkRuns(data, start + 1, width, values)
  }
  if (encoding !== 'DELTA_BYTE_ARRAY') return 0
  const count = values - nulls
  if (!(count >= 0)) throw new Error(`a page says that ${nulls} of ${values} values are absent`)
  if (count === 0) return 0
  const reader = readerOf(data, start)
  let total = 0
  for (let part = 0; part < 2; part++) {
    const lengths = new Int32Array(count)
    deltaBinaryUnpack(reader, count, lengths)
    for (const length of lengths) {
      if (length < 0) throw new Error(`a text of a page has ${length} bytes`)
      total += length
    }
  }
  return total
}

/** Behind the levels that stand at `at`; before version 2 their length stands in front of them. */
function levelsAt(bytes: Uint8Array, at: number, length: number | undefined, width: number, values: number): number {
  if (length !== undefined) {
    checkRuns(bytes, at, width, values)
    return at + length
  }
  if (at + 4 > bytes.length) throw new Error('a page ends in its levels')
  checkRuns(bytes, at + 4, width, values)
  return at + 4 + readerOf(bytes, at).view.getUint32(at, true)
}

const readerOf = (bytes: Uint8Array, offset: number) => ({
  view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  offset,
})

/** The decoder goes on until it has all values, whatever length was told: so does this. */
function checkRuns(bytes: Uint8Array, from: number, width: number, values: number): void {
  let at = from
  for (let seen = 0; seen < values && at < bytes.length;) {
    let run = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]
      // the decoder says that it ends too early, if it has need of more
      if (byte === undefined || shift > 28) return
      run += (byte & 127) * 2 ** shift
      if (byte < 128) break
    }
    const count = Math.floor(run / 2)
    if (run % 2 === 1) {
      seen += count * 8
      at += count * width
    } else {
      if (count > values - seen) throw new Error(`a run stands for ${count} values of ${values}`)
      seen += count
      at += Math.ceil(width / 8)
    }
  }
}
