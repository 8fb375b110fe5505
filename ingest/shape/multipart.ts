/** The parts of a form, as `curl -F` and browsers post them. */
import type { BusboyFileStream } from '@fastify/busboy'
import { PassThrough, Readable } from 'node:stream'
import type { ByteReader } from './byte-reader.js'
import { truncated } from './gzip.js'
import type { Entry } from './zip.js'

/** A form begins with its boundary and says in the next line what the part is. */
const FORM = /^(?:\r\n)?--([^\r\n]{1,70})\r\n(?:[\w-]+:[^\r\n]*\r\n)*?content-disposition:\s*form-data/i
/** Bytes looked at to see whether it is one. */
export const FORM_START = 1_024

export function boundaryOf(start: Buffer): string | null {
  return FORM.exec(start.toString('latin1'))?.[1] ?? null
}

export async function* partsOf(input: ByteReader, boundary: string): AsyncGenerator<Entry> {
  const quoted = boundary.replaceAll(/["\\]/g, '\\$&')
  const { Busboy } = await import('@fastify/busboy')
  const form = new Busboy({
    headers: { 'content-type': `multipart/form-data; boundary="${quoted}"` },
    // every part may be a log, also one that has no file name
    isPartAFile: () => true,
    limits: { fileSize: Number.POSITIVE_INFINITY, files: Number.POSITIVE_INFINITY, parts: Number.POSITIVE_INFINITY },
  })
  const parts = new PassThrough({ objectMode: true, highWaterMark: 1 })
  form.on('file', (field: string, stream: BusboyFileStream, name: string | undefined) => {
    stream.on('error', (error: Error) => parts.destroy(error))
    parts.write({ name: name ?? field, bytes: stream })
  })
  form.on('finish', () => parts.end())
  form.on('error', (error: unknown) => parts.destroy(error as Error))
  const source = Readable.from(inBites(input, parts), { objectMode: false, highWaterMark: 1 })
  source.on('error', (error) => parts.destroy(error))
  source.pipe(form)
  try {
    for await (const part of parts) {
      const { name, bytes } = part as { name: string; bytes: BusboyFileStream }
      yield { name, bytes }
    }
  } catch (error) {
    throw /unexpected end/i.test((error as Error).message) ? truncated('form') : error
  } finally {
    source.destroy()
    form.destroy()
  }
}

/** Parts begin and end within a bite, unasked: so few bytes are given at a time, and no more before those parts were taken. */
const BITE_BYTES = 16_384

async function* inBites(input: ByteReader, parts: PassThrough): AsyncGenerator<Uint8Array> {
  for (let piece = await input.next(); piece !== null; piece = await input.next()) {
    for (let at = 0; at < piece.length; at += BITE_BYTES) {
      while (parts.writableNeedDrain && !parts.destroyed) await drained(parts)
      yield piece.subarray(at, at + BITE_BYTES)
    }
  }
}

/** Resolves when room is made, or when nobody takes anything any more. */
function drained(parts: PassThrough): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      parts.off('drain', go).off('close', go)
      resolve()
    }
    parts.on('drain', go).on('close', go)
  })
}
