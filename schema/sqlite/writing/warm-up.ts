/**
 * Runs some made-up records through everything that a part goes through, while the writer waits for the first part: the
 * engine compiles what it sees often. The first parts, which are small, do the rest. In steps, so that the first part waits for
 * one of them at most: a file of a few thousand lines is stored before the engine would have compiled anything.
 */
import { perField, type Block, type DimensionColumn } from '../../store/block.js'
import { DIMENSION_FIELDS, MEASURE_FIELDS } from '../../words/fields.js'
import { valuesOf } from '../../store/values.js'
import { encodeSteps } from '../segments/encode.js'
import { rowsByDay } from '../segments/order.js'
import { rowsOfBlocks } from '../segments/rows.js'

const BLOCKS = 3
const ROWS = 1_000

export function* warmUp(): Generator<void> {
  const rows = rowsOfBlocks(
    Array.from({ length: BLOCKS }, (_, b) => madeUp(b)).map((block) => ({
      block,
      batches: [{ batch: 1, rows: block.rows }],
    })),
    [1, 2],
  )
  yield
  for (const { order } of rowsByDay(rows.time)) yield* encodeSteps(rows, order)
}

/** Columns of every kind: absent, nearly constant, of few values and of many. */
function madeUp(seed: number): Block {
  let state = seed + 1
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296
  const words = () => new Uint32Array(ROWS * 2).map(() => random() * 4294967296)
  return {
    rows: ROWS,
    oddRays: new Map(),
    ray: words(),
    identity: words(),
    time: new Float64Array(ROWS).map((_, i) => i * 100 + Math.floor(random() * 5_000)),
    dimensions: perField(DIMENSION_FIELDS, (field) => column(DIMENSION_FIELDS.indexOf(field) % 4, random)),
    measures: perField(MEASURE_FIELDS, (field) =>
      new Float64Array(ROWS).map(() => (field === 'weight' ? 1 : Math.floor(random() ** 8 * 1e6))),
    ),
  }
}

function column(kind: number, random: () => number): DimensionColumn {
  const count = [0, 2, 12, 700][kind]
  const values = ['', ...Array.from({ length: count }, (_, i) => (i % 2 === 0 ? `/value/${i}` : `192.0.2.${i % 256}`))]
  return {
    codes: new Uint16Array(ROWS).map(() => Math.ceil(random() ** (kind === 1 ? 8 : 1) * count)),
    values: valuesOf(values),
  }
}
