/** What is installed: on which Node it runs, on which machines, and that all of it is used. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import semver from 'semver'
import { describe, expect, it } from 'vitest'
import { nodeProblem } from '../schema/runtime/node-version.js'
import { packageRoot } from '../schema/runtime/package-root.js'

interface Package {
  version?: string
  dev?: boolean
  optional?: boolean
  link?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  engines?: { node?: string }
  dependencies?: { [name: string]: string }
  devDependencies?: { [name: string]: string }
  optionalDependencies?: { [name: string]: string }
  peerDependencies?: { [name: string]: string }
  peerDependenciesMeta?: { [name: string]: { optional?: boolean } }
}
type Packages = { [path: string]: Package }

const json = (path: string) => JSON.parse(readFileSync(new URL(path, packageRoot), 'utf8'))
const NODE20 = 'schema/sqlite/driver/node20/'
const manifest: Package = json('package.json')
const LOCKS: { [folder: string]: Packages } = {
  './': json('package-lock.json').packages,
  [NODE20]: json(`${NODE20}package-lock.json`).packages,
}

/** Where Node finds `name` when the package at `path` asks for it: in the nearest node_modules above. */
function resolved(packages: Packages, path: string, name: string): string | undefined {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const candidate = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`
    if (packages[candidate]) return candidate
    if (folder === '') return undefined
  }
}

describe.each(Object.entries(LOCKS))('the lock file of %s', (_folder, packages) => {
  it('holds all that its packages name, for every platform', () => {
    const missing = Object.entries(packages).flatMap(([path, one]) => {
      const peers = Object.keys(one.peerDependencies ?? {}).filter((n) => !one.peerDependenciesMeta?.[n]?.optional)
      const named = { ...one.dependencies, ...one.devDependencies, ...one.optionalDependencies }
      return [...Object.keys(named), ...peers]
        .filter((name) => resolved(packages, path, name) === undefined)
        .map((name) => `${path || 'package.json'} → ${name}`)
    })
    expect(missing).toEqual([])
  })
})

it('the tools that come as binaries come for each machine that people build on', () => {
  const fits = (one: Package, os: string, cpu: string, libc?: string) =>
    one.os?.includes(os) && one.cpu?.includes(cpu) && (libc === undefined || !one.libc || one.libc.includes(libc))
  const machines = ['linux x64 glibc', 'linux x64 musl', 'linux arm64 glibc', 'linux arm64 musl']
  machines.push('darwin x64', 'darwin arm64', 'win32 x64', 'win32 arm64')
  const packages = Object.entries(LOCKS['./'])
  const lacking = ['@oxlint/binding', '@rolldown/binding', 'lightningcss', '@typescript/typescript'].flatMap((tool) =>
    machines.filter((machine) => {
      const [os, cpu, libc] = machine.split(' ')
      return !packages.some(([path, one]) => path.startsWith(`node_modules/${tool}-`) && fits(one, os, cpu, libc))
    }),
  )
  expect(lacking).toEqual([])
})

describe('engines', () => {
  const ours = manifest.engines?.node ?? ''
  const lines = ours.split('||').map((line) => line.trim())
  const broken = (packages: Packages, range: string) =>
    Object.entries(packages)
      .filter(([path, { engines }]) => path !== '' && engines?.node && !semver.subset(range, engines.node))
      .map(([path, { version, engines }]) => `${path} ${version} needs ${engines?.node}`)
  const withoutOptional = Object.entries(LOCKS['./']).filter(([, one]) => !one.optional)

  it('every package, installed for users or for developers, runs wherever we say that we do', () => {
    expect(broken(Object.fromEntries(withoutOptional), ours)).toEqual([])
  })
  it('the SQLite drivers share the range: none is missing and none crashes', () => {
    const [node20, ...newer] = lines
    expect(broken(LOCKS[NODE20], node20)).toEqual([])
    expect(broken({ driver: LOCKS['./']['node_modules/better-sqlite3'] }, newer.join(' || '))).toEqual([])
    expect(semver.subset(node20, LOCKS['./']['node_modules/better-sqlite3'].engines?.node ?? '')).toBe(false)
  })
  it.each(['18.20.8', '20.18.3', '20.19.0', '20.20.2', '21.7.3', '22.13.1', '22.14.0', '23.11.0', '24.9.0', '26.0.0'])(
    'the door knows what package.json says of %s',
    (version) => expect(nodeProblem(`v${version}`) === null).toBe(semver.satisfies(version, ours)),
  )
})

it('what is in dependencies, the product imports', () => {
  const sources = ['schema', 'ingest', 'analyze', 'dashboard'].flatMap((room) =>
    readdirSync(new URL(room, packageRoot), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name) && !name.includes('node_modules'))
      .map((name) => join(room, name)),
  )
  const text = [...sources, 'app.ts', 'main.ts'].map((name) => readFileSync(new URL(name, packageRoot), 'utf8')).join()
  const all = { ...manifest.dependencies, ...manifest.optionalDependencies }
  const unused = Object.keys(all).filter((name) => !new RegExp(`['"]${name}(/[^'"]*)?['"]`).test(text))
  expect(unused).toEqual([])
})
