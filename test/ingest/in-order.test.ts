import fc from 'fast-check'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { inOrder } from '../../ingest/pipeline.js'

async function* of<T>(items: T[]): AsyncGenerator<T> {
  yield* items
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = []
  for await (const item of source) out.push(item)
  return out
}

describe('pieces worked on at once come out in order', () => {
  it('whatever each takes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 20 }),
        fc.integer({ min: 1, max: 5 }),
        async (delays, width) => {
          let busy = 0
          let most = 0
          const done = await all(
            inOrder(
              of(delays.map((ms, i) => ({ ms, i }))),
              async ({ ms, i }) => {
                most = Math.max(most, ++busy)
                await sleep(ms)
                busy--
                return i
              },
              width,
            ),
          )
          expect(done).toEqual(delays.map((_, i) => i))
          expect(most).toBeLessThanOrEqual(width)
        },
      ),
      { numRuns: 40 },
    )
  })
  it('at once, even if the source makes a pause', async () => {
    const pausing = async function* () {
      yield 'first'
      await new Promise(() => {})
    }
    const out = inOrder(pausing(), async (x) => x, 4)
    expect((await out.next()).value).toBe('first')
  })
  it("before the source's failure", async () => {
    const failing = async function* () {
      yield 1
      yield 2
      throw new Error('broken')
    }
    const seen: number[] = []
    await expect(
      (async () => {
        for await (const n of inOrder(failing(), async (x) => x, 3)) seen.push(n)
      })(),
    ).rejects.toThrow('broken')
    expect(seen).toEqual([1, 2])
  })
  it('a failing piece fails in its turn', async () => {
    const seen: number[] = []
    await expect(
      (async () => {
        for await (const n of inOrder(
          of([1, 2, 3]),
          async (x) => {
            if (x === 2) throw new Error('second')
            return x
          },
          3,
        ))
          seen.push(n)
      })(),
    ).rejects.toThrow('second')
    expect(seen).toEqual([1])
  })
})
