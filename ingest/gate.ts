/**
 * How much is taken in at once. A flood of posts would otherwise wait in memory until their senders give up, and a batch that
 * Logpush gives up is lost: whoever comes beyond the limits is told at once when to come again, before its body is read.
 */
import { RequestError } from '../schema/api/errors.js'

export interface GateLimits {
  /** Posts that are taken in at once, uploads among them. One of 1.5 MB holds about 3 MB while it is read. */
  posts: number
  /** Of these, bodies that are large or of unknown length: they take long, and leave places to the small posts of Logpush. */
  uploads: number
  /** A body that says that it is at most this long, bytes, is no upload. */
  smallBytes: number
  /** What the refused are told to wait, seconds. */
  retryAfter: number
}

export const GATE_LIMITS: GateLimits = { posts: 48, uploads: 16, smallBytes: 8_000_000, retryAfter: 5 }

export interface Gate {
  /** Takes a place for a body of so many bytes (null: it does not say). Throws a RequestError of code BUSY. */
  enter(bytes: number | null): Place
  /** posts in progress, and those that were refused since the start */
  readonly state: { readonly posts: number; readonly uploads: number; readonly refused: number }
  /** Lets nobody in any more. Resolves when all who are in have left, or after `ms`; says how many are still in. */
  drain(ms: number): Promise<number>
}

export interface Place {
  leave(): void
}

export function createGate(limits: GateLimits = GATE_LIMITS): Gate {
  const state = { posts: 0, uploads: 0, refused: 0 }
  let emptied: (() => void) | null = null
  let isClosing = false

  function refuse(why: string): never {
    state.refused++
    const message = `${why} Nothing of this post was read: send it again in ${limits.retryAfter} s.`
    throw new RequestError(503, 'BUSY', message, { retryAfter: limits.retryAfter })
  }

  return {
    state,
    enter(bytes) {
      const isUpload = bytes === null || bytes > limits.smallBytes
      if (isClosing) refuse('The service is stopping.')
      if (state.posts >= limits.posts) refuse(`${state.posts} posts are being taken in, which is all that fits.`)
      if (isUpload && state.uploads >= limits.uploads)
        refuse(`${state.uploads} uploads are being taken in, which is all that fits.`)
      state.posts++
      if (isUpload) state.uploads++
      let isIn = true
      return {
        leave() {
          if (!isIn) return
          isIn = false
          state.posts--
          if (isUpload) state.uploads--
          if (state.posts === 0) emptied?.()
        },
      }
    },
    async drain(ms) {
      isClosing = true
      if (state.posts > 0) {
        let timer: NodeJS.Timeout | undefined
        const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)))
        await Promise.race([new Promise<void>((resolve) => (emptied = resolve)), over])
        clearTimeout(timer)
      }
      return state.posts
    },
  }
}
