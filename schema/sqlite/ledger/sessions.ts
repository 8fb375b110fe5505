import type { Sessions } from '../../store/ledger/sessions.js'
import { cursorOf, placeOf } from '../../store/cursor.js'
import { pageOf } from '../../store/paging.js'
import { sessionOf, type SessionRow as Row } from '../../store/rows/sessions.js'
import { NOTED_EVERY_MS, zonesText } from '../../store/rows/zones.js'
import type { Connection } from '../database.js'
import type { Table } from './table.js'

const OF_ONE = '(@token is null or token = @token) and (@subject is null or subject = @subject)'

export function sessionTable(db: Connection): Table<Sessions> {
  const insert = db.prepare(`insert into session
    (id, token, subject, role, zones, created_at, last_seen_at, expires_at, address, user_agent) values
    (@id, @token, @subject, @role, @zones, @createdAt, @createdAt, @expiresAt, @address, @userAgent)
    on conflict (id) do nothing`)
  const one = db.prepare('select * from session where id = ?')
  const page = db.prepare(`select * from session where seq < @before and ${OF_ONE}
    and (@liveAt is null or (ended_at is null and expires_at > @liveAt)) order by seq desc limit @limit + 1`)
  const isStale = db.prepare(
    `select 1 from session where id = @id and ended_at is null and last_seen_at <= @at - ${NOTED_EVERY_MS}`,
  )
  const see = db.prepare('update session set last_seen_at = max(last_seen_at, @at) where id = @id')
  const end = db.prepare('update session set ended_at = @at where id = @id and ended_at is null')
  const endAll = db.prepare(`update session set ended_at = @at
    where ended_at is null and ${OF_ONE} and (@except is null or id <> @except)`)
  const expire = db.prepare('delete from session where ended_at < @before or expires_at < @before')

  return {
    begin: ({ zones, ...session }) =>
      db
        .transaction(() => {
          insert.run({ ...session, zones: zonesText(zones) })
          return sessionOf(one.get(session.id) as Row)
        })
        .immediate(),
    get: (id) => {
      const row = one.get(id) as Row | undefined
      return row === undefined ? null : sessionOf(row)
    },
    page: ({ limit, after, token = null, subject = null, liveAt = null }) => {
      const before = after === null ? Number.MAX_SAFE_INTEGER : placeOf(after, ['number'])[0]
      const rows = page.all({ before, limit, token, subject, liveAt }) as Row[]
      return pageOf(rows, limit, sessionOf, (row) => cursorOf([row.seq]))
    },
    seen: (id, at) => {
      if (isStale.get({ id, at }) !== undefined) see.run({ id, at })
    },
    end: (id, at) => end.run({ id, at }).changes > 0,
    endAll: ({ token = null, subject = null, except = null }, at) => endAll.run({ token, subject, except, at }).changes,
    expire: (before) => expire.run({ before }).changes,
  }
}
