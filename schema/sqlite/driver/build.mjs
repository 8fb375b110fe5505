/** `npm run build:driver`: brings Node 20 its SQLite driver. Newer ones have theirs from `npm install`, see index.ts. */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { npmEnvironment } from './npm-environment.mjs'

const NODE_API = 10
const folder = new URL('node20/', import.meta.url)

/** Whether a driver of this version is there and made for this Node; any other must not even be tried. */
function isThere(major) {
  try {
    const require = createRequire(new URL('package.json', folder))
    if (!require('better-sqlite3/package.json').version.startsWith(`${major}.`)) return false
    new (require('better-sqlite3'))(':memory:').close()
    return true
  } catch {
    return false
  }
}

if (Number(process.versions.napi) < NODE_API && !isThere(12)) {
  process.stdout.write(
    `Node ${process.version}: SQLite's driver comes once; without a binary for it this takes minutes\n`,
  )
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm']
  const { status } = spawnSync(npm[0], [...npm.slice(1), 'ci', '--no-audit', '--no-fund'], {
    cwd: fileURLToPath(folder),
    env: npmEnvironment(),
    stdio: 'inherit',
    shell: npm.length === 1 && process.platform === 'win32',
  })
  if (status !== 0 || !isThere(12)) {
    process.stderr.write(
      'The driver could not be built: that needs python3, make and g++. Node 22.14 and newer need none of them.\n',
    )
    process.exitCode = 1
  }
}
