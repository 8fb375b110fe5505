/** A little flood: what was answered 200 is stored, once, and whoever was not taken in was told when to come again. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { made } from '../bench/speed/exports.js'
import { wrongAfter } from '../bench/speed/flood/check.js'
import { linesOf, PAGE } from '../bench/speed/flood/lines.js'
import { flood } from '../bench/speed/flood/load.js'
import { startService, type TestService } from './service.js'

let service: TestService
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

it('uploads, posts, readers and listeners at once', async () => {
  const lines = linesOf(await made({ ...PAGE, name: 'flood-test', lines: 200 }))
  const seen = await flood(service.url, lines, {
    uploads: 16,
    uploadLines: 500,
    postsPerSecond: 60,
    postLines: 4,
    jobs: 5,
    readers: 3,
    readEveryMs: 500,
    listeners: 3,
    seconds: 2,
  })
  expect([...seen.errors]).toEqual([])
  expect(seen.accepted.uploads).toBeGreaterThan(0)
  expect(seen.accepted.posts).toBeGreaterThan(0)
  // of one sender: some of the eight places are for others
  expect(seen.refused.uploads).toBeGreaterThan(0)
  expect(seen.stored).toBe(seen.lines)
  expect(await wrongAfter(service.url, seen)).toEqual([])
}, 120_000)
