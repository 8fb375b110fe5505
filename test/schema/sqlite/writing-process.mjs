/**
 * A process of its own that writes to a store until it is stopped: part n holds 200 records with the path /part/n.
 * Arguments: the store's URL, the number of parts, the number of the first. Says "part n" when a part is durable.
 */
import { BlockBuilder } from '../../../dist/schema/store/block.js'
import { DIMENSION_FIELDS, MEASURE_FIELDS } from '../../../dist/schema/words/fields.js'
import { packBlock } from '../../../dist/schema/store/moving-block.js'
import { openStore } from '../../../dist/schema/open-store.js'

const [url, parts, first] = process.argv.slice(2)
const START = Date.UTC(2026, 2, 2)
const ROWS = 200
const nothing = Object.fromEntries([...DIMENSION_FIELDS, ...MEASURE_FIELDS].map((field) => [field, null]))

const store = await openStore(url)
const batch = await store.batches.open({ input: 'file', name: `from ${first}` })
const progress = { lines: 0, rejected: 0, rejectedByReason: {}, missingFields: [], bytes: 0, seconds: 0 }
for (let n = Number(first); n < Number(first) + Number(parts); n++) {
  const builder = new BlockBuilder(ROWS)
  for (let i = 0; i < ROWS; i++) {
    const id = n * ROWS + i
    builder.append(
      {
        ...nothing,
        time: START + id * 1_000,
        rayId: id.toString(16).padStart(16, '0'),
        host: 'www.example.com',
        path: `/part/${n}`,
        edgeResponseStatus: 200,
        source: 'origin',
        sourceReason: 'origin-same-status',
        visitor: true,
        weight: 1,
        edgeResponseBytes: 10,
      },
      [n, i],
    )
  }
  progress.lines += ROWS
  const part = { number: n - Number(first) + 1, blocks: [packBlock(builder.finish())], rejected: [], progress }
  await store.batches.write(batch, part)
  console.log(`part ${n}`)
}
await store.batches.close(batch, 'complete', progress, null)
await store.close()
