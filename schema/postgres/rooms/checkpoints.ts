import { randomBytes } from 'node:crypto'
import { cursorOf, placeOf } from '../../store/cursor.js'
import type { Checkpoints } from '../../store/ledger/checkpoints.js'
import { pageOf } from '../../store/paging.js'
import { checkpointOf, type CheckpointRow } from '../../store/rows/checkpoints.js'
import type { Database } from '../database.js'
import { hashOf } from '../hash.js'

/** One statement each, which is compare-and-set by itself: of two at once the second finds the row of the first. */
export function checkpoints(db: Database): Checkpoints {
  const found = (row: CheckpointRow | undefined) => (row === undefined ? null : checkpointOf(row))
  // random: one that went and came again is another one
  const newVersion = () => randomBytes(8).toString('hex')
  return {
    get: (input, key) =>
      db.read('read', async (ask) =>
        found(
          await ask.row('select * from checkpoint where input = @input and hash = @hash', { input, hash: hashOf(key) }),
        ),
      ),
    page: async (input, { limit, after, prefix = '' }) => {
      const last = after === null ? null : placeOf(after, ['string'])[0]
      const rows = await db.read('read', (ask) =>
        ask.rows<CheckpointRow>(
          `select * from checkpoint
          where input = @input and (@last::text is null or key > @last) and starts_with(key, @prefix)
          order by key limit @limit::int + 1`,
          { input, last, prefix, limit },
        ),
      )
      return pageOf(rows, limit, checkpointOf, (row) => cursorOf([row.key]))
    },
    put: (input, key, value, expected) =>
      db.commit('move a checkpoint in', null, async (ask) => {
        const row = { input, key, hash: hashOf(key), value: JSON.stringify(value), version: newVersion(), expected }
        return found(
          expected === null
            ? await ask.row(
                `insert into checkpoint (input, key, hash, value, version, updated_at)
                values (@input, @key, @hash, @value, @version, now_ms()) on conflict do nothing returning *`,
                row,
              )
            : await ask.row(
                `update checkpoint set value = @value, version = @version, updated_at = now_ms()
                where input = @input and hash = @hash and version = @expected returning *`,
                row,
              ),
        )
      }),
    remove: (input, key, expected) =>
      db.commit('remove a checkpoint from', null, async (ask) => {
        const which = { input, hash: hashOf(key), expected }
        const sql = 'delete from checkpoint where input = @input and hash = @hash and version = @expected'
        return (await ask.run(sql, which)) > 0
      }),
  }
}
