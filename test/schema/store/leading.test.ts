/** Who leads knows it for no longer than the ledger does, whatever clocks and connections do. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Clock } from '../../../schema/runtime/clock.js'
import { lead, type Leading } from '../../../schema/store/leading.js'
import { ledgerClock } from '../../../schema/store/ledger-clock.js'
import type { Leases } from '../../../schema/store/leases.js'

const LEASE_MS = 3_000

/** A ledger in memory that everybody asks, by one clock. */
function ledger() {
  const state = { now: 0, reachable: true, holder: '', token: 0, until: 0 }
  const leases = (me: string): Leases => ({
    async take(lease, ms) {
      if (!state.reachable) throw new Error('no ledger')
      const isFree = state.now >= state.until
      if (!isFree && state.holder !== me) return null
      if (isFree || state.holder !== me) state.token++
      Object.assign(state, { holder: me, until: state.now + ms })
      return { lease, token: state.token }
    },
    async release() {
      if (state.holder === me) state.until = -Infinity
    },
    now: async () => state.now,
  })
  return { state, leases }
}

const clockOf = (state: { now: number }): Clock => ({ now: () => 0, monotonic: () => state.now })
const open: Leading[] = []

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
})
afterEach(async () => {
  for (const one of open.splice(0)) await one.stop()
  vi.useRealTimers()
})

function setting() {
  const { state, leases } = ledger()
  const taken: string[] = []
  const node = (me: string) => {
    const one = lead({
      leases: leases(me),
      lease: 'rules',
      ms: LEASE_MS,
      clock: clockOf(state),
      onTaken: () => taken.push(me),
    })
    open.push(one)
    return one
  }
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 100) {
      state.now += 100
      await vi.advanceTimersByTimeAsync(100)
    }
  }
  return { state, node, pass, taken }
}

it('one of several leads for as long as it lives; the next one takes over when its time is up', async () => {
  const { state, node, pass, taken } = setting()
  const [a, b] = [node('a'), node('b')]
  await pass(10_000)
  expect([a.fence()?.token, b.fence()]).toEqual([1, null])
  await a.stop()
  expect(a.fence()).toBeNull()
  await pass(1_100)
  // given back it is free at once
  expect(b.fence()?.token).toBe(2)
  expect(taken).toEqual(['a', 'b'])
  expect(state.holder).toBe('b')
})

it('without the ledger a leader stops leading before anybody else can begin', async () => {
  const { state, node, pass } = setting()
  const a = node('a')
  await pass(2_000)
  state.reachable = false
  const until = state.until
  while (a.fence() !== null) await pass(100)
  expect(state.now).toBeLessThanOrEqual(until)
  state.reachable = true
  await pass(1_100)
  expect(a.fence()?.token).toBe(2)
})

it('asleep for longer than its lease it does not lead when it wakes, though nobody told it', async () => {
  const { state, node, pass } = setting()
  const a = node('a')
  await pass(500)
  expect(a.fence()).not.toBeNull()
  state.now += LEASE_MS + 1
  expect(a.fence()).toBeNull()
})

it('the time is the ledger’s, however wrong and however moved the clock of the machine', async () => {
  const state = { now: Date.UTC(2026, 2, 2) }
  const local = { wall: 0, monotonic: 5_000 }
  const clock = await ledgerClock(
    { now: async () => state.now },
    { now: () => local.wall, monotonic: () => local.monotonic, wait: async () => {} },
  )
  expect(clock.now()).toBe(state.now)
  local.monotonic += 60_000
  local.wall -= 86_400_000
  expect(clock.now()).toBe(state.now + 60_000)
  clock.stop()
})
