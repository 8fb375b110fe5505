/** Bytes of an answer that is fetched: a connection that falls silent or is cut ends in an error that the pipeline knows. */

/** A sender that says nothing for so long has gone, ms. */
export const SILENCE_MS = 60_000

/** `ECONNRESET` is what the pipeline takes for a sender that went away: what came before stays, and the batch says so. */
const cut = (why: string, cause?: unknown) => Object.assign(new Error(why, { cause }), { code: 'ECONNRESET' })

/** Only waiting for the sender counts as silence, not the time that the store needs. */
export async function* answerBytes(
  body: ReadableStream<Uint8Array> | null,
  silenceMs = SILENCE_MS,
): AsyncGenerator<Uint8Array> {
  if (body === null) return
  const reader = body.getReader()
  let whole = false
  try {
    for (;;) {
      const { done, value } = await nextWithin(reader, silenceMs)
      if (done) {
        whole = true
        return
      }
      yield value
    }
  } finally {
    if (!whole) await reader.cancel().catch(() => {})
  }
}

async function nextWithin(reader: ReadableStreamDefaultReader<Uint8Array>, ms: number) {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(cut(`nothing came for ${Math.round(ms / 1000)} s`)), ms)
  })
  try {
    return await Promise.race([reader.read(), silence])
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ECONNRESET' ? error : cut((error as Error).message, error)
  } finally {
    clearTimeout(timer)
  }
}
