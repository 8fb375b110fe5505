/** What users install: only what runs, and all of it. `npm run release:check` installs it with several versions of Node. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
// @ts-expect-error a script without types
import { pack, stage } from '../deploy/release/pack.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'faultline-pack-'))
const home = join(folder, 'package')
let sbom: { bomFormat: string; components: { name: string; version: string; scope?: string }[] }
let manifest: { dependencies: object; scripts: { [name: string]: string }; [more: string]: unknown }
let paths: string[]

beforeAll(() => {
  // after a change of a source what tests start is built, but not bundled
  if (!readFileSync(join(ROOT, 'dist/main.js'), 'utf8').includes('bundled/'))
    spawnSync('npm', ['run', '--silent', 'build:bundle'], { cwd: ROOT })
  const staged = stage(home)
  sbom = JSON.parse(staged.sbom)
  manifest = staged.manifest
  ;({ paths } = pack(home, folder))
})
afterAll(() => rmSync(folder, { recursive: true }))

it('holds the build and its data, no sources, maps, tests or secrets', () => {
  const strange = paths.filter(
    (path) =>
      !/^(package\.json|npm-shrinkwrap\.json|LICENSE|NOTICE|(README|CHANGELOG|SECURITY)\.md)$/.test(path) &&
      !/^dist\/(main|bundled\/[\w-]+|(analyze|ingest|schema)\/.*-worker)\.js$/.test(path) &&
      !/^dist\/(analyze|ingest|schema)\/.*\.(json|wasm)$/.test(path) &&
      !/^dist\/dashboard\/web\/.*\.(js|json|html|css|svg|png|woff2|webmanifest)(\.br|\.gz)?$/.test(path) &&
      !/^schema\/status\/catalogue\/\w+\.yaml$/.test(path) &&
      !/^schema\/sqlite\/driver\/(build\.mjs|npm-environment\.mjs|node20\/package(-lock)?\.json)$/.test(path),
  )
  expect(strange).toEqual([])
  for (const needed of [
    'dist/main.js',
    'dist/bundled/main.js',
    'dist/ingest/reader/fast/scanner.wasm',
    'dist/dashboard/web/index.html',
  ])
    expect(paths).toContain(needed)
})

it('runs nothing when it is installed, and names only what the program imports', () => {
  expect(Object.keys(manifest.scripts)).toEqual(['build:driver'])
  expect(manifest).not.toHaveProperty('devDependencies')
  expect(Object.keys(manifest.dependencies)).toContain('fastify')
  for (const built of ['chart.js', 'preact', 'vite']) expect(manifest.dependencies).not.toHaveProperty(built)
})

it('comes with a bill of all materials, in the versions that are tested', () => {
  expect(sbom.bomFormat).toBe('CycloneDX')
  const locked = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages
  const shipped = Object.entries<{ version: string; dev?: boolean }>(locked).filter(([path, one]) => path && !one.dev)
  const bill = new Set(sbom.components.map(({ name, version }) => `${name}@${version}`))
  const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
  expect(
    [...new Set(shipped.map(([path, { version }]) => `${nameOf(path)}@${version}`))].filter((one) => !bill.has(one)),
  ).toEqual([])
  expect(bill.has(`vite@${locked['node_modules/vite'].version}`)).toBe(false)
})

it('works from there: a log goes in, its figures come out', () => {
  symlinkSync(join(ROOT, 'node_modules'), join(home, 'node_modules'))
  const driver = 'schema/sqlite/driver/node20/node_modules'
  if (existsSync(join(ROOT, driver))) symlinkSync(join(ROOT, driver), join(home, driver))
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(home, 'dist/main.js'), ...args], {
      cwd: folder,
      encoding: 'utf8',
    })
    expect([status, stderr.replace(/\r.*/g, '')]).toEqual([0, expect.not.stringContaining('Error')])
    return stdout
  }
  expect(run('--version').trim()).toBe(manifest.version)
  run('simulate', 'day.ndjson.gz', '--lines', '3000', '--from', '2026-05-20T00:00:00Z', '--to', '2026-05-21T00:00:00Z')
  expect(JSON.parse(run('ingest', 'day.ndjson.gz', '--json'))).toMatchObject({ stored: 3000, rejected: 0 })
  expect(run('report', 'day.ndjson.gz', '--format', 'md')).toContain('2026')
  expect(JSON.parse(run('spikes', '--json'))).toHaveProperty('spikes')
  run('export', '-o', 'all.parquet')
  const parquet = join(ROOT, 'test/fixtures/parquet/pages-v1.parquet')
  expect(JSON.parse(run('ingest', parquet, '--json'))).toMatchObject({ lines: 40, stored: 40 })
})
