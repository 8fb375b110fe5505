/** Small posts that are read together: each is told what it would be told alone, though they share a block. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { createFastReader } from '../../../../ingest/reader/fast/fast-reader.js'
import { createSlowReader } from '../../../../ingest/reader/slow-reader.js'
import type { ReadChunk } from '../../../../ingest/reader/reader.js'
import { openBlock } from '../../../../schema/store/moving-block.js'
import { recordReader } from '../../../../schema/store/block.js'
import { openOnce } from '../../../../schema/sqlite/writing/owned-blocks.js'
import { options, plainly } from './same.js'

const samples = readFileSync(new URL('../../../fixtures/real-shapes.ndjson', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')

const line = (fields: object) =>
  JSON.stringify({ EdgeStartTimestamp: '2026-05-20T12:00:00Z', EdgeResponseStatus: 200, ...fields })

const POSTS = [
  samples.slice(0, 5).join('\n'),
  // says nothing of the origin, which no other post makes good
  line({ RayID: '00000000000000a1' }),
  'no log\n{"neither":1}\n',
  `${line({ RayID: '00000000000000a2', SampleInterval: 10 })}\n\n${line({ RayID: 'odd', ClientRequestPath: '/a' })}\n`,
  '',
  `${line({ RayID: 'odd too' })}\r\n${samples[7]}\n${line({ RayID: '00000000000000a3', ClientRequestPath: '/\\u0061' })}`,
  samples.slice(5).join('\n'),
].map((text) => Buffer.from(text))

/** Without what stands in its dictionaries for others. */
function told(read: ReadChunk): object {
  const { values, ...rest } = plainly(read) as { values: unknown }
  expect(values).toBeDefined()
  return rest
}

it('says of each what the slow reader says of it alone', () => {
  const fast = createFastReader(options())
  const slow = createSlowReader(options())
  for (let again = 0; again < 3; again++)
    expect(fast.together(POSTS).map(told)).toEqual(POSTS.map((post) => told(slow.read(post))))
  // and alone it says it as well
  expect(POSTS.map((post) => told(fast.read(post)))).toEqual(POSTS.map((post) => told(slow.read(post))))
})

it('reads more rows than a block holds one by one', () => {
  const many = Buffer.from(
    Array.from({ length: 20_000 }, (_, i) => line({ RayID: i.toString(16).padStart(16, '0') })).join('\n'),
  )
  const read = createFastReader(options()).together([many, many, many, many])
  expect(read.map(({ block }) => [block.rows, block.shared])).toEqual(Array(4).fill([20_000, undefined]))
})

it('opens what stands side by side once, whatever order it comes in and whatever is missing', () => {
  const blocks = createFastReader(options())
    .together(POSTS)
    .map(({ block }) => block)
  const alone = createFastReader(options()).read(POSTS[1]).block
  // the third of them stays behind, and one comes that shares nothing
  const parts = [[blocks[5]], [blocks[0], blocks[1]], [alone], [blocks[6], blocks[4]]]
  const opened = openOnce(parts.map((part) => part.filter(({ rows }) => rows > 0)))
  expect(opened.map(({ owners }) => owners.map(({ part, rows }) => [part, rows]))).toEqual([
    [[2, 1]],
    [
      [1, 5],
      [1, 1],
    ],
    [
      [0, 3],
      [3, 19],
    ],
  ])
  const records = (list: typeof opened) =>
    list.flatMap(({ block, owners }) => {
      const read = recordReader(block)
      let row = 0
      return owners.flatMap(({ part, rows }) => Array.from({ length: rows }, () => ({ part, ...read(row++) })))
    })
  const each = parts.flatMap((own, part) =>
    own.flatMap((moving) => {
      const read = recordReader(openBlock(moving))
      return Array.from({ length: moving.rows }, (_, row) => ({ part, ...read(row) }))
    }),
  )
  const sorted = (list: object[]) => list.map((one) => JSON.stringify(one)).sort()
  expect(sorted(records(opened))).toEqual(sorted(each))
})
