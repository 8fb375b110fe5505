import { randomUUID } from 'node:crypto'
import { cursorOf, placeOf } from '../../store/cursor.js'
import type { Tokens } from '../../store/ledger/tokens.js'
import { pageOf } from '../../store/paging.js'
import { tokenOf, type TokenRow } from '../../store/rows/tokens.js'
import { NOTED_EVERY_MS, zonesText } from '../../store/rows/zones.js'
import type { Database } from '../database.js'

export function tokens(db: Database): Tokens {
  const found = (row: TokenRow | undefined) => (row === undefined ? null : tokenOf(row))
  return {
    create: ({ zones, ...token }) =>
      db.commit('make a token in', 'people', async (ask) =>
        tokenOf(
          (await ask.row<TokenRow>(
            `insert into token (id, name, role, zones, hash, created_at, created_by, expires_at)
            values (@id, @name, @role, @zones, @hash, @createdAt, @createdBy, @expiresAt) returning *`,
            { ...token, id: randomUUID(), zones: zonesText(zones) },
          )) as TokenRow,
        ),
      ),
    page: async ({ limit, after }) => {
      const before = after === null ? Number.MAX_SAFE_INTEGER : placeOf(after, ['number'])[0]
      const rows = await db.read('read', (ask) =>
        ask.rows<TokenRow>('select * from token where seq < @before::bigint order by seq desc limit @limit::int + 1', {
          before,
          limit,
        }),
      )
      return pageOf(rows, limit, tokenOf, (row) => cursorOf([row.seq]))
    },
    get: (id) => db.read('read', async (ask) => found(await ask.row('select * from token where id = @id', { id }))),
    byHash: (hash) =>
      db.read('read', async (ask) => found(await ask.row('select * from token where hash = @hash', { hash }))),
    async used(id, at) {
      const isStale = await db.read('read', (ask) =>
        ask.value(
          `select 1 from token where id = @id and (last_used_at is null or last_used_at <= @at::bigint - ${NOTED_EVERY_MS})`,
          { id, at },
        ),
      )
      if (isStale === undefined) return
      const use = 'update token set last_used_at = greatest(last_used_at, @at) where id = @id'
      await db.commit('note the use of a token in', null, (ask) => ask.run(use, { id, at }))
    },
    revoke: (id, at) =>
      db.commit('revoke a token in', 'people', async (ask) => {
        await ask.run('update session set ended_at = @at where token = @id and ended_at is null', { id, at })
        const revoke = 'update token set revoked_at = @at where id = @id and revoked_at is null'
        return (await ask.run(revoke, { id, at })) > 0
      }),
  }
}
