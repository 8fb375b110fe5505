/** What was dropped, as files; folders are walked. */

function entryFile(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject))
}

function entries(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject))
}

async function walk(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) return [await entryFile(entry as FileSystemFileEntry)]
  if (!entry.isDirectory) return []
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  const found: File[] = []
  // readEntries gives at most 100 at a time and [] at the end
  for (let some = await entries(reader); some.length > 0; some = await entries(reader)) {
    for (const inner of some) if (!inner.name.startsWith('.')) found.push(...(await walk(inner)))
  }
  return found
}

/** The entries must be taken in the event itself; the reading may take its time. */
export async function filesOf(transfer: DataTransfer): Promise<File[]> {
  const roots = [...transfer.items].map((item) => item.webkitGetAsEntry?.() ?? null).filter((e) => e !== null)
  if (roots.length === 0) return [...transfer.files]
  return (await Promise.all(roots.map(walk))).flat().sort((a, b) => a.name.localeCompare(b.name))
}

export const hasFiles = (transfer: DataTransfer | null): boolean => transfer?.types.includes('Files') ?? false
