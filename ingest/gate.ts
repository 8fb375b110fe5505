/**
 * How much is taken in at once. A flood of posts would otherwise wait in memory until their senders give up, and a batch that
 * Logpush gives up is lost: whoever comes beyond the limits is told at once when to come again, before its body is read.
 */
import { RequestError } from '../schema/api/errors.js'

export interface GateLimits {
  /** Posts that are taken in at once, uploads among them. */
  posts: number
  /** Bytes of small posts that are taken in at once, as their senders say; while they are read they take about twice that. */
  heldBytes: number
  /** Of these, bodies that are large or of unknown length: they take long, and leave places to the small posts of Logpush. */
  uploads: number
  /** A body that says that it is at most this long, bytes, is no upload. */
  smallBytes: number
  /**
   * A sender may hold so many times as many places as are free: alone four fifths of them, two four ninths each. So there is
   * always one for whoever comes next, and those who send most are refused first.
   */
  ofFree: number
  /** What the refused are told to wait, seconds. */
  retryAfter: number
}

export const GATE_LIMITS: GateLimits = {
  posts: 256,
  heldBytes: 64_000_000,
  uploads: 8,
  smallBytes: 8_000_000,
  ofFree: 4,
  retryAfter: 5,
}

export interface Gate {
  /** Takes a place for a body of so many bytes (null: it does not say). Throws a RequestError of code BUSY. */
  enter(bytes: number | null, sender: string): Place
  /** posts in progress, and those that were refused since the start */
  readonly state: { readonly posts: number; readonly uploads: number; readonly refused: number }
  /** Lets nobody in any more. Resolves when all who are in have left, or after `ms`; says how many are still in. */
  drain(ms: number): Promise<number>
}

export interface Place {
  /** does it count as an upload? */
  readonly isUpload: boolean
  leave(): void
}

/** Places of one kind, and who holds how many of them. */
class Places {
  held = 0
  private readonly bySender = new Map<string, number>()

  constructor(
    private readonly most: number,
    private readonly ofFree: number,
  ) {}

  /** May this sender have one more? */
  get(sender: string): 'yes' | 'full' | 'too many' {
    const free = this.most - this.held
    if (free <= 0) return 'full'
    return (this.bySender.get(sender) ?? 0) < free * this.ofFree ? 'yes' : 'too many'
  }

  take(sender: string): void {
    this.held++
    this.bySender.set(sender, (this.bySender.get(sender) ?? 0) + 1)
  }

  leave(sender: string): void {
    this.held--
    const left = (this.bySender.get(sender) as number) - 1
    if (left > 0) this.bySender.set(sender, left)
    else this.bySender.delete(sender)
  }
}

export function createGate(limits: GateLimits = GATE_LIMITS): Gate {
  const posts = new Places(limits.posts, limits.ofFree)
  const uploads = new Places(limits.uploads, limits.ofFree)
  let heldBytes = 0
  let refused = 0
  let emptied: (() => void) | null = null
  let isClosing = false

  function refuse(why: string): never {
    refused++
    const message = `${why} Nothing of this post was read: send it again in ${limits.retryAfter} s.`
    throw new RequestError(503, 'BUSY', message, { retryAfter: limits.retryAfter })
  }

  function check(places: Places, sender: string, what: string): void {
    const answer = places.get(sender)
    if (answer === 'full') refuse(`${places.held} ${what} are being taken in, which is all that fits.`)
    if (answer === 'too many')
      refuse(`The ${what} of this sender that are being taken in are its share: the rest is for others.`)
  }

  return {
    state: {
      get posts() {
        return posts.held
      },
      get uploads() {
        return uploads.held
      },
      get refused() {
        return refused
      },
    },
    enter(bytes, sender) {
      const isUpload = bytes === null || bytes > limits.smallBytes
      if (isClosing) refuse('The service is stopping.')
      check(posts, sender, 'posts')
      if (isUpload) check(uploads, sender, 'uploads')
      const held = isUpload ? 0 : bytes
      if (heldBytes > 0 && heldBytes + held > limits.heldBytes)
        refuse(`Posts of ${Math.round(heldBytes / 1e6)} MB are being taken in, which is all that fits.`)
      heldBytes += held
      posts.take(sender)
      if (isUpload) uploads.take(sender)
      let isIn = true
      return {
        isUpload,
        leave() {
          if (!isIn) return
          isIn = false
          heldBytes -= held
          posts.leave(sender)
          if (isUpload) uploads.leave(sender)
          if (posts.held === 0) emptied?.()
        },
      }
    },
    async drain(ms) {
      isClosing = true
      if (posts.held > 0) {
        let timer: NodeJS.Timeout | undefined
        const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)))
        await Promise.race([new Promise<void>((resolve) => (emptied = resolve)), over])
        clearTimeout(timer)
      }
      return posts.held
    },
  }
}
