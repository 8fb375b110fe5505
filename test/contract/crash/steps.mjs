/**
 * A little history of a store, step by step: batches come in over a midnight, some of it twice, one is taken out again and
 * comes back, old records go. Every step may be repeated. Both the process that is stopped and the test that goes on after
 * it walk through these.
 */
import { BlockBuilder } from '../../../dist/schema/store/block.js'
import { packBlock } from '../../../dist/schema/store/moving-block.js'
import { DIMENSION_FIELDS, MEASURE_FIELDS } from '../../../dist/schema/words/fields.js'

const DAY = 86_400_000
/** 40 s before a midnight, so that parts lie on both sides */
export const START = Date.UTC(2026, 2, 3) - 40_000
const NOTHING = Object.fromEntries([...DIMENSION_FIELDS, ...MEASURE_FIELDS].map((field) => [field, null]))

/** Records `first` to `first + rows - 1` of the world: record n is the same one whoever brings it. */
function blockOf(first, rows) {
  const builder = new BlockBuilder(rows)
  for (let n = first; n < first + rows; n++) {
    const status = n % 7 === 0 ? 503 : 200
    builder.append(
      {
        ...NOTHING,
        time: START + n * 200,
        rayId: n.toString(16).padStart(16, '0'),
        zone: 'example.com',
        host: n % 3 === 0 ? 'api.example.com' : 'www.example.com',
        path: `/page/${n % 50}`,
        edgeResponseStatus: status,
        source: n % 7 === 0 ? 'edge' : 'origin',
        sourceReason: 'origin-same-status',
        visitor: true,
        weight: 1,
        edgeResponseBytes: n,
        edgeTimeToFirstByteMs: n % 90,
      },
      [n, n],
    )
  }
  return packBlock(builder.finish())
}

const progress = (lines, rejected = 0) => ({
  lines,
  rejected,
  rejectedByReason: rejected === 0 ? {} : { 'not-json': rejected },
  missingFields: [],
  via: [],
  weighted: false,
  after: null,
  leftOut: [],
  bytes: lines * 100,
  seconds: 1,
})

const rejected = [{ input: 'a.ndjson', line: 7, reason: 'not-json', sample: '{"RayID":', at: null, found: null }]
const origin = (name) => ({ input: 'file', name })
const write = (key, number, first, rows, lines, more = {}) => ({
  name: `write ${key}${number}`,
  run: async (store, ids) => {
    const part = { number, blocks: [blockOf(first, rows)], rejected: [], progress: progress(lines), ...more }
    return store.batches.write(ids[key], part)
  },
})
/** With its key a batch that was opened is found again. */
const open = (key) => ({
  name: `open ${key}`,
  run: async (store, ids) => {
    ids[key] = await store.batches.open(origin(`${key}.ndjson`), `key of ${key}`)
  },
})
const close = (key, lines, lost = 0) => ({
  name: `close ${key}`,
  run: async (store, ids) => store.batches.close(ids[key], 'complete', progress(lines, lost), null),
})

/** Small batches that are given at once: they may share a commit. Each has 40 records, 10 of which the next one brings too. */
const takeTogether = (keys, first) => ({
  name: `take ${keys.join(', ')}`,
  run: async (store) =>
    Promise.all(
      keys.map((key, i) =>
        store.batches.take({
          origin: origin(`${key}.ndjson`),
          key: `key of ${key}`,
          blocks: [blockOf(first + i * 30, 40)],
          rejected: [],
          progress: progress(40),
          message: null,
        }),
      ),
    ),
})

export const STEPS = [
  open('a'),
  write('a', 1, 0, 150, 150),
  write('a', 2, 100, 200, 350),
  write('a', 1, 0, 150, 150),
  write('a', 3, 300, 100, 450, { rejected, progress: progress(451, 1) }),
  close('a', 451, 1),
  open('b'),
  write('b', 1, 350, 250, 250),
  close('b', 250),
  { name: 'delete a', run: async (store, ids) => (await store.batches.delete(ids.a)) !== undefined },
  open('c'),
  write('c', 1, 0, 150, 150),
  write('c', 2, 120, 60, 210),
  close('c', 210),
  takeTogether(['d', 'e', 'f', 'g'], 580),
  { name: 'expire', run: async (store) => store.records.expire(START + 20_000) },
]

/** Ids of the batches that are there, for going on: what was deleted is not opened again. */
export async function idsOf(store) {
  const ids = {}
  for (let after = null; ;) {
    const { items, next } = await store.ledger.reports.page({ limit: 50, after })
    for (const { id, name } of items) if (name !== null) ids[name.replace('.ndjson', '')] = id
    if (next === null) return ids
    after = next
  }
}

/** Everything that the walk has stored after so many steps, told from the parts alone. `DAY` bounds the question. */
export const RANGE = { from: START - DAY, to: START + 2 * DAY, filters: [], audience: 'all' }
