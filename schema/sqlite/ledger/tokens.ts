import { randomUUID } from 'node:crypto'
import type { Tokens } from '../../store/ledger/tokens.js'
import { cursorOf, placeOf } from '../../store/cursor.js'
import { pageOf } from '../../store/paging.js'
import { tokenOf, type TokenRow as Row } from '../../store/rows/tokens.js'
import { NOTED_EVERY_MS, zonesText } from '../../store/rows/zones.js'
import type { Connection } from '../database.js'
import { returned } from '../returned.js'
import type { Table } from './table.js'

export function tokenTable(db: Connection): Table<Tokens> {
  const insert = db.prepare(`insert into token (id, name, role, zones, hash, created_at, created_by, expires_at) values
    (@id, @name, @role, @zones, @hash, @createdAt, @createdBy, @expiresAt) returning *`)
  const page = db.prepare('select * from token where seq < @before order by seq desc limit @limit + 1')
  const one = db.prepare('select * from token where id = ?')
  const byHash = db.prepare('select * from token where hash = ?')
  const isStale = db.prepare(
    `select 1 from token where id = @id and (last_used_at is null or last_used_at <= @at - ${NOTED_EVERY_MS})`,
  )
  const use = db.prepare(`update token set last_used_at = max(coalesce(last_used_at, @at), @at) where id = @id`)
  const revoke = db.prepare('update token set revoked_at = @at where id = @id and revoked_at is null')
  const endSessions = db.prepare('update session set ended_at = @at where token = @id and ended_at is null')

  return {
    create: ({ zones, ...token }) =>
      tokenOf(returned(insert, { ...token, id: randomUUID(), zones: zonesText(zones) }) as Row),
    page: ({ limit, after }) => {
      const before = after === null ? Number.MAX_SAFE_INTEGER : placeOf(after, ['number'])[0]
      return pageOf(page.all({ before, limit }) as Row[], limit, tokenOf, (row) => cursorOf([row.seq]))
    },
    get: (id) => tokenOrNull(one.get(id)),
    byHash: (hash) => tokenOrNull(byHash.get(hash)),
    used: (id, at) => {
      if (isStale.get({ id, at }) !== undefined) use.run({ id, at })
    },
    revoke: (id, at) =>
      db
        .transaction(() => {
          endSessions.run({ id, at })
          return revoke.run({ id, at }).changes > 0
        })
        .immediate(),
  }
}

const tokenOrNull = (row: unknown) => (row === undefined ? null : tokenOf(row as Row))
