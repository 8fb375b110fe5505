/**
 * `npm run release [-- --out DIR]`: packs what users install, with a list of what is in it.
 *
 * What leaves the house is the build and the data it reads, not the sources: no source maps, no tests, no scripts that run at
 * installation, no libraries that the page was built from. The versions of all packages are fixed (npm-shrinkwrap.json), since
 * the overrides of our package.json hold for ourselves only.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { npmEnvironment } from '../../schema/sqlite/driver/npm-environment.mjs'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const OUT = join(ROOT, 'deploy/release/out')

/** Paths that go along; of `dist` what the build makes, not what benchmarks leave there. */
const TAKEN = [
  ...['main.js', 'bundled', 'analyze', 'dashboard', 'ingest', 'schema'].map((name) => `dist/${name}`),
  'schema/status/catalogue',
  'schema/sqlite/driver/build.mjs',
  'schema/sqlite/driver/npm-environment.mjs',
  'schema/sqlite/driver/node20/package.json',
  'schema/sqlite/driver/node20/package-lock.json',
  'README.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'LICENSE',
  'NOTICE',
]

/**
 * What the program loads is in dist/bundled; of the modules that it was bundled from only the doors of threads are asked for, and
 * the data beside them.
 */
function isNeeded(path) {
  if (/\.(map|tsbuildinfo)$/.test(path)) return false
  const isModule = /^dist[\\/](analyze|dashboard|ingest|schema)[\\/].*\.js$/.test(path)
  return !isModule || path.endsWith('-worker.js') || /^dist[\\/]dashboard[\\/]web[\\/]/.test(path)
}

/** The package.json of the package: ours without what is for developers. */
export function releaseManifest(ours) {
  const { name, version, description, license, type, engines, bin, dependencies, optionalDependencies } = ours
  return {
    name,
    version,
    description,
    license,
    type,
    engines,
    bin,
    // Node 20 has its driver compiled when the program asks for that, in one sentence: index.ts of the driver
    scripts: { 'build:driver': ours.scripts['build:driver'] },
    dependencies,
    optionalDependencies,
    overrides: ours.overrides,
  }
}

/** Runs npm with a Node; throws what it said where it fails. `path`: goes before PATH, for scripts that packages run. */
export function npm(args, cwd, { node = process.execPath, path = '' } = {}) {
  const cli = process.env.npm_execpath
  // settings of an npm around this one are the developer's, not the user's
  const env = { ...npmEnvironment(), PATH: [path, process.env.PATH].filter(Boolean).join(':') }
  const [command, first] = cli ? [node, [cli]] : ['npm', []]
  const { status, stdout, stderr } = spawnSync(command, [...first, ...args], { cwd, env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`npm ${args.join(' ')} in ${cwd}:\n${stdout}${stderr}`)
  return stdout
}

/** Lays the package out in a folder; `dist` must have been built. */
export function stage(folder, root = ROOT) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const path of TAKEN)
    cpSync(join(root, path), join(folder, path), {
      recursive: true,
      filter: (from) => isNeeded(relative(root, from)),
    })
  const manifest = releaseManifest(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
  const write = (value) => writeFileSync(join(folder, 'package.json'), `${JSON.stringify(value, null, 2)}\n`)
  write(manifest)
  cpSync(join(root, '.npmrc'), join(folder, '.npmrc'))
  writeFileSync(join(folder, 'package-lock.json'), readFileSync(join(root, 'package-lock.json')))
  // leaves those that our users need, in the versions that we were tested with
  npm(['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund'], folder)
  cpSync(join(folder, 'package-lock.json'), join(folder, 'npm-shrinkwrap.json'))
  const sbom = npm(['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--omit', 'dev'], folder)
  for (const path of ['package-lock.json', '.npmrc']) rmSync(join(folder, path))
  const { overrides: _, ...published } = manifest
  write(published)
  return { manifest: published, sbom }
}

/** Packs a staged folder into `out`; gives the file's name, its bytes, and the paths in it. */
export function pack(folder, out) {
  mkdirSync(out, { recursive: true })
  const [{ filename, size, unpackedSize, files }] = JSON.parse(
    npm(['pack', '--json', '--pack-destination', out], folder),
  )
  return { file: join(out, filename), size, unpackedSize, paths: files.map(({ path }) => path) }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({ options: { out: { type: 'string', default: OUT } } })
  const folder = join(values.out, 'package')
  const { sbom, manifest } = stage(folder)
  const packed = pack(folder, values.out)
  const bill = packed.file.replace(/\.tgz$/, '.sbom.json')
  writeFileSync(bill, sbom)
  rmSync(folder, { recursive: true })
  const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`
  process.stdout.write(
    `${packed.file}\n${packed.paths.length} files, ${megabytes(packed.size)} (${megabytes(packed.unpackedSize)} unpacked), ` +
      `${Object.keys(manifest.dependencies).length} dependencies of its own, ${JSON.parse(sbom).components.length} in all: ${bill}\n`,
  )
}
