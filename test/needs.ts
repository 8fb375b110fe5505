/**
 * Programs that only some tests need. Where one is missing its tests are skipped and a line says what to
 * install; in CI nothing is skipped: there the missing program is an error.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { postgresPrograms } from './postgres/server.js'

const told = new Set<string>()

/** True if `program` can be run. `debianPackage`: what brings it. */
export function needs(program: string, debianPackage: string): boolean {
  const found = spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
  if (found) return true
  if (process.env.CI) throw new Error(`${program} is missing in CI: .ci/run must install ${debianPackage}`)
  if (!told.has(program))
    process.stderr.write(`Skipping tests that need ${program}: apt-get install ${debianPackage}\n`)
  told.add(program)
  return false
}

/** True if a package that `npm run engines` brings is there. */
export function needsEngine(name: string): boolean {
  if (existsSync(new URL(`engines/node_modules/${name}/package.json`, import.meta.url))) return true
  if (process.env.CI) throw new Error(`${name} is missing in CI: .ci/run must call npm run engines`)
  if (!told.has(name)) process.stderr.write(`Skipping tests that need ${name}: npm run engines\n`)
  told.add(name)
  return false
}

/** True if a PostgreSQL of its own can be started. */
export function needsPostgres(): boolean {
  if (postgresPrograms() !== null) return true
  if (process.env.CI) throw new Error('PostgreSQL is missing in CI: .ci/run must install postgresql')
  if (!told.has('postgres')) process.stderr.write('Skipping tests that need PostgreSQL: apt-get install postgresql\n')
  told.add('postgres')
  return false
}
