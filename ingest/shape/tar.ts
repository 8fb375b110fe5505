import { Readable } from 'node:stream'
import { extract } from 'tar-stream'
import type { ByteReader } from './byte-reader.js'
import { damaged, truncated } from './gzip.js'
import type { Entry } from './zip.js'

const BLOCK = 512

/** Is this the first block of a tar? Its check sum says so, also of those from before 1988, which have no mark. */
export function isTar(block: Uint8Array): boolean {
  if (block.length < BLOCK || block[0] === 0) return false
  let sum = 8 * 32
  for (let i = 0; i < BLOCK; i++) if (i < 148 || i >= 156) sum += block[i]
  const told = Buffer.from(block.subarray(148, 156)).toString('latin1').replaceAll('\0', ' ').trim()
  return /^[0-7]+$/.test(told) && Number.parseInt(told, 8) === sum
}

export async function* untarred(input: ByteReader): AsyncGenerator<Entry> {
  const entries = extract()
  const source = Readable.from(input, { objectMode: false })
  source.on('error', (error) => entries.destroy(error))
  source.pipe(entries)
  try {
    for await (const entry of entries) {
      if (entry.header.type === 'file' || entry.header.type === 'contiguous-file')
        yield { name: entry.header.name, bytes: entry as AsyncIterable<Uint8Array> }
      else entry.resume()
    }
  } catch (error) {
    throw explained(error as Error)
  } finally {
    source.destroy()
    entries.destroy()
  }
}

function explained(error: Error): Error {
  if (/Unexpected end of data/i.test(error.message)) return truncated('tar')
  return /Invalid tar header|checksum/i.test(error.message) ? damaged(error.message, 'tar', error) : error
}
