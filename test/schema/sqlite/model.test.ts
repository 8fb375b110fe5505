/**
 * The store against a plain Map: whatever is done in whatever order, by two processes, with the power cut in between, it holds what
 * the Map holds. `npm run soak` does the long form; a failure prints its seed and path.
 */
import fc from 'fast-check'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Reader } from '../../../schema/sqlite/reader.js'
import { verify } from '../../../schema/sqlite/verify.js'
import { Writer } from '../../../schema/sqlite/writer.js'
import { withBounds } from '../../../schema/store/buckets.js'
import { EVERYTHING } from '../../contract/contract.js'
import { blockOf, DAY, progress, sample, START, type Sample } from '../../contract/sample-records.js'

const folder = mkdtempSync(join(tmpdir(), 'faultline-model-'))
afterAll(() => rmSync(folder, { recursive: true }))

const RUNS = Number(process.env.FAULTLINE_RUNS ?? 12)
/** So few records exist that most come again, in other batches. */
const POOL = 60
const WAL_HEAD = 32
const WAL_FRAME = 24 + 8_192

/** Record n of the pool: over three days, some without a RayID, some that share one. */
function record(n: number): Sample {
  const time = START + Math.floor((n * 3 * DAY) / POOL)
  return sample(
    {
      time,
      rayId: n % 7 === 0 ? null : n % 5 === 0 ? 'shared' : (n + 1).toString(16).padStart(16, '0'),
      host: ['www.example.com', 'api.example.com', null][n % 3],
      path: n % 2 === 0 ? `/Path/${n}` : `/path/${n}`,
      edgeResponseStatus: [200, 404, 503][n % 3],
      weight: n % 4 === 0 ? 10 : 1,
    },
    [n * 7919, n],
  )
}

/** n of the pool → the batch that stored it. */
type Held = ReadonlyMap<number, string>

interface Model {
  held: Held
  /** what was given, to be given again: batch → records and outcome */
  given: ReadonlyMap<string, { records: readonly number[]; stored: number; duplicates: number }>
  /** states that a cut of the power may bring back, the last one first */
  before: { held: Held; given: Model['given'] }[]
}

class Real {
  path: string
  writers: Writer[]
  private files = 0

  constructor() {
    this.path = this.newPath()
    this.writers = [new Writer(this.path, 'one'), new Writer(this.path, 'two')]
  }

  newPath(): string {
    return join(folder, `${process.pid}-${Math.random().toString(36).slice(2)}-${this.files++}.sqlite`)
  }

  /** The files as they rest now, the log cut behind `frames` of its frames, opened by nobody who knew them. */
  cutPower(share: number): void {
    const path = this.newPath()
    copyFileSync(this.path, path)
    if (existsSync(`${this.path}-wal`)) {
      copyFileSync(`${this.path}-wal`, `${path}-wal`)
      const length = readFileSync(`${path}-wal`).length
      const frames = Math.max(0, Math.floor((length - WAL_HEAD) / WAL_FRAME))
      if (share < 1)
        truncateSync(`${path}-wal`, Math.min(length, WAL_HEAD + Math.floor(frames * share) * WAL_FRAME + 11))
    }
    this.dispose()
    this.path = path
    this.writers = [new Writer(path, 'one'), new Writer(path, 'two')]
  }

  dispose(): void {
    for (const writer of this.writers) writer.dispose()
    for (const end of ['', '-wal', '-shm']) rmSync(this.path + end, { force: true })
  }
}

/** What the store holds: pool numbers, by what is in each record. */
function heldBy({ path }: Real): number[] {
  const reader = new Reader(path)
  try {
    const { records } = reader.newest({ ...EVERYTHING, limit: POOL * 2, after: null })
    return records.map(({ path: text }) => Number(/\d+$/.exec(String(text))?.[0])).sort((a, b) => a - b)
  } finally {
    reader.dispose()
  }
}

function expectSame(model: Model, real: Real): void {
  const numbers = [...model.held.keys()].sort((a, b) => a - b)
  expect(heldBy(real)).toEqual(numbers)
  const reader = new Reader(real.path)
  const { groups, requests, total } = reader.counts(withBounds({ ...EVERYTHING, bounds: null, by: ['status'] }))
  reader.dispose()
  const wanted: { [status: string]: number } = {}
  for (const n of numbers) {
    const { edgeResponseStatus, weight } = record(n).record
    wanted[edgeResponseStatus] = (wanted[edgeResponseStatus] ?? 0) + weight
  }
  expect(Object.fromEntries(groups.map(([key], i) => [key, requests[i]]))).toEqual(wanted)
  expect(total.records).toBe(numbers.length)
}

const remember = (model: Model) => model.before.unshift({ held: model.held, given: model.given })

abstract class Step implements fc.Command<Model, Real> {
  check(_model: Readonly<Model>): boolean {
    return true
  }
  run(model: Model, real: Real): void {
    this.act(model, real)
    expectSame(model, real)
  }
  abstract act(model: Model, real: Real): void
  toString(): string {
    return `${this.constructor.name} ${JSON.stringify(this)}`
  }
}

class Write extends Step {
  constructor(
    readonly who: number,
    readonly records: readonly number[],
  ) {
    super()
  }
  act(model: Model, real: Real): void {
    const writer = real.writers[this.who]
    const { value: batch } = writer.open({ input: 'file', name: null })
    const { value } = writer.write(batch, partOf(this.records))
    writer.close(batch, 'complete', progress(this.records.length), null)
    const fresh = [...new Set(this.records)].filter((n) => !model.held.has(n))
    expect(value).toEqual({ stored: fresh.length, duplicates: this.records.length - fresh.length })
    // three commits: after the first two the power may go as well
    const opened = new Map(model.given).set(batch, { records: this.records, ...value })
    remember(model)
    model.held = new Map([...model.held, ...fresh.map((n) => [n, batch] as const)])
    model.given = opened
  }
}

class Replay extends Step {
  constructor(
    readonly who: number,
    readonly which: number,
  ) {
    super()
  }
  override check(model: Readonly<Model>): boolean {
    return model.given.size > 0
  }
  act(model: Model, real: Real): void {
    const [batch, { records, stored, duplicates }] = [...model.given][this.which % model.given.size]
    const again = real.writers[this.who].write(batch, partOf(records))
    expect(again).toEqual({ value: { stored, duplicates }, change: null })
  }
}

class Delete extends Step {
  constructor(
    readonly who: number,
    readonly which: number,
  ) {
    super()
  }
  override check(model: Readonly<Model>): boolean {
    return model.given.size > 0
  }
  act(model: Model, real: Real): void {
    const batch = [...model.given.keys()][this.which % model.given.size]
    const left = new Map([...model.held].filter(([, by]) => by !== batch))
    expect(real.writers[this.who].delete(batch).value?.removed).toBe(model.held.size - left.size)
    remember(model)
    model.held = left
    model.given = new Map([...model.given].filter(([id]) => id !== batch))
  }
}

class Expire extends Step {
  constructor(
    readonly who: number,
    readonly before: number,
  ) {
    super()
  }
  act(model: Model, real: Real): void {
    const left = new Map([...model.held].filter(([n]) => record(n).record.time >= this.before))
    // in steps of one segment, as a store with many takes several
    let removed = 0
    for (let more = true; more;) {
      const step = real.writers[this.who].expire(this.before, 1).value
      removed += step.removed
      more = step.more
    }
    expect(removed).toBe(model.held.size - left.size)
    remember(model)
    model.held = left
    // an expired record is forgotten, and so is which part brought it
    model.given = new Map()
  }
}

class Compact extends Step {
  constructor(readonly who: number) {
    super()
  }
  act(_model: Model, real: Real): void {
    real.writers[this.who].tidyNow()
  }
}

class Reopen extends Step {
  constructor(readonly who: number) {
    super()
  }
  act(_model: Model, real: Real): void {
    real.writers[this.who].dispose()
    real.writers[this.who] = new Writer(real.path, `again ${this.who}`)
  }
}

/** Killed between two calls: all that was answered is there. */
class Kill extends Step {
  act(_model: Model, real: Real): void {
    real.cutPower(1)
  }
}

/** The power goes, and the log is on the disk up to some write: the store is as it was after some commit. */
class CutPower extends Step {
  constructor(readonly share: number) {
    super()
  }
  act(model: Model, real: Real): void {
    real.cutPower(this.share)
    const found = heldBy(real).join()
    const states = [{ held: model.held, given: model.given }, ...model.before]
    const state = states.find(({ held }) => [...held.keys()].sort((a, b) => a - b).join() === found)
    expect(state, `${found} was never the whole of it`).toBeDefined()
    if (state !== undefined) Object.assign(model, { held: state.held, given: new Map(), before: [] })
  }
}

function partOf(records: readonly number[]) {
  return { number: 1, blocks: [blockOf(records.map(record))], rejected: [], progress: progress(records.length) }
}

const who = fc.nat({ max: 1 })
const which = fc.nat({ max: 50 })
const commands = [
  fc.tuple(who, fc.array(fc.nat({ max: POOL - 1 }), { minLength: 1, maxLength: 30 })).map((a) => new Write(...a)),
  fc.tuple(who, fc.array(fc.nat({ max: POOL - 1 }), { minLength: 1, maxLength: 30 })).map((a) => new Write(...a)),
  fc.tuple(who, which).map((a) => new Replay(...a)),
  fc.tuple(who, which).map((a) => new Delete(...a)),
  fc.tuple(who, fc.integer({ min: START - DAY, max: START + DAY })).map((a) => new Expire(...a)),
  who.map((a) => new Compact(a)),
  who.map((a) => new Reopen(a)),
  fc.constant(null).map(() => new Kill()),
  fc.double({ min: 0, max: 0.999, noNaN: true }).map((share) => new CutPower(share)),
]

test(`the store holds what a Map holds, in ${RUNS} histories`, () => {
  fc.assert(
    fc.property(fc.commands(commands, { maxCommands: 25 }), (steps) => {
      const real = new Real()
      try {
        fc.modelRun(() => ({ model: { held: new Map(), given: new Map(), before: [] }, real }), steps)
        expect(verify(real.path, false).findings).toEqual([])
      } finally {
        real.dispose()
      }
    }),
    { numRuns: RUNS, endOnFailure: RUNS > 100 },
  )
})
