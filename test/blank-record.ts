/** A record in which nothing is known: what a test does not care about it need not list. */
import { ALL_FIELDS } from '../schema/words/fields.js'
import type { Record } from '../schema/words/record.js'

export const blankRecord: Record = {
  ...(Object.fromEntries(ALL_FIELDS.map(({ name }) => [name, null])) as unknown as Record),
  time: 0,
  edgeResponseStatus: 200,
  source: 'origin',
  sourceReason: 'origin-same-status',
  visitor: true,
  weight: 1,
}
