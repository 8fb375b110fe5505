/** Evaluations come to an end however often somebody changes what they look at. */
import { afterEach, expect, it } from 'vitest'
import type { StoredSilence } from '../../../schema/store/alert-log.js'
import { MINUTE } from './kit/series.js'
import { blockedIn, makeWorld, type World } from './kit/world.js'

let world: World
afterEach(() => world.close())

it('a script that changes silences all the time keeps no alert from being told', async () => {
  world = await makeWorld({
    rules: [{ expr: { kind: 'count', where: { status: 403 }, window: '1m', above: 10 } }],
  })
  world.traffic = blockedIn([[5, 200]])
  const changes: Promise<unknown>[] = []
  const { records } = world.store
  // between the look at the alerts and the commit, every time
  const counts = records.counts.bind(records)
  records.counts = async (query) => {
    const id = `silence-${changes.length}`
    const silence: StoredSilence = {
      id,
      matchers: [{ label: 'host', op: '=', value: `${id}.example.com` }],
      startsAt: world.now,
      endsAt: world.now + MINUTE,
      reason: '',
      by: 'script',
    }
    changes.push(world.service.log.putSilence(silence))
    return counts(query)
  }
  await world.pass(9)
  await Promise.all(changes)
  expect(changes.length).toBeGreaterThan(20)
  expect((await world.log.load()).silences.length).toBe(changes.length)
  expect(world.service.activity.errors).toBe(0)
  expect(world.said.filter((text) => text.includes('firing'))).toHaveLength(1)
})
