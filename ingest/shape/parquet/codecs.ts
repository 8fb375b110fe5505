/** How pages are packed, each unpacked to no more than its header says. */
import zlib from 'node:zlib'
import { decompress } from 'fzstd'
import type { Compressors } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'

type Unpack = (input: Uint8Array, options: { maxOutputLength: number }) => Uint8Array

/** From Node 22.15 on. */
const nodeZstd = (zlib as unknown as { zstdDecompressSync?: Unpack }).zstdDecompressSync

export const CODECS: Compressors = {
  ...compressors,
  GZIP: (input, length) => zlib.gunzipSync(input, { maxOutputLength: Math.max(1, length) }),
  BROTLI: (input, length) => zlib.brotliDecompressSync(input, { maxOutputLength: Math.max(1, length) }),
  ZSTD: (input, length) =>
    nodeZstd ? nodeZstd(input, { maxOutputLength: Math.max(1, length) }) : decompress(input, new Uint8Array(length)),
}
