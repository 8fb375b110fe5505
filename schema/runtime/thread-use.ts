/** What the threads of this process do, by kind: what waits for them, and how long they were at work. */

/** A thread that is watched; times in milliseconds. */
export interface WatchedThread {
  /** `sqlite/reader` */
  kind: string
  waiting(): number
  /** how long the oldest call has waited for its answer; 0: none does */
  oldestMs(): number
  /** at work since it was started */
  activeMs(): number
}

export interface ThreadUse {
  kind: string
  threads: number
  waiting: number
  oldestSeconds: number
  /** since the process started, of threads that ended too */
  activeSeconds: number
}

const living = new Set<WatchedThread>()
const endedMs = new Map<string, number>()

/** Call what it gives when the thread ends. */
export function watchThread(thread: WatchedThread): () => void {
  living.add(thread)
  return () => {
    if (!living.delete(thread)) return
    endedMs.set(thread.kind, (endedMs.get(thread.kind) ?? 0) + thread.activeMs())
  }
}

export function threadUse(): ThreadUse[] {
  const kinds = new Set([...endedMs.keys(), ...[...living].map(({ kind }) => kind)])
  return [...kinds].sort().map((kind) => {
    const threads = [...living].filter((thread) => thread.kind === kind)
    const sum = (of: (thread: WatchedThread) => number) => threads.reduce((all, thread) => all + of(thread), 0)
    return {
      kind,
      threads: threads.length,
      waiting: sum((thread) => thread.waiting()),
      oldestSeconds: Math.max(0, ...threads.map((thread) => thread.oldestMs())) / 1000,
      activeSeconds: (sum((thread) => thread.activeMs()) + (endedMs.get(kind) ?? 0)) / 1000,
    }
  })
}
