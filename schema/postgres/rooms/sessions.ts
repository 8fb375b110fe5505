import { cursorOf, placeOf } from '../../store/cursor.js'
import type { Sessions } from '../../store/ledger/sessions.js'
import { pageOf } from '../../store/paging.js'
import { sessionOf, type SessionRow } from '../../store/rows/sessions.js'
import { NOTED_EVERY_MS, zonesText } from '../../store/rows/zones.js'
import type { Database } from '../database.js'

const OF_ONE = '(@token::text is null or token = @token) and (@subject::text is null or subject = @subject)'

export function sessions(db: Database): Sessions {
  return {
    begin: ({ zones, ...session }) =>
      db.commit('begin a session in', 'people', async (ask) => {
        await ask.run(
          `insert into session (id, token, subject, role, zones, created_at, last_seen_at, expires_at, address, user_agent)
          values (@id, @token, @subject, @role, @zones, @createdAt, @createdAt, @expiresAt, @address, @userAgent)
          on conflict (id) do nothing`,
          { ...session, zones: zonesText(zones) },
        )
        return sessionOf(
          (await ask.row<SessionRow>('select * from session where id = @id', { id: session.id })) as SessionRow,
        )
      }),
    get: (id) =>
      db.read('read', async (ask) => {
        const row = await ask.row<SessionRow>('select * from session where id = @id', { id })
        return row === undefined ? null : sessionOf(row)
      }),
    page: async ({ limit, after, token = null, subject = null, liveAt = null }) => {
      const before = after === null ? Number.MAX_SAFE_INTEGER : placeOf(after, ['number'])[0]
      const rows = await db.read('read', (ask) =>
        ask.rows<SessionRow>(
          `select * from session where seq < @before::bigint and ${OF_ONE}
          and (@liveAt::bigint is null or (ended_at is null and expires_at > @liveAt))
          order by seq desc limit @limit::int + 1`,
          { before, limit, token, subject, liveAt },
        ),
      )
      return pageOf(rows, limit, sessionOf, (row) => cursorOf([row.seq]))
    },
    async seen(id, at) {
      const isStale = await db.read('read', (ask) =>
        ask.value(
          `select 1 from session where id = @id and ended_at is null and last_seen_at <= @at::bigint - ${NOTED_EVERY_MS}`,
          { id, at },
        ),
      )
      if (isStale === undefined) return
      const see = 'update session set last_seen_at = greatest(last_seen_at, @at) where id = @id'
      await db.commit('note a session in', null, (ask) => ask.run(see, { id, at }))
    },
    end: (id, at) =>
      db.commit('end a session in', 'people', async (ask) => {
        const end = 'update session set ended_at = @at where id = @id and ended_at is null'
        return (await ask.run(end, { id, at })) > 0
      }),
    endAll: ({ token = null, subject = null, except = null }, at) =>
      db.commit('end sessions in', 'people', (ask) =>
        ask.run(
          `update session set ended_at = @at
          where ended_at is null and ${OF_ONE} and (@except::text is null or id <> @except)`,
          { token, subject, except, at },
        ),
      ),
    expire: (before) =>
      db.commit('forget sessions in', 'people', (ask) =>
        ask.run('delete from session where ended_at < @before or expires_at < @before', { before }),
      ),
  }
}
