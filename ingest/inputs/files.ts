/** Files and folders: what to read, in which order, and their bytes. */
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { IngestError } from '../errors.js'
import type { OpenedInput } from './input.js'

/**
 * In folders only what may be a log is read; a file named by hand is read whatever its name. Rotated ones have a number or a
 * date behind (access.log.1, access.log-20260501.gz). Cloudflare's ownership challenges end in .txt.
 */
const LOG_NAMES =
  /\.(ndjson|jsonl|json|log|csv|tsv)([.-]\d[\d_.-]*)?(\.(gz|zst|zstd))?$|\.(gz|zst|zstd|tar|tgz|zip|parquet)$/i

/** Is it a log, by its name? */
export const isLogName = (name: string): boolean => LOG_NAMES.test(name)

const READ_BYTES = 1_048_576

/** The files behind the paths, those of folders in the order of their names; '-' stays as it is. `leftOut`: what is in folders and no log by its name. */
export async function filesOf(paths: readonly string[]): Promise<{ files: string[]; leftOut: string[] }> {
  const files: string[] = []
  const leftOut: string[] = []
  for (const path of paths) {
    if (path === '-') files.push(path)
    else if ((await statOf(path)).isDirectory()) {
      const { logs, others } = await logsIn(path)
      files.push(...logs)
      leftOut.push(...others)
    } else files.push(path)
  }
  return { files, leftOut }
}

async function logsIn(folder: string): Promise<{ logs: string[]; others: string[] }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const names = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath ?? folder, entry.name))
    .sort()
  const logs = names.filter((name) => isLogName(name))
  const others = names.filter((name) => !isLogName(name))
  if (logs.length === 0) {
    throw new IngestError(
      'UNREADABLE',
      `No log file in ${folder}: looked for .ndjson, .jsonl, .json, .log, .csv, .tsv, .parquet, .gz, .zst, .tar and .zip. Name a file of another kind itself.`,
    )
  }
  return { logs, others }
}

async function statOf(path: string) {
  try {
    return await stat(path)
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    throw new IngestError(
      'UNREADABLE',
      missing
        ? `There is no file ${path}. Check the path.`
        : `${path} can't be read (${(cause as Error).message}). Check its permissions.`,
      { cause },
    )
  }
}

export const file: OpenedInput = {
  kind: 'opened',
  async open(path) {
    const stats = await statOf(path)
    return { name: basename(path), size: stats.size, bytes: bytesOf(path), regular: stats.isFile() && stats.size > 0 }
  },
}

async function* bytesOf(path: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path, { highWaterMark: READ_BYTES })
}
