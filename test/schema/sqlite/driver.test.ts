import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { packageRoot } from '../../../schema/runtime/package-root.js'
import { Database, loadDriver } from '../../../schema/sqlite/driver/index.js'
import { StoreError } from '../../../schema/store/store-error.js'

const NODE_API = Number(process.versions.napi)
const scratch = mkdtempSync(join(tmpdir(), 'faultline-driver-'))
afterAll(() => rmSync(scratch, { recursive: true }))

/** A folder that holds a package better-sqlite3 of this version, whose code is `code`. */
function rootWith(version: string, code: string, inside = ''): URL {
  const root = mkdtempSync(join(scratch, 'root-'))
  const folder = join(root, inside, 'node_modules', 'better-sqlite3')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'better-sqlite3', version, main: 'index.js' }))
  writeFileSync(join(folder, 'index.js'), code)
  return pathToFileURL(`${root}/`)
}
const NODE20 = 'schema/sqlite/driver/node20'

function reason(nodeApi: number, root: URL): string {
  try {
    loadDriver(nodeApi, root)
  } catch (error) {
    expect(error).toBeInstanceOf(StoreError)
    return (error as StoreError).message.replaceAll(fileURLToPath(root), 'HERE')
  }
  throw new Error('it was loaded')
}

it('brings an SQLite without the fault that lost committed writes (before 3.51.3)', () => {
  const version = new Database(':memory:').prepare('select sqlite_version()').pluck().get() as string
  const [major, minor, patch] = version.split('.').map(Number)
  expect(major * 1e6 + minor * 1e3 + patch).toBeGreaterThanOrEqual(3_051_003)
})

describe('one sentence names the command that mends', () => {
  it('a driver that is not installed', () => {
    const root = pathToFileURL(`${mkdtempSync(join(scratch, 'root-'))}/`)
    expect(reason(10, root)).toBe('The SQLite driver is not installed. Run npm install in HERE.')
    expect(reason(9, root)).toBe('The SQLite driver is not installed. Run npm run build:driver in HERE.')
  })
  it('one that this Node would crash with is not loaded at all', () => {
    const root = rootWith('13.2.0', 'process.abort()')
    expect(reason(9, root)).toMatch(
      /^The SQLite driver that is installed \(13\.2\.0\) is not the one for Node v.*HERE\.$/,
    )
  })
  it('one that was built for another Node', () => {
    // the real driver of this Node, with a binary that it can not load
    const from = new URL(NODE_API >= 10 ? './' : `${NODE20}/`, packageRoot)
    const root = mkdtempSync(join(scratch, 'root-'))
    const to = join(root, NODE_API >= 10 ? '.' : NODE20, 'node_modules')
    for (const name of readdirSync(new URL('node_modules', from)).filter((n) => /sqlite3|bindings|file-uri/.test(n)))
      cpSync(new URL(`node_modules/${name}`, from), join(to, name), { recursive: true, dereference: true })
    for (const name of readdirSync(to, { recursive: true, encoding: 'utf8' }).filter((n) => n.endsWith('.node')))
      writeFileSync(join(to, name), 'no binary')
    expect(reason(NODE_API, pathToFileURL(`${root}/`))).toMatch(
      /^The SQLite driver was built for another Node than v[^ ]+, or not at all\. Run npm .* in HERE\.$/,
    )
  })
})

describe('the right one is loaded', () => {
  it.each([
    [10, '', '13.2.0'],
    [9, NODE20, '12.11.1'],
    // an installation from the time when there was one driver for all
    [9, '', '12.11.1'],
  ])('Node-API %i, from "%s", version %s', (nodeApi, inside, version) => {
    const root = rootWith(version, `module.exports = class { static version = '${version}'; close() {} }`, inside)
    expect(loadDriver(nodeApi, root)).toHaveProperty('version', version)
  })
})

describe('the command line', () => {
  /** The build, beside everything that is installed except for the driver. */
  const root = join(scratch, 'installed')
  mkdirSync(join(root, 'node_modules'), { recursive: true })
  const real = fileURLToPath(packageRoot)
  for (const name of readdirSync(join(real, 'node_modules')).filter((n) => n !== 'better-sqlite3'))
    symlinkSync(join(real, 'node_modules', name), join(root, 'node_modules', name))
  cpSync(join(real, 'package.json'), join(root, 'package.json'))
  cpSync(join(real, 'dist'), join(root, 'dist'), { recursive: true })
  const run = (...args: string[]) => spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })

  it.each([['ingest', '-'], ['spikes'], ['serve', '--port', '0'], ['backup', 'copy.sqlite']])(
    '%s says it in one line, without a stack',
    (...args) => {
      const { status, stdout, stderr } = run('dist/main.js', ...args)
      expect([status, stdout]).toEqual([3, ''])
      expect(stderr).toMatch(/^faultline: The SQLite driver is not installed\. Run npm [^\n]+\n$/)
    },
  )
  it('what needs no store works without', () => {
    expect(run('dist/main.js', 'help').status).toBe(0)
    expect(run('dist/main.js', 'simulate', '-', '--lines', '10').status).toBe(0)
  })
  it('says of a Node that is too old which is needed, before anything else', () => {
    writeFileSync(join(root, 'old.cjs'), `Object.defineProperty(process, 'version', { value: 'v18.20.8' })`)
    const { status, stdout, stderr } = run('--require', './old.cjs', 'dist/main.js', 'ingest', '-')
    expect([status, stdout]).toEqual([3, ''])
    expect(stderr).toMatch(/^faultline: Faultline runs on Node 24 or newer[^\n]* this is v18\.20\.8\. [^\n]+\n$/)
  })
})
