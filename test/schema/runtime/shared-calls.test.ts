import { expect, it } from 'vitest'
import { sharedCalls } from '../../../schema/runtime/shared-calls.js'
import type { Thread } from '../../../schema/runtime/threads.js'

type Answers = { count: (of: string, from: number) => number[] }

/** A thread that answers when it is told to. */
function slowThread() {
  const calls: { args: unknown[]; answer: (value: number[]) => void; fail: (error: Error) => void }[] = []
  let pending = 0
  const thread = {
    call: (_name: string, ...args: unknown[]) => {
      pending++
      return new Promise<number[]>((answer, fail) => calls.push({ args, answer, fail })).finally(() => pending--)
    },
    get pending() {
      return pending
    },
  } as unknown as Thread<Answers>
  return { thread, calls }
}

it('answers the same question once, but never with what was begun before it was asked', async () => {
  const { thread, calls } = slowThread()
  const { prompt: ask } = sharedCalls(() => (thread.pending < 2 ? thread : null))
  const begun = ask('count', 'a', 1)
  void ask('count', 'b', 1)
  const asked = [ask('count', 'a', 1), ask('count', 'a', 1), ask('count', 'a', Infinity), ask('count', 'a', -Infinity)]
  expect(calls.map(({ args }) => args)).toEqual([
    ['a', 1],
    ['b', 1],
  ])
  calls[0].answer([1])
  calls[1].answer([2])
  expect(await begun).toEqual([1])
  await new Promise(setImmediate)
  expect(calls.slice(2).map(({ args }) => args)).toEqual([
    ['a', 1],
    ['a', Infinity],
  ])
  calls[2].answer([3])
  const [one, same] = await Promise.all(asked.slice(0, 2))
  expect([one, same]).toEqual([[3], [3]])
  one.push(4)
  expect(same).toEqual([3])
  calls[3].fail(new Error('no'))
  await expect(asked[2]).rejects.toThrow('no')
  await new Promise(setImmediate)
  calls[4].answer([5])
  expect(await asked[3]).toEqual([5])
})

it('tells everybody who waits when there is nobody left to ask', async () => {
  const { thread, calls } = slowThread()
  let isOpen = true
  const { prompt: ask } = sharedCalls(() => {
    if (!isOpen) throw new Error('closed')
    return thread.pending < 2 ? thread : null
  })
  const [a, b, c] = ['a', 'b', 'c'].map((of) => ask('count', of, 1))
  isOpen = false
  calls[0].answer([])
  calls[1].answer([])
  await Promise.all([a, b])
  await expect(c).rejects.toThrow('closed')
})
