/** Which dimensions the records carry at all: an export has what its job was told to write. */
import type { Dimension, Selection } from '../../schema/store/query.js'
import type { ReadRecords } from '../../schema/store/records.js'

/** Those of which at least one record has a value, in the order given. */
export async function carried(
  store: ReadRecords,
  selection: Selection,
  dimensions: readonly Dimension[],
): Promise<Dimension[]> {
  const found = await Promise.all(
    dimensions.map(async (dimension) => {
      // the absent may be the most frequent value, so two are asked for
      const { groups } = await store.counts({ ...selection, bounds: null, by: [dimension], limit: 2 })
      return groups.some(([value]) => value !== '')
    }),
  )
  return dimensions.filter((_, i) => found[i])
}
