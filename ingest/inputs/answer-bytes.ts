/** Bytes of an answer that is fetched: a connection that falls silent or is cut ends in an error that the pipeline knows. */

/** A sender that brings less than so many bytes in so much time (ms) has gone, or holds us for nothing. */
const LEAST_BYTES = 1_000
export const SILENCE_MS = 60_000

/** `ECONNRESET` is what the pipeline takes for a sender that went away: what came before stays, and the batch says so. */
const cut = (why: string, cause?: unknown) => Object.assign(new Error(why, { cause }), { code: 'ECONNRESET' })

/** Only waiting for the sender counts, not the time that the store needs. */
export async function* answerBytes(
  body: ReadableStream<Uint8Array> | null,
  silenceMs = SILENCE_MS,
): AsyncGenerator<Uint8Array> {
  if (body === null) return
  const reader = body.getReader()
  let whole = false
  let waited = 0
  let bytes = 0
  try {
    for (;;) {
      const asked = performance.now()
      const { done, value } = await nextWithin(reader, silenceMs - waited, silenceMs)
      if (done) {
        whole = true
        return
      }
      waited += performance.now() - asked
      bytes += value.length
      if (bytes >= LEAST_BYTES) waited = bytes = 0
      yield value
    }
  } finally {
    if (!whole) await reader.cancel().catch(() => {})
  }
}

async function nextWithin(reader: ReadableStreamDefaultReader<Uint8Array>, ms: number, of: number) {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(cut(`next to nothing came for ${Math.round(of / 1000)} s`)), ms)
  })
  try {
    return await Promise.race([reader.read(), silence])
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ECONNRESET' ? error : cut((error as Error).message, error)
  } finally {
    clearTimeout(timer)
  }
}
