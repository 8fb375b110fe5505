/** One post of logs over HTTP, and how it was answered. */
import { once } from 'node:events'
import { request, type Agent } from 'node:http'

export type Answer =
  | { kind: 'stored'; stored: number; duplicates: number; lines: number; ms: number }
  /** announced: told when to come again */
  | { kind: 'refused'; retryAfterMs: number }
  | { kind: 'error'; what: string }

/** Sends the pieces one after the other, as fast as they are taken. `length`: what the sender says of it; null: nothing. */
export function post(
  url: string,
  pieces: Iterable<Buffer>,
  { agent, length }: { agent?: Agent; length: number | null },
): Promise<Answer> {
  return new Promise((resolve) => {
    // what waits in this process for a connection is not the service's
    let begun = performance.now()
    const out = request(url, { method: 'POST', agent, headers: length === null ? {} : { 'content-length': length } })
    out.once('socket', () => {
      begun = performance.now()
    })
    let isAnswered = false
    out.once('response', (response) => {
      isAnswered = true
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('error', (error) => resolve({ kind: 'error', what: error.message }))
      response.once('end', () => {
        const body = JSON.parse(Buffer.concat(chunks).toString() || '{}') as {
          stored: number
          duplicates: number
          lines: number
          code?: string
        }
        const { stored, duplicates, lines } = body
        const retryAfter = Number(response.headers['retry-after'])
        if (response.statusCode === 200)
          resolve({ kind: 'stored', stored, duplicates, lines, ms: performance.now() - begun })
        else if (response.statusCode === 503 && retryAfter > 0)
          resolve({ kind: 'refused', retryAfterMs: retryAfter * 1_000 })
        else resolve({ kind: 'error', what: `${response.statusCode} ${body.code}` })
        out.destroy()
      })
    })
    // whoever is refused before the body is read may find the connection closed under it
    out.on('error', (error: NodeJS.ErrnoException) => {
      if (!isAnswered) resolve({ kind: 'error', what: error.code ?? error.message })
    })
    const gone = new Promise((go) => out.once('close', go))
    void (async () => {
      for (const piece of pieces) {
        if (isAnswered || out.destroyed) return
        if (!out.write(piece)) await Promise.race([once(out, 'drain'), gone])
      }
      out.end()
    })().catch(() => {})
  })
}
