/** How providers of sign-in are asked: within limits, not again and again while they are down, and what they said last counts meanwhile. */
import { fetchWhole } from '../../../schema/runtime/whole-answer.js'
import { DAY, SECOND } from '../../../schema/words/duration.js'

type Ask = (input: string, init?: RequestInit) => Promise<Response>

/** Metadata, keys and tokens have some kilobytes; a person waits for them. */
const ask = fetchWhole({ mostBytes: 1_000_000, withinMs: 10 * SECOND })

/** No answer came, or none with an end. */
export class ProviderSilent extends Error {}

export const askProvider: Ask = (input, init) =>
  ask(input, init).catch((cause: Error) => {
    throw new ProviderSilent(`${new URL(input).host}: ${cause.message}`, { cause })
  })

/** After a failure strangers' requests ask nobody for so long, ms. */
export const REST_MS = 5 * SECOND
/** Keys that could not be fetched again count for so long; Cloudflare takes no key back within seven days of a rotation, ms. */
const KEPT_MS = DAY

/** Asks for a set of keys (JWKS) and remembers it. Rejects where there is none, and none that may still count. */
export function askForKeys(asking: Ask = askProvider, restMs = REST_MS): Ask {
  let kept: { text: string; at: number } | null = null
  let failed: { error: unknown; at: number } | null = null
  return async (input, init) => {
    const now = performance.now()
    if (failed === null || now - failed.at >= restMs) {
      try {
        kept = { text: await keysIn(await asking(input, init)), at: now }
        failed = null
      } catch (error) {
        failed = { error, at: performance.now() }
      }
    }
    if (kept !== null && now - kept.at < KEPT_MS) return new Response(kept.text)
    throw failed?.error
  }
}

async function keysIn(answer: Response): Promise<string> {
  if (answer.status !== 200) throw new Error(`answered HTTP ${answer.status} in place of keys`)
  const text = await answer.text()
  const { keys } = JSON.parse(text) as { keys?: unknown }
  if (!Array.isArray(keys) || keys.some((key) => typeof key !== 'object' || key === null))
    throw new Error('answered something else than keys')
  return text
}
