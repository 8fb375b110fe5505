/** Five records, and an input of them taken in: all of them and the right ones, or refused in words that are true. */
import { expect } from 'vitest'
import { taken } from './taken.js'

const COUNT = 5
export const RECORDS = Array.from({ length: COUNT }, (_, i) => ({
  RayID: `ab0000000000000${i}`,
  EdgeStartTimestamp: `2026-03-02T10:00:0${i}Z`,
  EdgeResponseStatus: [200, 404, 502, 499, 503][i],
  OriginResponseStatus: [200, 404, 502, 0, 503][i],
  ClientRequestHost: 'www.example.com',
  ClientRequestURI: `/a/${i}?x="1",2;3|4`,
  ClientRequestPath: `/a/${i}`,
  ClientRequestUserAgent: 'Mozilla/5.0 (X11; "Linux", é) {a}[b]\\',
  SecurityActions: i % 2 ? ['block'] : [],
}))
export type Line = (typeof RECORDS)[number]
export const RIGHT = RECORDS.map((one) => ({
  rayId: one.RayID,
  time: Date.parse(one.EdgeStartTimestamp),
  edgeResponseStatus: one.EdgeResponseStatus,
  originResponseStatus: one.OriginResponseStatus,
  host: one.ClientRequestHost,
  path: one.ClientRequestPath,
}))

const json = JSON.stringify
export async function whole(input: string | Uint8Array, via?: readonly string[], rejected = 0): Promise<void> {
  const found = await taken(Buffer.from(input))
  expect(found.error).toBe(null)
  expect(found).toMatchObject({ rejected, records: RIGHT })
  expect(found.records).toHaveLength(COUNT)
  if (via) expect(found.via).toEqual(expect.arrayContaining([...via]))
}

export async function refused(input: string | Uint8Array, message: RegExp): Promise<void> {
  const { records, error } = await taken(Buffer.from(input))
  expect(records).toEqual([])
  expect(error?.message).toMatch(message)
}

export const cell = (value: unknown) => `"${(typeof value === 'string' ? value : json(value)).replaceAll('"', '""')}"`
export const table = (rows: readonly object[], delimiter = ',', name = (key: string) => key, of = cell) =>
  [Object.keys(rows[0]).map(name), ...rows.map((row) => Object.values(row).map(of))]
    .map((row) => `${row.join(delimiter)}\n`)
    .join('')
