/**
 * Sums of whole hours, and the minutes in which a RayID is to be looked for. Tables of before have packed their columns otherwise,
 * a filter of RayIDs that was read as a whole for each of them, and times in minutes that nobody reads.
 */
import { DIMENSION_COLUMNS, MEASURE_COLUMNS, SUMMED_COLUMNS } from '../columns.js'
import { tables as first } from './001-tables.js'
import { alter, DURABLE, table, type Migration } from './migration.js'

/** A day that nobody has written to for so long becomes one piece, whose copies need not be looked for any more, s. */
const WHOLE_DAYS = 'MODIFY SETTING min_age_to_force_merge_seconds = 3600, min_age_to_force_merge_on_partition_only = 1'

const packed = (columns: readonly string[], codec = 'ZSTD(1)') =>
  columns.map((column) => `MODIFY COLUMN ${column} CODEC(${codec})`)

export const hoursAndRays: Migration = {
  number: 2,
  statements(tables, cluster) {
    const at = { tables, cluster }
    const fields = [...DIMENSION_COLUMNS, ...MEASURE_COLUMNS].map(({ name }) => name)
    const sums = ['requests', 'bytes', 'records']
    return [
      // some of before have no days, or no minutes
      ...first.statements(tables, cluster),
      // what is there keeps its codec until it is merged
      ...alter(
        at,
        'records',
        [],
        [
          'DROP INDEX IF EXISTS ray_index',
          ...packed(['sec'], 'Delta(4), ZSTD(1)'),
          ...packed(['ray', 'identity'], 'NONE'),
          ...packed(['ms']),
          ...fields.map((name) => `MODIFY COLUMN IF EXISTS ${name} CODEC(ZSTD(1))`),
        ],
      ),
      ...alter(at, 'records', [], [WHOLE_DAYS]),
      ...alter(
        at,
        'minutes',
        ['DROP COLUMN IF EXISTS first_time', 'DROP COLUMN IF EXISTS last_time'],
        [...packed(['hour', 'generation', ...SUMMED_COLUMNS, ...sums]), ...packed(['minute'], 'Delta(4), ZSTD(1)')],
      ),
      // wide = 0: of all zones and hosts
      ...table(
        at,
        'hours',
        `wide UInt8, hour UInt32 CODEC(ZSTD(1)), generation UInt64 CODEC(ZSTD(1)),
        ${SUMMED_COLUMNS.map((column) => `${column} LowCardinality(String) CODEC(ZSTD(1))`).join(', ')},
        requests Float64 CODEC(ZSTD(1)), bytes Float64 CODEC(ZSTD(1)), records UInt64 CODEC(ZSTD(1))`,
        `MergeTree PARTITION BY intDiv(hour, 768) ORDER BY (wide, hour, generation) SETTINGS ${DURABLE}`,
      ),
      // by a part of a hash: few share one, and what is next to each other packs well
      ...table(
        at,
        'rays',
        'bucket UInt32 CODEC(Delta(4), ZSTD(1)), minute UInt32 CODEC(ZSTD(1))',
        `ReplacingMergeTree PARTITION BY intDiv(minute, 46080) ORDER BY (bucket, minute) SETTINGS ${DURABLE}`,
      ),
    ]
  },
  // sums of before know neither hours nor RayIDs nor all fields of a day: they are made anew, and until then records are asked
  after: async ({ ledger }) => ledger.notes.touchBefore(Number.MAX_SAFE_INTEGER),
}
