import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Everything, one after the other; with arguments (a corpus of one's own, some families) the families alone. */
const options = process.argv.slice(2)
const parts = options.length > 0 ? ['families.js'] : ['bench.js', 'log-level.js', 'families.js']
for (const part of parts) {
  const path = fileURLToPath(new URL(part, import.meta.url))
  const { status } = spawnSync(process.execPath, [path, ...options], { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
