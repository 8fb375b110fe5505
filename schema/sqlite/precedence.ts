/**
 * Which thread of this process goes first. SQLite lets one connection write at a time and gives the file to whoever happens to
 * ask when it is free: beside a writer that stores part after part the small tables (alerts, the audit log) would ask in vain
 * until they gave up. So the writer looks here before it begins, and lets them pass.
 */

/** Commits of the small tables take a few milliseconds; a thread that ended amidst one holds nobody up for longer. */
const MOST_MS = 200

/** Shared between threads: how many calls of the small tables are under way. */
export const createPrecedence = (): SharedArrayBuffer => new SharedArrayBuffer(4)

/** Of the small tables' thread: `work` goes before what the writer has not begun. */
export function goFirst<T>(shared: SharedArrayBuffer, work: () => T): T {
  const calls = new Int32Array(shared)
  Atomics.add(calls, 0, 1)
  try {
    return work()
  } finally {
    Atomics.sub(calls, 0, 1)
    Atomics.notify(calls, 0)
  }
}

/** Of the small tables' thread when it starts: what another one before it had begun is over. */
export function beginAnew(shared: SharedArrayBuffer): void {
  Atomics.store(new Int32Array(shared), 0, 0)
}

/** Of the writer: returns when the others are through. */
export function giveWay(shared: SharedArrayBuffer): void {
  const calls = new Int32Array(shared)
  for (const until = performance.now() + MOST_MS; ;) {
    const under = Atomics.load(calls, 0)
    const left = until - performance.now()
    if (under <= 0 || left <= 0) return
    Atomics.wait(calls, 0, under, left)
  }
}
