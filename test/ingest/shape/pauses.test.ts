/** Whatever a body is made of, others have their turn while it is read: counted in places for a pause, not in time. */
import { expect, test } from 'vitest'
import { createPauses } from '../../../schema/runtime/pauses.js'
import { namesOf } from '../../../ingest/reader/names.js'
import { CsvFramer } from '../../../ingest/shape/csv-framer.js'
import { PIECE_REJECTIONS } from '../../../ingest/shape/framed-lines.js'
import { JsonFramer } from '../../../ingest/shape/json-framer.js'
import { wholeLines } from '../../../ingest/shape/lines.js'
import { ReadingNotes } from '../../../ingest/shape/notes.js'
import { paced } from '../../../ingest/shape/paced.js'
import { MAY_PAUSE, PAUSE_BYTES, type Cutter } from '../../../ingest/shape/piece.js'

/** Bytes of each shape. */
const LENGTH = 1_048_576

const HEADER = 'RayID,EdgeResponseStatus,EdgeStartTimestamp\n'
const repeated = (text: string, length = LENGTH) => Buffer.from(text.repeat(Math.ceil(length / text.length)))

/** Places for a pause while so many bytes are cut, a slice at a time as they come from a connection. */
function placesIn(cutter: Cutter, bytes: Uint8Array): number {
  let places = 0
  const note = (cut: Iterable<unknown>) => {
    for (const piece of cut) if (piece === MAY_PAUSE) places++
  }
  for (let at = 0; at < bytes.length; at += PAUSE_BYTES) note(cutter.add(bytes.subarray(at, at + PAUSE_BYTES)))
  note(cutter.end())
  return places
}

test.each([
  // each of these held the service for seconds
  ['empty lists', '[]', 40],
  ['empty objects', '{}', 16],
  ['texts', '"', 16],
  ['objects that begin and never end', '{\n', 64],
  ['lists in lists that never end', '{"a":[{\n', 32],
  ['an empty list in an object', '{"a":[{}]}', 8],
])('%s: the more there is to do with a byte, the more often others may be served', (_, text, least) => {
  expect(placesIn(new JsonFramer(new ReadingNotes()), repeated(text))).toBeGreaterThan(least)
})

test('lists beyond those that are logs are one line that is none, looked at once', () => {
  const bytes = repeated('[', 5_000_000)
  const framer = new JsonFramer(new ReadingNotes())
  expect(placesIn(framer, bytes)).toBeLessThanOrEqual(2)
})

test('what is looked into for records is a few times what came, however the lists stand', () => {
  const framer = new JsonFramer(new ReadingNotes())
  let looked = 0
  const { looked: note } = framer
  framer.looked = (bytes) => {
    looked += bytes
    note.call(framer, bytes)
  }
  const bytes = repeated('{"a":[{\n', 4 * LENGTH)
  placesIn(framer, bytes)
  expect(looked / bytes.length).toBeLessThan(30)
})

test('rows that are all headers, and rows of lists that end nowhere', () => {
  const csv = (text: string) =>
    placesIn(
      new CsvFramer({ delimiter: 44, names: namesOf({}) }, new ReadingNotes()),
      Buffer.concat([Buffer.from(HEADER), repeated(text)]),
    )
  expect(csv(HEADER)).toBeGreaterThan(16)
  expect(csv(`${'[1,'.repeat(100_000)}\n`)).toBeLessThan(40)
})

test('quotes that open and never close: no megabyte is looked through anew from each line', () => {
  const rows = (text: string) =>
    placesIn(
      new CsvFramer({ delimiter: 44, names: namesOf({}) }, new ReadingNotes()),
      Buffer.concat([Buffer.from(HEADER), repeated(text, 4 * LENGTH)]),
    )
  // one a row that is looked at to its end, one for each 64 kB of short ones
  expect(rows('"a,b\n')).toBeLessThan(2_000)
  expect(rows('a,"b\u0001\n')).toBeLessThan(2_000)
})

test('a cell of many lines is read whole, however it comes', () => {
  const text = 'a line of an agent\n'.repeat(20_000)
  const bytes = Buffer.from(`${HEADER.trimEnd()},ClientRequestUserAgent\n1,200,2026-05-20T12:00:00Z,"${text}"\n`)
  const cutter = new CsvFramer({ delimiter: 44, names: namesOf({}) }, new ReadingNotes())
  const pieces = []
  for (let at = 0; at < bytes.length; at += 1_000) pieces.push(...cutter.add(bytes.subarray(at, at + 1_000)))
  pieces.push(...cutter.end())
  const lines = pieces.flatMap((piece) => (piece?.kind === 'lines' ? [Buffer.from(piece.bytes).toString()] : []))
  expect(JSON.parse(lines.join(''))).toMatchObject({ RayID: '1', ClientRequestUserAgent: text })
})

test('an input of lines that are none is passed on in pieces like any other', () => {
  const cutter = new CsvFramer({ delimiter: 44, names: namesOf({}) }, new ReadingNotes())
  const rows = 100_000
  const bytes = Buffer.from(`${HEADER}${'1,2\n'.repeat(rows)}`)
  let all = 0
  for (const piece of [...cutter.add(bytes), ...cutter.end()]) {
    const { length = 0 } = (piece?.kind === 'lines' && piece.numbering?.rejections) || {}
    expect(length).toBeLessThanOrEqual(PIECE_REJECTIONS)
    all += length
  }
  expect(all).toBe(rows)
})

test('half a million columns: those behind are passed over, and rows are told by how many they have', () => {
  const more = 500_000
  const row = `0123456789abcdef,200,2026-05-20T12:00:00Z${',x'.repeat(more)}\n`
  const cutter = new CsvFramer({ delimiter: 44, names: namesOf({}) }, new ReadingNotes())
  const bytes = Buffer.from(`${HEADER.trimEnd()}${',x'.repeat(more)}\n${row}`)
  const pieces = [...cutter.add(bytes), ...cutter.end()].filter((piece) => piece !== MAY_PAUSE)
  const lines = pieces.flatMap((piece) => (piece.kind === 'lines' ? [Buffer.from(piece.bytes).toString()] : []))
  expect(lines.join('')).toBe(
    '{"RayID":"0123456789abcdef","EdgeResponseStatus":"200","EdgeStartTimestamp":"2026-05-20T12:00:00Z"}\n',
  )
})

test('who works for long goes on one a turn, in the order in which they came', async () => {
  const turns: (() => void)[] = []
  let clock = 0
  const pauses = createPauses(
    () => clock,
    (go) => turns.push(go),
    8,
  )
  expect(pauses.isDue).toBe(false)
  clock = 8
  expect(pauses.isDue).toBe(true)
  const order: string[] = []
  const waiting = ['first', 'second', 'third'].map((who) => pauses.pause().then(() => order.push(who)))
  for (let turn = 0; turn < 3; turn++) {
    expect(order).toHaveLength(turn)
    turns.shift()?.()
    await waiting[turn]
    expect(pauses.isDue).toBe(false)
  }
  expect(order).toEqual(['first', 'second', 'third'])
  // nobody works any more: no turn is asked for
  turns.shift()?.()
  expect(turns).toHaveLength(0)
})

test('a body that comes at once is read with a pause at each place for one', async () => {
  let taken = 0
  // every turn has lasted too long
  const pauses = { isDue: true, pause: async () => void taken++ }
  async function* source() {
    yield repeated('{}')
  }
  for await (const _ of wholeLines(
    paced(source(), pauses),
    { kind: 'json' },
    new ReadingNotes(),
    undefined,
    1_000,
    pauses,
  ));
  expect(taken).toBeGreaterThan((2 * LENGTH) / PAUSE_BYTES)
})
