/** Sessions of chdb: a process has one folder open at a time, however many stores lie in it. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StoreError } from '../../store/store-error.js'
import { chdbError } from '../errors.js'
import { SETTINGS } from '../connection.js'
import { loadChdb, type Session } from './chdb-package.js'

/** One statement at a time; reads have lines of their own, so that a page does not wait for a part. */
const LINES = 2

interface Open {
  path: string
  users: number
  lines: Line[]
}

let open: Open | null = null

/** A session and what waits for it. */
class Line {
  private before: Promise<unknown> = Promise.resolve()
  waiting = 0

  constructor(private readonly session: Session) {}

  run(sql: string): Promise<Uint8Array> {
    this.waiting++
    const done = this.before.then(() => this.now(sql))
    this.before = done.then(
      () => this.waiting--,
      () => this.waiting--,
    )
    return done
  }

  private async now(sql: string): Promise<Uint8Array> {
    try {
      return (await this.session.queryAsync(sql, { format: 'JSONCompactColumns' })).bytes()
    } catch (error) {
      // what a failed statement had begun to say would come with the next answer (chdb 3.4.0): let it go
      await this.session.queryAsync('select 1', { format: 'Null' }).catch(() => {})
      await this.session.queryAsync('select 1', { format: 'Null' }).catch(() => {})
      throw error
    }
  }

  async close(): Promise<void> {
    await this.before
    this.session.close()
  }
}

export interface SharedSession {
  /** Rejects with a StoreError. */
  query(sql: string, kind: 'read' | 'write'): Promise<Uint8Array>
  /** where parts lie on their way */
  folder: string
  release(): Promise<void>
}

/**
 * Opens the folder, or joins those who have it open. `config`: more of ClickHouse's configuration, for whoever opens it first.
 * Rejects with a StoreError.
 */
export async function shareSession(path: string, config = ''): Promise<SharedSession> {
  const chdb = await loadChdb()
  if (open !== null && open.path !== path) {
    const message = `${path} cannot be opened beside ${open.path}: chdb has one folder open at a time. Use two databases of one folder (chdb:PATH?database=NAME), or two processes.`
    throw new StoreError('STORE_BUSY', message)
  }
  const folder = join(path, 'parts')
  if (open === null) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const file = join(path, 'faultline.xml')
      writeFileSync(file, `<clickhouse><backups><allowed_path>/</allowed_path></backups>${config}</clickhouse>\n`)
      const connectionArgs = [`--config-file=${file}`]
      const sessions = Array.from({ length: LINES }, () => new chdb.Session(path, { connectionArgs }))
      open = { path, users: 0, lines: sessions.map((session) => new Line(session)) }
    } catch (error) {
      throw chdbError(error, `open ${path}`)
    }
    const settings = Object.entries(SETTINGS).map(([name, value]) => `${name} = ${value}`)
    for (const line of open.lines) await line.run(`SET ${settings.join(', ')}`)
  }
  const mine = open
  mine.users++
  let released = false
  return {
    folder,
    async query(sql, kind) {
      if (released) throw new StoreError('STORE_CLOSED', `The store in ${path} is closed.`)
      try {
        return await mine.lines[kind === 'read' ? 0 : 1].run(sql)
      } catch (error) {
        throw chdbError(error, `ask ${path}`)
      }
    },
    async release() {
      if (released) return
      released = true
      if (--mine.users > 0) return
      if (open === mine) open = null
      for (const line of mine.lines) await line.close()
    },
  }
}
