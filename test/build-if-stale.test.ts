import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { staleParts } from './build-if-stale.js'

const BUILT = [
  'dist/main.js',
  'dist/node_modules/typebox/package.json',
  'dist/schema/status/catalogue.json',
  'dist/ingest/reader/fast/scanner.wasm',
  'dist/dashboard/web/index.html',
]
const SOURCES = [
  'main.ts',
  'app.ts',
  'schema/store/store.ts',
  'ingest/reader/fast/assembly/index.ts',
  'analyze/plugin.ts',
  'dashboard/plugin.ts',
  'dashboard/web/main.tsx',
]

it.each<[string | null, string[]]>([
  [null, []],
  ['analyze/plugin.ts', ['build:service']],
  ['schema/store/store.ts', ['build:service', 'build:page']],
  ['ingest/reader/fast/assembly/index.ts', ['build:scanner']],
  ['dashboard/web/main.tsx', ['build:page']],
  ['schema/status/catalogue/522.yaml', ['build:service', 'build:catalogue', 'build:page']],
  ['dashboard/README.md', []],
  ['schema/sqlite/driver/node20/node_modules/x/index.ts', []],
])('after a change of %s, what is built before the tests is %j', (changed, stale) => {
  const root = mkdtempSync(join(tmpdir(), 'faultline-build-'))
  const write = (path: string, at: number) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), '')
    utimesSync(join(root, path), at, at)
  }
  for (const path of SOURCES) write(path, 1_000)
  for (const path of BUILT) write(path, 2_000)
  if (changed !== null) write(changed, 3_000)
  expect(staleParts(root)).toEqual(stale)
  rmSync(join(root, 'dist', 'main.js'))
  expect(staleParts(root)).toContain('build:service')
  rmSync(root, { recursive: true })
})
