/** Records, what was brought again, and what is summed up of them by minutes and by days. */
import { DIMENSION_COLUMNS, KEY_LIST, MEASURE_COLUMNS, SUMMED_COLUMNS } from '../columns.js'
import { DURABLE, table, type Migration } from './migration.js'

export const tables: Migration = {
  number: 1,
  statements(tables, cluster) {
    const at = { tables, cluster }
    const columns = [...DIMENSION_COLUMNS, ...MEASURE_COLUMNS].map(({ definition }) => definition)
    return [
      ...table(
        at,
        'about',
        'name String, value String, version UInt64',
        `ReplacingMergeTree(version) ORDER BY name SETTINGS ${DURABLE}`,
      ),
      // the copy with the highest precedence stays, which is that of the first to begin
      ...table(
        at,
        'records',
        `sec DateTime('UTC') CODEC(Delta(4), ZSTD(1)), ms UInt16 CODEC(ZSTD(1)),
        ray UInt64 CODEC(NONE), identity UInt64 CODEC(NONE), odd_ray LowCardinality(String),
        ${columns.join(', ')},
        batch UInt64, part UInt32, precedence UInt64,
        time Int64 ALIAS toInt64(sec) * 1000 + ms`,
        `ReplacingMergeTree(precedence) PARTITION BY toDate(sec) ORDER BY (${KEY_LIST}) SETTINGS ${DURABLE}`,
      ),
      // records that a batch brought although another had stored them
      ...table(
        at,
        'broughtAgain',
        "sec DateTime('UTC'), ray UInt64, identity UInt64, odd_ray LowCardinality(String), batch UInt64",
        `ReplacingMergeTree PARTITION BY toDate(sec) ORDER BY (${KEY_LIST}, batch) SETTINGS ${DURABLE}`,
      ),
      // records summed up, see ../rollups; which generation of an hour holds, the ledger says
      ...table(
        at,
        'minutes',
        `hour UInt32 CODEC(ZSTD(1)), generation UInt64 CODEC(ZSTD(1)), minute UInt32 CODEC(Delta(4), ZSTD(1)),
        ${SUMMED_COLUMNS.map((column) => `${column} LowCardinality(String) CODEC(ZSTD(1))`).join(', ')},
        requests Float64 CODEC(ZSTD(1)), bytes Float64 CODEC(ZSTD(1)), records UInt64 CODEC(ZSTD(1))`,
        `MergeTree PARTITION BY intDiv(hour, 24) ORDER BY (hour, generation, minute) SETTINGS ${DURABLE}`,
      ),
      ...table(
        at,
        'days',
        `field LowCardinality(String), day UInt32, generation UInt64, visitor LowCardinality(String), value String CODEC(ZSTD(1)),
        requests Float64 CODEC(ZSTD(1)), bytes Float64 CODEC(ZSTD(1)), records UInt64 CODEC(ZSTD(1)), errors Float64 CODEC(ZSTD(1))`,
        `MergeTree PARTITION BY intDiv(day, 32) ORDER BY (field, day, generation, visitor, value) SETTINGS ${DURABLE}`,
      ),
    ]
  },
}
