/** Text that was made base64 on its way: Kinesis, Firehose, Pub/Sub and API Gateway do that with what they carry. */
import zlib from 'node:zlib'

/** How base64 of `{"`, of a list of objects, of either over several lines and of gzip begins. */
const BEGINS = /^(?:eyJ|ey[AI]|W3s|W3si|ewo|ewoi|Wwo|H4sI)/
const BASE64 = /^[A-Za-z0-9+/_-]{24,}={0,2}\s*$/
/** What gzip in it may unpack to, bytes: a line is at most 1 MiB. */
const MAX_UNPACKED = 64 * 1_048_576

/** The text, and what it was in; null: it is no base64 of JSON. */
export function decodedBase64(text: string): { text: string; via: readonly string[] } | null {
  if (!BEGINS.test(text) || !BASE64.test(text)) return null
  const bytes = Buffer.from(text, 'base64')
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return { text: bytes.toString('utf8'), via: ['base64'] }
  try {
    return { text: zlib.gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED }).toString('utf8'), via: ['base64', 'gzip'] }
  } catch {
    return null
  }
}
