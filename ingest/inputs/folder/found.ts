/** The files of a folder that may be logs, as they are now, the oldest first. */
import { readdir, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { isLogName } from '../files.js'
import { FetchError } from '../input.js'

export interface FoundFile {
  path: string
  /** within the folder */
  name: string
  /** tells it from others whatever it is called: device and inode */
  id: string
  size: number
  /** when it was last written to or renamed, epoch ms */
  changedAt: number
  /** when it was last written to, epoch ms */
  writtenAt: number
}

export async function filesIn(folder: string): Promise<FoundFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause) => {
    throw folderError(folder, cause as NodeJS.ErrnoException)
  })
  const paths = entries
    // a link may be one to a file that is here under its own name
    // hidden ones are somebody's while they are written
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && isLogName(entry.name))
    .map((entry) => join(entry.parentPath ?? folder, entry.name))
  const files: FoundFile[] = []
  for (const path of paths) {
    // renamed or removed meanwhile: the next look finds it under its new name
    const stats = await stat(path, { bigint: false }).catch(() => null)
    if (stats === null || !stats.isFile()) continue
    files.push({
      path,
      name: relative(folder, path),
      id: `${stats.dev}:${stats.ino}`,
      size: stats.size,
      changedAt: Math.max(stats.mtimeMs, stats.ctimeMs),
      writtenAt: stats.mtimeMs,
    })
  }
  return files.sort((a, b) => a.writtenAt - b.writtenAt || (a.name < b.name ? -1 : 1))
}

function folderError(folder: string, cause: NodeJS.ErrnoException): FetchError {
  const texts: { [code: string]: string } = {
    ENOENT: `There is no folder ${folder}. Make it, or give another; it is looked for again by itself.`,
    ENOTDIR: `${folder} is no folder. Give the folder that the files are in.`,
    EACCES: `${folder} may not be read by this user. Give it the right to list the folder and read its files.`,
  }
  const text = texts[cause.code ?? ''] ?? `${folder} can't be read (${cause.message}). Check the disk or the mount.`
  return new FetchError('FOLDER_UNREADABLE', text, { cause })
}
