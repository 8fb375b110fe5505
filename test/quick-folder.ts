/**
 * Before the tests: what they write lies in memory where there is enough of it, since thousands of small stores are flushed to the
 * disk at each commit, and goes with them. A process that is killed leaves the same behind on both; tests of what the disk itself
 * has to do with ask for `diskFolder`.
 */
import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { freemem, tmpdir } from 'node:os'
import { join } from 'node:path'

const MEMORY = '/dev/shm'
/** All that lies there at a time is some hundred MB; it is memory that the tests do not have otherwise. */
const ENOUGH_BYTES = 4 * 2 ** 30

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY)
    return bavail * bsize > ENOUGH_BYTES && freemem() > ENOUGH_BYTES
  } catch {
    // not every system has one
    return false
  }
}

export default function setup(): () => void {
  const { TMPDIR } = process.env
  process.env.FAULTLINE_TEST_DISK = tmpdir()
  const folder = mkdtempSync(join(hasRoom() ? MEMORY : tmpdir(), 'faultline-tests-'))
  // as /tmp: PostgreSQL, and who may only read a store, run as somebody else
  chmodSync(folder, 0o1777)
  process.env.TMPDIR = folder
  return () => {
    if (TMPDIR === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = TMPDIR
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Where temporary folders on a real disk go. */
export const diskFolder = (): string => process.env.FAULTLINE_TEST_DISK ?? tmpdir()
