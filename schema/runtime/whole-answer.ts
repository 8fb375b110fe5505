/**
 * Answers of services elsewhere that are read whole, or as far as they matter: whoever is asked may be broken, or be somebody
 * else. What it answers takes no more than so many bytes (unpacked) and so much time, to its last byte.
 */
export interface AnswerLimits {
  /** beyond them the answer is an error */
  mostBytes: number
  /** from the question to the last byte, ms */
  withinMs: number
}

/**
 * As `fetch`, but it resolves when the answer is there to its end, within the limits. A redirect is an error unless `init` says
 * otherwise: what a question carries is for the address that was set.
 */
export function fetchWhole({ mostBytes, withinMs }: AnswerLimits) {
  return async (input: string | URL, init: RequestInit = {}): Promise<Response> => {
    const late = AbortSignal.timeout(withinMs)
    const signal = init.signal ? AbortSignal.any([init.signal, late]) : late
    try {
      return await wholeOf(await fetch(input, { redirect: 'error', ...init, signal }), mostBytes)
    } catch (error) {
      if (late.aborted && !init.signal?.aborted)
        throw new Error(`no whole answer within ${withinMs / 1000} s`, { cause: error })
      throw error
    }
  }
}

/** The same answer, its body read to the end already. Rejects where that is longer. */
export async function wholeOf(answer: Response, mostBytes: number): Promise<Response> {
  if (answer.body === null) return answer
  const { pieces, cut } = await readUpTo(answer.body, mostBytes)
  if (cut) throw new Error(`the answer is longer than ${mostBytes / 1000} kB`)
  const { status, statusText, headers } = answer
  return new Response(Buffer.concat(pieces), { status, statusText, headers })
}

/** What there is of an answer's text, up to so many bytes and so much time: what a refusal says. Never rejects. */
export async function beginningOf({ body }: Response, { mostBytes, withinMs }: AnswerLimits): Promise<string> {
  if (body === null) return ''
  const { pieces } = await readUpTo(body, mostBytes, withinMs)
  return Buffer.concat(pieces).subarray(0, mostBytes).toString('utf8')
}

/** With `withinMs` what came until then, or until it broke, is all there is. */
async function readUpTo(body: ReadableStream<Uint8Array>, mostBytes: number, withinMs?: number) {
  const reader = body.getReader()
  const pieces: Uint8Array[] = []
  let bytes = 0
  const timer = withinMs === undefined ? undefined : setTimeout(() => void reader.cancel().catch(() => {}), withinMs)
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return { pieces, cut: false }
      pieces.push(value)
      bytes += value.length
      if (bytes > mostBytes) return { pieces, cut: true }
    }
  } catch (error) {
    if (withinMs === undefined) throw error
    return { pieces, cut: true }
  } finally {
    clearTimeout(timer)
    // nobody keeps us reading
    await reader.cancel().catch(() => {})
  }
}
