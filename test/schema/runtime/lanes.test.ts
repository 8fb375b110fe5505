/** Who is asked next: a page never waits behind what is found in the background. */
import { describe, expect, it } from 'vitest'
import { lanes } from '../../../schema/runtime/lanes.js'
import { sharedCalls } from '../../../schema/runtime/shared-calls.js'
import type { Thread } from '../../../schema/runtime/threads.js'

type Answers = { count: (of: string) => string }

/** Threads that answer when they are told to, and what each has been given. */
function slowThreads(count: number) {
  const given: string[][] = Array.from({ length: count }, () => [])
  const answers: (() => void)[][] = Array.from({ length: count }, () => [])
  const threads = given.map((_, n) => {
    let pending = 0
    return {
      call: (_name: string, of: string) => {
        pending++
        given[n].push(of)
        return new Promise<string>((answer) => answers[n].push(() => answer(of))).finally(() => pending--)
      },
      get pending() {
        return pending
      },
    } as unknown as Thread<Answers>
  })
  const answer = async (n: number) => {
    answers[n].shift()?.()
    await new Promise(setImmediate)
  }
  return { threads, given, answer }
}

describe('two threads', () => {
  function asked() {
    let time = 0
    const { threads, given, answer } = slowThreads(2)
    const { prompt, patient } = sharedCalls(lanes(() => threads, () => time)) // prettier-ignore
    return {
      given,
      answer,
      prompt: (of: string) => void prompt('count', of),
      patient: (of: string) => void patient('count', of),
      pass: (ms: number) => (time += ms),
    }
  }

  it('while pages ask, the background has one thread, and one call on it', async () => {
    const { given, answer, prompt, patient } = asked()
    prompt('page 1')
    for (const of of ['spike 1', 'spike 2', 'spike 3']) patient(of)
    expect(given).toEqual([['page 1'], ['spike 1']])
    await answer(0)
    prompt('page 2')
    expect(given).toEqual([['page 1', 'page 2'], ['spike 1']])
    await answer(1)
    expect(given[1]).toEqual(['spike 1', 'spike 2'])
  })

  it('pages have both threads where the background leaves one idle, and stand next on their own', async () => {
    const { given, answer, prompt, patient } = asked()
    for (const of of ['page 1', 'page 2', 'page 3', 'page 4']) prompt(of)
    patient('spike 1')
    expect(given).toEqual([['page 1', 'page 3'], ['page 2']])
    await answer(1)
    expect(given[1]).toEqual(['page 2', 'page 4'])
    await answer(1)
    expect(given[1]).toEqual(['page 2', 'page 4', 'spike 1'])
  })

  it('the background has both threads when nobody has asked for a while', async () => {
    const { given, answer, prompt, patient, pass } = asked()
    for (const of of ['spike 1', 'spike 2', 'spike 3']) patient(of)
    expect(given).toEqual([['spike 2'], ['spike 1']])
    prompt('page 1')
    expect(given[0]).toEqual(['spike 2', 'page 1'])
    await answer(0)
    await answer(0)
    expect(given).toEqual([['spike 2', 'page 1'], ['spike 1']])
    pass(1_001)
    await answer(1)
    expect(given).toEqual([
      ['spike 2', 'page 1'],
      ['spike 1', 'spike 3'],
    ])
    patient('spike 4')
    expect(given[0]).toEqual(['spike 2', 'page 1', 'spike 4'])
  })
})
