/**
 * Before the tests: what they start (workers, the command line, the page) is built from the sources as they are now.
 * Only the parts whose sources are newer than what was built of them.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

interface Part {
  script: string
  /** written anew by each build */
  built: string
  sources: string[]
  except?: string[]
}

const SCANNER = 'ingest/reader/fast/assembly'
const PARTS: readonly Part[] = [
  {
    script: 'build:service',
    built: 'dist/main.js',
    sources: ['main.ts', 'app.ts', 'schema', 'ingest', 'analyze', 'dashboard', 'tsconfig.json'],
    except: ['dashboard/web', SCANNER],
  },
  {
    script: 'build:bundle',
    built: 'dist/node_modules/typebox/package.json',
    sources: ['schema/runtime/bundle', 'package-lock.json'],
  },
  {
    script: 'build:catalogue',
    built: 'dist/schema/status/catalogue.json',
    sources: ['schema/status'],
  },
  {
    script: 'build:scanner',
    built: 'dist/ingest/reader/fast/scanner.wasm',
    sources: [SCANNER, 'ingest/reader/fast/layout.ts'],
  },
  {
    script: 'build:page',
    built: 'dist/dashboard/web/index.html',
    sources: ['dashboard/web', 'dashboard/languages', 'dashboard/vite.config.ts', 'schema'],
  },
]
/** Those that the build takes part of; pictures and prose are none. */
const SOURCE = /\.(ts|tsx|mjs|css|html|svg|json|yaml)$/

export const staleParts = (root: string): string[] =>
  PARTS.filter((part) => isStale(root, part)).map(({ script }) => script)

function isStale(root: string, { built, sources, except = [] }: Part): boolean {
  if (!existsSync(join(root, built))) return true
  return sources.some((source) => newest(root, source, except) > statSync(join(root, built)).mtimeMs)
}

/** When the newest source under a path was changed, epoch ms. */
function newest(root: string, path: string, except: readonly string[]): number {
  if (except.includes(path) || path.endsWith('node_modules')) return 0
  const stat = statSync(join(root, path), { throwIfNoEntry: false })
  if (!stat) return 0
  if (!stat.isDirectory()) return SOURCE.test(path) ? stat.mtimeMs : 0
  return Math.max(0, ...readdirSync(join(root, path)).map((name) => newest(root, `${path}/${name}`, except)))
}

export default function setup(): void {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const stale = staleParts(root)
  if (stale.length === 0) return
  for (const script of ['build:driver', ...stale]) {
    const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', script], { cwd: root, encoding: 'utf8' })
    if (status === 0) continue
    // with mistakes in types alone the build is there all the same
    const said = `npm run ${script} failed before the tests:\n${stdout}${stderr}`
    if (script === 'build:driver' || staleParts(root).includes(script)) throw new Error(said)
    process.stderr.write(said)
  }
}
