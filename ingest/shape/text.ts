/** Text that is not UTF-8, by its byte order mark or by its zeros: decoded, since PowerShell's `>` and Excel write UTF-16. */
import { IngestError } from '../errors.js'
import { ByteReader } from './byte-reader.js'
import type { ReadingNotes } from './notes.js'

export async function asUtf8(bytes: ByteReader, notes: ReadingNotes): Promise<ByteReader> {
  const start = await bytes.peek(4)
  const encoding = encodingOf(start)
  if (encoding === null) return bytes
  if (encoding === 'UTF-32') {
    throw new IngestError(
      'WRONG_ENCODING',
      'The input is UTF-32, log exports are UTF-8. Convert it first: iconv -f UTF-32 -t UTF-8 FILE',
    )
  }
  notes.through(encoding)
  return new ByteReader(decoded(bytes, encoding))
}

function encodingOf([a, b, c, d]: Uint8Array): 'UTF-16LE' | 'UTF-16BE' | 'UTF-32' | null {
  if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff))
    return 'UTF-32'
  if ((a !== 0 && a < 0x80 && b === 0 && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0 && d !== 0 && d < 0x80))
    return 'UTF-32'
  if (a === 0xff && b === 0xfe) return 'UTF-16LE'
  if (a === 0xfe && b === 0xff) return 'UTF-16BE'
  // JSON and CSV begin with an ASCII character
  if (a !== 0 && a < 0x80 && b === 0 && c !== 0 && d === 0) return 'UTF-16LE'
  return a === 0 && b !== 0 && b < 0x80 && c === 0 && d !== 0 ? 'UTF-16BE' : null
}

async function* decoded(bytes: ByteReader, encoding: string): AsyncGenerator<Uint8Array> {
  // the mark itself is left out; one at a joint stays, and is passed over as in UTF-8
  const decoder = new TextDecoder(encoding)
  for await (const piece of bytes) {
    const text = decoder.decode(piece, { stream: true })
    if (text !== '') yield Buffer.from(text)
  }
  const rest = decoder.decode()
  if (rest !== '') yield Buffer.from(rest)
}
