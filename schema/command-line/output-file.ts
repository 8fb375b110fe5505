/** A file that a command writes: it is whole under its name, or what was there before stays. */
import {
  closeSync,
  createWriteStream,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { removedAtExit } from '../runtime/temporary.js'
import { OutsideError } from './errors.js'
import { shown } from './shown.js'

export interface OutputFile {
  /** Puts the text under the name. */
  write(text: string): void
  /** Puts all of a stream under the name. */
  writeAll(pieces: AsyncIterable<string | Uint8Array>): Promise<void>
  /** Leaves everything as it was; does nothing after `write`. */
  drop(): void
}

/** Opened before the work begins: who may not write there is told at once. Rejects with an OutsideError. */
export function openOutput(path: string): OutputFile {
  return told(path, () => {
    const there = statSync(path, { throwIfNoEntry: false })
    // a device or a pipe is written to, not replaced
    if (there && !there.isFile() && !there.isDirectory())
      return {
        write: (text) => told(path, () => writeFileSync(path, text)),
        writeAll: (pieces) => toldLater(path, pipeline(Readable.from(pieces), createWriteStream(path))),
        drop() {},
      }
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
      async writeAll(pieces) {
        const source = Readable.from(pieces)
        await toldLater(path, pipeline(source, createWriteStream(part)))
        told(path, () => renameSync(part, target))
      },
      drop() {
        rmSync(part, { force: true })
        stays()
      },
    }
  })
}

/** A stream into a file, or to stdout as `-`: as fast as it is taken, control characters out of logs never to a terminal. */
export async function streamOutput(path: string, pieces: AsyncIterable<string | Uint8Array>): Promise<void> {
  if (path === '-') {
    const safe = process.stdout.isTTY ? printable(pieces) : pieces
    await pipeline(Readable.from(safe), process.stdout, { end: false })
    return
  }
  const file = openOutput(path)
  try {
    await file.writeAll(pieces)
  } finally {
    file.drop()
  }
}

async function* printable(pieces: AsyncIterable<string | Uint8Array>): AsyncGenerator<string> {
  for await (const piece of pieces)
    yield (typeof piece === 'string' ? piece : Buffer.from(piece).toString('latin1'))
      .split('\n')
      .map((line) => shown(line.replace(/\r$/, '')))
      .join('\n')
}

/** Errors of the file are told as such; those of whoever gives the pieces are theirs. */
async function toldLater(path: string, work: Promise<void>): Promise<void> {
  try {
    await work
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error
    told(path, () => {
      throw error
    })
  }
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
