/** Processes that write: by what others tell whether one still lives. */
import { hostname } from 'node:os'

/** An owner of open batches says this often that it lives … */
export const BEAT_MS = 10_000
/** … and is taken for dead after this long, where its process can't be looked at (another host, another container). */
const SILENT_MS = 60_000

export const ABANDONED =
  'The process that took this batch in ended before it was done. What it had stored is kept and whole; ' +
  'send the input again, what is stored already is left out as duplicate.'

export interface Owner {
  id: string
  host: string
  pid: number
  seen_at: number
}

export function isDead(owner: Owner, now: number): boolean {
  if (now - owner.seen_at > SILENT_MS) return true
  // our own process's owners are known to the caller: one with our pid is from before a container's restart
  return owner.host === hostname() && (owner.pid === process.pid || !isRunning(owner.pid))
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it runs, under another user
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
