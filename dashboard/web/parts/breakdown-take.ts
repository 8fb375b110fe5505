/** A table of the values of one dimension as a file has it. */
import type { Breakdown } from '../../../schema/api/reports.js'
import type { Taking } from '../state/take.js'

type Row = Breakdown['rows'][number]

const SPEED = ['edgeP50Ms', 'edgeP95Ms', 'originP50Ms', 'originP95Ms']

const speedOf = (row: Row | undefined): (number | null)[] =>
  [row?.speed?.timeToFirstByteMs, row?.speed?.originDurationMs].flatMap((one) => [one?.p50 ?? null, one?.p95 ?? null])

export function takenBreakdown(
  data: Breakdown,
  of: { title: string; value: string; errors: boolean; speed: boolean },
): Taking {
  const before = new Map(data.compared?.rows.map((row) => [row.key, row]))
  return {
    title: of.title,
    head: [
      of.value,
      of.errors ? 'errors' : 'requests',
      'share',
      'ofErrors',
      'before',
      ...(of.speed ? [...SPEED, ...SPEED.map((name) => `${name}Before`)] : []),
    ],
    rows: data.rows.map((row) => [
      row.key,
      row.count,
      row.share,
      row.errors,
      row.previous ?? null,
      ...(of.speed ? [...speedOf(row), ...speedOf(before.get(row.key))] : []),
    ]),
  }
}
