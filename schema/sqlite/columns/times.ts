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

const MINUTE_MS = 60_000

/** The first row at or after each full minute, from the minute of the first row on; the last is after all rows. */
export function minuteStarts(bytes: Bytes): Uint32Array {
  const steps = decodeIntegers(bytes.subarray(8))
  const [first] = view64(bytes, 0, 1)
  const start = Math.floor(first / MINUTE_MS) * MINUTE_MS
  const starts = new Uint32Array(Math.floor((spanOf(steps) + first - start) / MINUTE_MS) + 2)
  findStarts(steps, first - start, starts)
  return starts
}

// Loops of their own, see integers.ts.

function spanOf(steps: Uint32Array): number {
  let span = 0
  for (let i = 0; i < steps.length; i++) span += steps[i]
  return span
}

/** `offset`: of the first row in its minute; a day's milliseconds are small integers, and adding these is what the loop does. */
function findStarts(steps: Uint32Array, offset: number, starts: Uint32Array): void {
  let time = offset | 0
  let minute = 0
  let next = 0
  for (let i = 0; i < steps.length; i++) {
    time += steps[i]
    while (time >= next) {
      starts[minute++] = i
      next = minute * MINUTE_MS
    }
  }
  while (minute < starts.length) starts[minute++] = steps.length
}
