/** ClickHouse in this process. Rows come as a file: its connection swallows `input()` without a word (chdb 3.4.0). */
import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cell, Connection } from '../connection.js'
import { text } from '../literal.js'
import { shareSession } from './sessions.js'

export async function chdbConnection(path: string): Promise<Connection> {
  const session = await shareSession(path)
  return {
    async columns(sql) {
      const bytes = await session.query(sql, 'read')
      return JSON.parse(Buffer.from(bytes).toString('utf8') || '[]') as Cell[][]
    },
    async run(sql) {
      await session.query(sql, 'write')
    },
    async send({ pieces, structure }, statement) {
      const file = join(session.folder, `${randomUUID()}.native`)
      try {
        await writeFile(file, pieces)
        await session.query(statement(`file(${text(file)}, 'Native', ${text(structure)})`), 'write')
      } finally {
        await rm(file, { force: true })
      }
    },
    // what this process asked for it waits for
    async stop() {},
    close: () => session.release(),
  }
}
