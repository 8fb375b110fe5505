import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { Moved, startThread, workerUrl } from '../../../schema/runtime/threads.js'

const folder = mkdtempSync(join(tmpdir(), 'faultline-threads-'))
afterAll(() => rmSync(folder, { recursive: true }))

const threads = workerUrl(new URL('../../../schema/runtime/threads.ts', import.meta.url).href, './threads.js')
const file = join(folder, 'worker.mjs')
writeFileSync(
  file,
  `
  import { Moved, serve } from ${JSON.stringify(threads.href)}
  let last = 0
  serve({
    add: (a, b) => a + b,
    slowly: async (n) => { await new Promise((r) => setTimeout(r, 20 - n)); const before = last; last = n; return [before, n] },
    fail: () => { throw Object.assign(new RangeError('too far'), { code: 'E_FAR' }) },
    double: (numbers) => new Moved(numbers.map((n) => n * 2), [numbers.buffer]),
    crash: () => { setTimeout(() => { throw new Error('out of luck') }); return new Promise(() => {}) },
    exit: () => process.exit(3),
  })
`,
)

type Served = {
  add(a: number, b: number): number
  slowly(n: number): Promise<[number, number]>
  fail(): void
  double(numbers: Float64Array): Moved<Float64Array>
  crash(): Promise<void>
  exit(): void
}
const start = () => startThread<Served>(pathToFileURL(file))

test('calls are answered, one after the other in the order in which they came', async () => {
  const thread = start()
  expect(await thread.call('add', 2, 3)).toBe(5)
  expect(await Promise.all([1, 2, 3].map((n) => thread.call('slowly', n)))).toEqual([
    [0, 1],
    [1, 2],
    [2, 3],
  ])
  await thread.stop()
})

test('errors keep name, message and code', async () => {
  const thread = start()
  await expect(thread.call('fail')).rejects.toMatchObject({ name: 'RangeError', message: 'too far', code: 'E_FAR' })
  expect(await thread.call('add', 1, 1)).toBe(2)
  await thread.stop()
})

test('buffers move there and back', async () => {
  const thread = start()
  const numbers = Float64Array.of(1, 2)
  const answer = thread.callMoving([numbers.buffer], 'double', numbers)
  expect(numbers.length).toBe(0)
  expect([...(await answer)]).toEqual([2, 4])
  await thread.stop()
})

test('a thread that ends rejects what it owes, and what is asked afterwards', async () => {
  for (const [way, reason] of [
    ['crash', 'out of luck'],
    ['exit', 'exit status 3'],
  ] as const) {
    const thread = start()
    const owed = [thread.call(way), thread.call('add', 1, 2)]
    for (const call of owed)
      await expect(call).rejects.toMatchObject({
        code: 'THREAD_ENDED',
        message: expect.stringContaining(reason),
      })
    expect(thread.alive).toBe(false)
    await expect(thread.call('add', 1, 2)).rejects.toMatchObject({ code: 'THREAD_ENDED' })
  }
})

test('a source that runs untranslated finds the worker in the build', () => {
  expect(threads.href).toMatch(/\/dist\/schema\/runtime\/threads\.js$/)
  expect(workerUrl('file:///app/dist/schema/x.js', './y-worker.js').href).toBe('file:///app/dist/schema/y-worker.js')
  expect(() =>
    workerUrl(new URL('../../../schema/runtime/threads.ts', import.meta.url).href, './no-such-worker.js'),
  ).toThrow(/npm run build/)
})
