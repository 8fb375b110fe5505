/** The first records of a selection: what a trouble looked like when it began. */
import type { Selection } from '../../schema/store/query.js'
import type { ReadRecords } from '../../schema/store/records.js'
import type { Record } from '../../schema/words/record.js'

const FIRST_RECORDS = 20
const MOST_LOOKED_AT = 1_000

/** The oldest records of a selection; the store gives the newest first, so ever longer beginnings are looked at. */
export async function firstRecords(records: ReadRecords, selection: Selection): Promise<Record[]> {
  for (let span = 15_000; ; span *= 4) {
    const to = Math.min(selection.to, selection.from + span)
    const { records: found } = await records.newest({ ...selection, to, limit: MOST_LOOKED_AT, after: null })
    if (found.length >= FIRST_RECORDS || to === selection.to) return found.reverse().slice(0, FIRST_RECORDS)
  }
}
