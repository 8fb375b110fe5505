/** What is there for a while and leaves nothing behind, whatever ends the process but a kill that nothing can answer. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Ctrl-C, an end that was asked for, a terminal that was closed: the exit status that shells give them. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

const ours = new WeakSet<object>()

/** Removes a path when the process ends; call what is returned once it may stay, or was removed. */
export function removedAtExit(path: string): () => void {
  const remove = () => rmSync(path, { recursive: true, force: true, maxRetries: 3 })
  const onSignal = (signal: keyof typeof SIGNALS) => {
    // to a service it means that its files are to be read again
    if (signal === 'SIGHUP' && process.listeners(signal).some((one) => !ours.has(one))) return
    process.exit(SIGNALS[signal])
  }
  ours.add(onSignal)
  process.on('exit', remove)
  for (const signal of Object.keys(SIGNALS)) process.on(signal, onSignal)
  return () => {
    process.off('exit', remove)
    for (const signal of Object.keys(SIGNALS)) process.off(signal, onSignal)
  }
}

/** A folder of its own for `work`, readable by this user alone and gone afterwards. */
export async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-'))
  const stays = removedAtExit(folder)
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    stays()
  }
}
