/** When pages are told of spikes: after new data, if something is other than before, and only while somebody listens. */
import { afterEach, describe, expect, it } from 'vitest'
import { createSpikeNews, type SpikeNews } from '../../dashboard/live/spike-news.js'
import type { Found, SpikeQuestion } from '../../analyze/spikes/service.js'

const NOW = Date.UTC(2026, 4, 20, 14, 7)
const found = (...spikes: [id: string, observed: number][]): Found => ({
  phantoms: 0,
  tooShort: false,
  goneBefore: null,
  explained: spikes.map(([id, observed]) => ({
    id,
    episode: { end: NOW, ongoing: true, observed },
  })) as unknown as Found['explained'],
})

interface Desk {
  news: SpikeNews
  told: string[][]
  asked: SpikeQuestion[]
  answer: Found
  newest: number | null
  heard: boolean
}
let desk: Desk | null = null
function open(change: Partial<Desk> = {}, quietMs = 5): Desk {
  const made: Desk = { told: [], asked: [], answer: found(), newest: NOW, heard: true, ...change } as Desk
  made.news = createSpikeNews({
    find: async (question) => {
      made.asked.push(question)
      return made.answer
    },
    newest: async () => made.newest,
    isHeard: () => made.heard,
    publish: (ids) => made.told.push(ids),
    onError: (error) => {
      throw error
    },
    now: () => NOW,
    quietMs,
    mostWaitMs: 40,
    leastBetweenMs: 5,
  })
  desk = made
  return made
}
afterEach(() => desk?.news.stop())
const pause = (ms = 60) => new Promise((resolve) => setTimeout(resolve, ms))

describe('news of spikes', () => {
  it('are told when spikes come, move and go, not when nothing changed', async () => {
    const d = open()
    for (const answer of [found(), found(['a', 10]), found(['a', 10]), found(['a', 25], ['b', 3]), found()]) {
      d.answer = answer
      d.news.stir()
      await pause()
    }
    expect(d.told).toEqual([['a'], ['a', 'b'], []])
  })

  it('ask one question for many parts that come at once, the one that the page asks', async () => {
    const d = open()
    for (let i = 0; i < 20; i++) d.news.stir()
    await pause()
    expect(d.asked).toEqual([{ from: Date.UTC(2026, 4, 19, 14, 0), to: Date.UTC(2026, 4, 20, 14, 10), filters: [] }])
  })

  it('look at the last day of a store that holds only history', async () => {
    const d = open({ newest: Date.UTC(2024, 0, 2, 3, 4, 5) })
    d.news.stir()
    await pause()
    expect(d.asked).toEqual([{ from: Date.UTC(2024, 0, 1, 3, 0), to: Date.UTC(2024, 0, 2, 3, 10), filters: [] }])
  })

  it('come even while data never ends', async () => {
    const d = open({ answer: found(['a', 1]) }, 10_000)
    for (let i = 0; i < 30 && d.told.length === 0; i++) {
      d.news.stir()
      await pause(10)
    }
    expect(d.told).toEqual([['a']])
  })

  it('cost nothing while nobody listens, and end', async () => {
    const d = open({ heard: false, answer: found(['a', 1]) })
    d.news.stir()
    await pause()
    expect(d.asked).toEqual([])
    d.heard = true
    await d.news.stop()
    d.news.stir()
    await pause()
    expect(d.told).toEqual([])
  })
})
