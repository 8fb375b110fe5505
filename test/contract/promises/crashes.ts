/** A process that is gone between any two steps leaves whole parts behind, and whoever goes on ends with the same figures. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'vitest'
import { openStore } from '../../../schema/open-store.js'
import type { BatchReport } from '../../../schema/api/batches.js'
import type { Store } from '../../../schema/store/store.js'
import type { Contract } from '../contract.js'
import { idsOf, RANGE, STEPS } from '../crash/steps.mjs'
import { cellsOf } from '../questions.js'

const PROCESS = join(import.meta.dirname, '../crash/process.mjs')
/** How often a place may be passed in the walk: a place that is never reached ends the search. */
const MOST_PASSINGS = 20
/** A dead process's batch is given up by whoever looks after at most this time. */
const ABANDONED_WITHIN_MS = 75_000

/** Walks until the process stops: which step was done last, and whether it came to the end. */
function walk(url: string, failpoint: string | null, upTo?: number): Promise<{ done: number; ended: boolean }> {
  const child = spawn(process.execPath, [PROCESS, url, ...(upTo === undefined ? [] : [String(upTo)])], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...(failpoint === null ? {} : { FAULTLINE_FAILPOINT: failpoint }) },
  })
  let said = ''
  child.stdout.on('data', (chunk) => (said += String(chunk)))
  return new Promise((resolve) => {
    child.on('close', (status) => resolve({ done: said.split('\n').length - 2, ended: status === 0 }))
  })
}

/** What all answers come to; times of arrival and run are nobody's promise. */
async function endOf(store: Store) {
  const cells = async (by: ('status' | 'host' | 'path')[]) =>
    [...cellsOf(await store.records.counts({ ...RANGE, bounds: null, by }))].sort()
  const reports = (await store.ledger.reports.page({ limit: 50, after: null })).items
  return {
    extent: await store.records.extent(),
    byStatus: await cells(['status']),
    byHost: await cells(['host']),
    byPath: await cells(['path', 'status']),
    reports: reports.map((r: BatchReport) => [
      r.name,
      r.state,
      r.lines,
      r.stored,
      r.duplicates,
      r.rejections,
      r.from,
      r.to,
    ]),
  }
}

/** Nothing half done: rollups are the sum of the records, and reports of what rests. */
async function expectWhole(store: Store): Promise<void> {
  const { records } = await store.records.extent()
  for (const by of [['status'], ['host'], ['path'], []] as const) {
    const counts = await store.records.counts({ ...RANGE, bounds: null, by: [...by] })
    expect(counts.total.records).toBe(records)
  }
}

const sum = (reports: (readonly unknown[] | undefined)[], at: number) =>
  reports.reduce((all, report) => all + Number(report?.[at]), 0)

export function crashPromises({ test, freshUrl, failpoints }: Contract): void {
  let right: Promise<Awaited<ReturnType<typeof endOf>>> | null = null
  /** Of the walk that is not stopped. */
  const rightEnd = () =>
    (right ??= (async () => {
      const url = await freshUrl()
      expect((await walk(url, null)).ended).toBe(true)
      const store = await openStore(url)
      await expectWhole(store)
      const end = await endOf(store)
      await store.close()
      return end
    })())

  test('the walk that is not stopped gives the figures that all others must end with', async () => {
    const { reports, extent } = await rightEnd()
    // what a had brought is gone with it, but for what c brought again; the oldest hundred records are too old
    const together = ['d', 'e', 'f', 'g'].map((name) => reports.find((r) => r[0] === `${name}.ndjson`))
    expect(together.map((r) => r?.slice(1, 3))).toEqual(together.map(() => ['complete', 40]))
    // b had brought the first twenty
    expect(sum(together, 3)).toBe(130 - 20)
    expect(sum(together, 4)).toBe(3 * 10 + 20)
    expect(reports.filter((r) => !together.includes(r)).map((r) => r.slice(0, 5))).toEqual([
      ['c.ndjson', 'complete', 210, 180, 30],
      ['b.ndjson', 'complete', 250, 200, 50],
    ])
    expect(extent.records).toBe(180 - 100 + 200 + 110)
  })

  for (const place of failpoints) {
    test(`stopped at ${place}`, async () => {
      const end = await rightEnd()
      let stops = 0
      for (let passing = 1; passing <= MOST_PASSINGS; passing++) {
        const url = await freshUrl()
        const { done, ended } = await walk(url, `${place}#${passing}`)
        if (ended) break
        stops++
        const store = await openStore(url)
        await expectWhole(store)
        const ids = await idsOf(store)
        for (const step of STEPS.slice(done + 1)) await step.run(store, ids)
        expect(await endOf(store), `stopped at passing ${passing}, after "${STEPS[done]?.name}"`).toEqual(end)
        await store.close()
      }
      expect(stops, 'places that no step passes test nothing').toBeGreaterThan(0)
    }, 300_000)
  }

  test('a batch whose process is gone is given up, with what was durable, and can be gone on with', async () => {
    const url = await freshUrl()
    expect(await walk(url, null, 3)).toEqual({ done: 2, ended: false })
    const store = await openStore(url)
    const { a } = await idsOf(store)
    const begun = Date.now()
    let report = await store.ledger.reports.get(a)
    while (report?.state === 'open' && Date.now() - begun < ABANDONED_WITHIN_MS) {
      await new Promise((resolve) => setTimeout(resolve, 200))
      report = await store.ledger.reports.get(a)
    }
    expect(report).toMatchObject({ state: 'aborted', stored: 300, duplicates: 50, lines: 350 })
    expect(report?.message).toContain('send the input again')
    await STEPS[4].run(store, { a })
    expect(await store.ledger.reports.get(a)).toMatchObject({ state: 'open', message: null, stored: 400 })
    await STEPS[5].run(store, { a })
    expect(await store.ledger.reports.get(a)).toMatchObject({ state: 'complete', stored: 400, lines: 451 })
    await store.close()
  }, 120_000)
}
