/**
 * Event times in ascending order, whole milliseconds: the first, then the steps.
 *
 * Blob: first f64 | steps as integers.
 */
import { view64, type Bytes } from './bytes.js'
import { decodeIntegers, encodeIntegers } from './integers.js'

export function encodeTimes(times: Float64Array): Uint8Array {
  const steps = new Uint32Array(times.length)
  for (let i = 1; i < times.length; i++) steps[i] = times[i] - times[i - 1]
  const body = encodeIntegers(steps)
  const out = new Uint8Array(8 + body.byteLength)
  new Float64Array(out.buffer, 0, 1)[0] = times.length > 0 ? times[0] : 0
  out.set(body, 8)
  return out
}

export function decodeTimes(bytes: Bytes): Float64Array {
  const steps = decodeIntegers(bytes.subarray(8))
  const out = new Float64Array(steps.length)
  let [time] = view64(bytes, 0, 1)
  for (let i = 0; i < steps.length; i++) {
    time += steps[i]
    out[i] = time
  }
  return out
}
