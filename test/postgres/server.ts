/** A real PostgreSQL of its own for a test file: made anew, on loopback, without waiting for the disk. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const LEDGER_PASSWORD = 'sesame, open'
const USER = 'faultline'
const START_WITHIN_MS = 30_000

export interface PostgresServer {
  port: number
  /** of a ledger that does not exist yet; the password is not in it */
  freshUrl(): string
  /** Asks as the administrator. */
  run(sql: string): string
  /** At once, as if the machine were gone; `start` goes on under the same port. */
  stop(): Promise<void>
  start(): Promise<void>
  close(): Promise<void>
}

/** The folder of its programs; null: it is not installed. */
export function postgresPrograms(): string | null {
  const versions = (() => {
    try {
      return readdirSync('/usr/lib/postgresql')
    } catch {
      return []
    }
  })()
  const folders = versions.sort((a, b) => Number(b) - Number(a)).map((version) => `/usr/lib/postgresql/${version}/bin`)
  const found = spawnSync('sh', ['-c', 'dirname "$(command -v initdb)"']).stdout.toString().trim()
  return [...folders, found].find((folder) => spawnSync(join(folder, 'initdb'), ['--version']).status === 0) ?? null
}

/** It refuses to run as root. */
function whoever(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const [uid, gid] = ['-u', '-g'].map((which) => Number(spawnSync('id', [which, 'postgres']).stdout.toString()))
  return { uid, gid }
}

export async function startPostgres(): Promise<PostgresServer> {
  const programs = postgresPrograms() as string
  const who = whoever()
  const folder = mkdtempSync(join(tmpdir(), 'faultline-postgres-'))
  const data = join(folder, 'data')
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, LEDGER_PASSWORD)
  if (who.uid !== undefined) for (const path of [folder, passwordFile]) chownSync(path, who.uid, who.gid as number)
  const made = spawnSync(
    join(programs, 'initdb'),
    [
      '-D',
      data,
      '-U',
      USER,
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--no-sync',
      '-E',
      'UTF8',
      '--locale=C',
    ],
    { ...who, cwd: folder },
  )
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr.toString()}`)
  const port = await freePort()
  let child: ChildProcess
  let ledgers = 0

  async function start(): Promise<void> {
    const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: folder, fsync: 'off' }
    const given = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    child = spawn(join(programs, 'postgres'), ['-D', data, ...given], { ...who, cwd: folder, stdio: 'ignore' })
    for (const begun = Date.now(); !(await answers());)
      if (Date.now() - begun > START_WITHIN_MS) throw new Error('PostgreSQL did not start')
  }
  async function answers(): Promise<boolean> {
    const socket = connect(port, '127.0.0.1')
    const isOpen = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false)
    socket.destroy()
    if (isOpen && asked('select 1').status === 0) return true
    await new Promise((resolve) => setTimeout(resolve, 30))
    return false
  }
  const asked = (sql: string) =>
    spawnSync(
      join(programs, 'psql'),
      ['-h', '127.0.0.1', '-p', String(port), '-U', USER, '-d', 'postgres', '-v', 'ON_ERROR_STOP=1', '-XAtc', sql],
      { env: { ...process.env, PGPASSWORD: LEDGER_PASSWORD } },
    )

  async function stop(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGQUIT')
    await ended
  }

  await start()
  return {
    port,
    freshUrl: () => `postgres://${USER}@127.0.0.1:${port}/postgres?schema=ledger_${++ledgers}`,
    run(sql) {
      const { status, stdout, stderr } = asked(sql)
      if (status !== 0) throw new Error(stderr.toString())
      return stdout.toString().trim()
    },
    start,
    stop,
    async close() {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
