/** The range of a body: the whole store where nothing is said. */
import { badRequest } from '../../../schema/api/errors.js'
import type { ReadRecords } from '../../../schema/store/records.js'
import { rangeOf } from '../../http/parameters.js'
import type { BacktestRange } from '../backtest/backtest.js'

export async function rangeOfBody(
  body: { from?: unknown; to?: unknown },
  records: ReadRecords,
): Promise<BacktestRange> {
  for (const name of ['from', 'to'] as const) {
    if (body[name] !== undefined && typeof body[name] !== 'string' && typeof body[name] !== 'number') {
      throw badRequest('BAD_TIME', `"${name}" must be a time: ISO 8601 or epoch milliseconds.`)
    }
  }
  const given = Object.fromEntries(
    (['from', 'to'] as const).flatMap((name) => (body[name] === undefined ? [] : [[name, String(body[name])]])),
  )
  return rangeOf(given, await records.extent())
}
