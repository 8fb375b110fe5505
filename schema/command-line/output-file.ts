/** A file that a command writes: it is whole under its name, or what was there before stays. */
import { closeSync, openSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { removedAtExit } from '../runtime/temporary.js'
import { OutsideError } from './errors.js'
import { shown } from './shown.js'

export interface OutputFile {
  /** Puts the text under the name. */
  write(text: string): void
  /** Leaves everything as it was; does nothing after `write`. */
  drop(): void
}

/** Opened before the work begins: who may not write there is told at once. Rejects with an OutsideError. */
export function openOutput(path: string): OutputFile {
  return told(path, () => {
    const there = statSync(path, { throwIfNoEntry: false })
    // a device or a pipe is written to, not replaced
    if (there && !there.isFile() && !there.isDirectory())
      return { write: (text) => told(path, () => writeFileSync(path, text)), drop() {} }
    if (there?.isDirectory()) throw new Error('it is a folder')
    const target = there ? realpathSync(path) : path
    const part = `${target}.${process.pid}.part`
    closeSync(openSync(part, 'wx'))
    const stays = removedAtExit(part)
    return {
      write: (text) =>
        told(path, () => {
          writeFileSync(part, text)
          renameSync(part, target)
        }),
      drop() {
        rmSync(part, { force: true })
        stays()
      },
    }
  })
}

function told<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw new OutsideError(
      `${shown(path)} can not be written (${shown((cause as Error).message)}). Check the path, its rights and the disk.`,
      { cause },
    )
  }
}
