import type { Checkpoints } from '../../store/ledger/checkpoints.js'
import { cursorOf, placeOf } from '../../store/cursor.js'
import { pageOf } from '../../store/paging.js'
import { checkpointOf, type CheckpointRow as Row } from '../../store/rows/checkpoints.js'
import type { Connection } from '../database.js'
import { returned } from '../returned.js'
import type { Table } from './table.js'

/** Versions are random: one that went and came again is another one. */
const NEW_VERSION = 'lower(hex(randomblob(8)))'

export function checkpointTable(db: Connection): Table<Checkpoints> {
  const get = db.prepare('select * from checkpoint where input = ? and key = ?')
  const page = db.prepare(`select * from checkpoint
    where input = @input and (@last is null or key > @last) and substr(key, 1, length(@prefix)) = @prefix
    order by key limit @limit + 1`)
  const insert = db.prepare(`insert into checkpoint (input, key, value, version, updated_at)
    values (@input, @key, @value, ${NEW_VERSION}, @now) on conflict do nothing returning *`)
  const replace = db.prepare(`update checkpoint set value = @value, version = ${NEW_VERSION}, updated_at = @now
    where input = @input and key = @key and version = @expected returning *`)
  const remove = db.prepare('delete from checkpoint where input = ? and key = ? and version = ?')

  return {
    get: (input, key) => checkpointOrNull(get.get(input, key)),
    page: (input, { limit, after, prefix = '' }) => {
      const last = after === null ? null : placeOf(after, ['string'])[0]
      const rows = page.all({ input, prefix, last, limit }) as Row[]
      return pageOf(rows, limit, checkpointOf, (row) => cursorOf([row.key]))
    },
    put: (input, key, value, expected) => {
      const row = { input, key, value: JSON.stringify(value), now: Date.now() }
      return checkpointOrNull(expected === null ? returned(insert, row) : returned(replace, { ...row, expected }))
    },
    remove: (input, key, expected) => remove.run(input, key, expected).changes > 0,
  }
}

const checkpointOrNull = (row: unknown) => (row === undefined ? null : checkpointOf(row as Row))
