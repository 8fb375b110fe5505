/** Several processes on one file, and processes that are killed. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, expect, test } from 'vitest'
import { openStore } from '../../../schema/open-store.js'
import type { Store } from '../../../schema/store/store.js'
import { sample, START, storeBatch } from '../../contract/sample-records.js'
import { diskFolder } from '../../quick-folder.js'

const folder = mkdtempSync(join(diskFolder(), 'faultline-processes-'))
afterAll(() => rmSync(folder, { recursive: true }))

const ROWS = 200
const RANGE = { from: START, to: START + 400 * 86_400_000, filters: [], audience: 'all' as const }

/** Runs the writing process; `onPart` is called for each part that it calls durable, and may kill it. */
function write(
  url: string,
  parts: number,
  first: number,
  onPart: (part: number, kill: () => void) => void = () => {},
): Promise<number | null> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'writing-process.mjs'), url, String(parts), String(first)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  createInterface(child.stdout).on('line', (line) => onPart(Number(line.split(' ')[1]), () => child.kill('SIGKILL')))
  return new Promise((resolve) => child.on('exit', (status) => resolve(status)))
}

/** Records per part, from the records themselves and from the rollup of all. */
async function partsOf(store: Store): Promise<{ parts: Map<string, number>; total: number }> {
  const counts = await store.records.counts({ ...RANGE, bounds: null, by: ['path'] })
  const total = await store.records.counts({ ...RANGE, bounds: null, by: ['status'] })
  return {
    parts: new Map(counts.groups.map(([path], i) => [path, counts.records[counts.group.indexOf(i)]])),
    total: total.total.records,
  }
}

test('a process killed while it writes leaves whole parts, all that it had called durable', async () => {
  for (const [round, delay] of [0, 3, 11, 25].entries()) {
    const url = `sqlite:${join(folder, `killed-${round}.sqlite`)}`
    const durable: number[] = []
    await write(url, 10_000, 0, (part, kill) => {
      durable.push(part)
      // at some moment within the parts that follow
      if (part === 5 + round) setTimeout(kill, delay)
    })
    const store = await openStore(url)
    const { parts, total } = await partsOf(store)
    for (const part of durable) expect(parts.get(`/part/${part}`)).toBe(ROWS)
    expect(new Set(parts.values())).toEqual(new Set([ROWS]))
    expect(total).toBe(parts.size * ROWS)
    const [batch] = (await store.ledger.reports.page({ limit: 1, after: null })).items
    expect(batch).toMatchObject({ state: 'aborted', stored: parts.size * ROWS, lines: parts.size * ROWS })
    expect(batch.message).toContain('send the input again')
    await store.close()
    // sending it again adds the rest only
    expect(await write(url, 20 + round, 0)).toBe(0)
    const again = await openStore(url)
    expect((await again.records.extent()).records).toBe(Math.max(20 + round, parts.size) * ROWS)
    await again.close()
  }
}, 60_000)

test('two processes write one file, and a third that looks on hears of it', async () => {
  const url = `sqlite:${join(folder, 'two.sqlite')}`
  const store = await openStore(url)
  const heard = new Promise<string | null>((resolve) => store.onChange(({ batch }) => resolve(batch)))
  expect((await store.records.extent()).records).toBe(0)
  // parts 20 to 29 come from both
  const done = Promise.all([write(url, 30, 0), write(url, 30, 20)])
  expect(await heard).toBeNull()
  expect(await done).toEqual([0, 0])
  const { parts, total } = await partsOf(store)
  expect([parts.size, total]).toEqual([50, 50 * ROWS])
  // not the extent that was kept before
  expect((await store.records.extent()).records).toBe(50 * ROWS)
  const { items: batches } = await store.ledger.reports.page({ limit: 10, after: null })
  expect(batches.map((b) => b.state)).toEqual(['complete', 'complete'])
  expect(batches.reduce((sum, b) => sum + b.stored, 0)).toBe(50 * ROWS)
  expect(batches.reduce((sum, b) => sum + b.duplicates, 0)).toBe(10 * ROWS)
  await store.close()
}, 60_000)

test('the open batch of a living process stays open when another opens the file', async () => {
  const url = `sqlite:${join(folder, 'living.sqlite')}`
  const store = await openStore(url)
  const id = await store.batches.open({ input: 'stdin', name: null })
  const beside = await openStore(url)
  expect((await beside.ledger.reports.get(id))?.state).toBe('open')
  let state: string | undefined
  await write(url, 1, 0)
  state = (await store.ledger.reports.get(id))?.state
  expect(state).toBe('open')
  await storeBatch(beside, [sample({ path: '/beside' })])
  await beside.close()
  await store.close()
})
