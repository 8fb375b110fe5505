/** Holds what a service counts against what the generator counted. */
import { expect } from 'vitest'
import type { GroundTruth } from '../../../ingest/inputs/simulate/index.js'

// oxlint-disable-next-line typescript/no-explicit-any
type Get = (path: string) => Promise<{ body: any }>

/** Counts by status and by hour are the generator's; nothing is there twice. */
export async function expectTruth(truth: GroundTruth, get: Get): Promise<void> {
  expect((await get('/readyz')).body.records).toBe(truth.records)
  const range = `from=${truth.from}&to=${truth.to}`
  const { rows } = (await get(`/api/v1/breakdown?by=status&limit=100&${range}`)).body
  expect(Object.fromEntries(rows.map((row: { key: string; count: number }) => [row.key, row.count]))).toEqual(
    truth.counts.status,
  )
  const { series } = (await get(`/api/v1/timeseries?by=class&step=hour&tz=UTC&${range}`)).body
  const ours = new Map<string, number>()
  for (const { key, points } of series as { key: string; points: [number, number][] }[])
    for (const [at, count] of points) if (count > 0) ours.set(`${new Date(at).toISOString()} ${key}`, count)
  const theirs = truth.hours.flatMap(({ start, counts }) =>
    Object.entries(counts).flatMap(([key, count]) =>
      count > 0 ? [[`${new Date(start).toISOString()} ${key}`, count] as const] : [],
    ),
  )
  expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(theirs))
}
