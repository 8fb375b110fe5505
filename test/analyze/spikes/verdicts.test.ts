import { expect, test } from 'vitest'
import { verdictsIn } from '../../../analyze/spikes/verdicts.js'

function memory() {
  const kept = new Map<string, string>()
  return {
    kept,
    get: async (name: string) => kept.get(name) ?? null,
    set: async (name: string, value: string) => {
      await new Promise((done) => setTimeout(done, 1))
      kept.set(name, value)
    },
  }
}
const at = (n: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, n)).toISOString()

test('what was said at the same time is all kept, and can be taken back once', async () => {
  const settings = memory()
  const verdicts = verdictsIn(settings)
  await Promise.all(
    Array.from({ length: 20 }, (_, i) => verdicts.set(`spike-${i}`, { verdict: 'confirmed', note: null, at: at(i) })),
  )
  expect((await verdictsIn(settings).all()).size).toBe(20)
  expect(await verdicts.remove('spike-3')).toBe(true)
  expect(await verdicts.remove('spike-3')).toBe(false)
  expect((await verdicts.all()).has('spike-3')).toBe(false)
})

test('the oldest go where there are thousands', async () => {
  const settings = memory()
  const verdict = (i: number) => ({ verdict: 'not-a-problem' as const, note: 'x', at: at(i) })
  const earlier = Array.from({ length: 1_990 }, (_, i) => [`spike-${i}`, verdict(i)] as const)
  await settings.set('spike-verdicts', JSON.stringify(Object.fromEntries(earlier)))
  const verdicts = verdictsIn(settings)
  await Promise.all(Array.from({ length: 15 }, (_, i) => verdicts.set(`spike-${1_990 + i}`, verdict(1_990 + i))))
  const kept = await verdicts.all()
  expect(kept.size).toBe(2_000)
  expect(kept.has('spike-4')).toBe(false)
  expect(kept.has('spike-2004')).toBe(true)
})
