/** A service that is killed while small posts share a commit: what was answered 200 is there, once, and what is sent again too. */
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import type { ChildProcess } from 'node:child_process'
import type { Failpoint } from '../../schema/sqlite/failpoints.js'
import { listening, newFolder, start } from '../main/command.js'

const POSTS = 60
const LINES = 5

/** Post n: its own lines, and the first of the next one's. */
const body = (n: number) =>
  Array.from({ length: LINES + 1 }, (_, i) =>
    JSON.stringify({
      RayID: (n * LINES + i + 1).toString(16).padStart(16, '0'),
      EdgeStartTimestamp: '2026-05-20T14:05:00Z',
      EdgeResponseStatus: 200,
      ClientRequestURI: `/p/${n * LINES + i}`,
    }),
  ).join('\n')

let service: ChildProcess | undefined
afterEach(async () => {
  if (service?.exitCode === null && service.signalCode === null) {
    const gone = new Promise((resolve) => service?.once('exit', resolve))
    service.kill()
    await gone
  }
})

async function serve(path: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  service = start(['serve', '--port', '0', '--store', `sqlite:${path}`], env)
  return listening(service)
}

/** Posts all of them at once; those that were answered 200. */
async function postAll(url: string, numbers: readonly number[]): Promise<number[]> {
  const answers = await Promise.all(
    numbers.map((n) =>
      fetch(`${url}/api/v1/logs?job=${n % 3}`, { method: 'POST', body: body(n) }).then(
        (answer) => answer.status,
        () => null,
      ),
    ),
  )
  return numbers.filter((_, i) => answers[i] === 200)
}

async function recordsOf(url: string): Promise<string[]> {
  const answer = await fetch(`${url}/api/v1/export?format=ndjson&fields=rayId`)
  expect(answer.status).toBe(200)
  return (await answer.text())
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { rayId: string }).rayId)
}

const everything = Array.from({ length: POSTS }, (_, n) => n)
const rays = (numbers: readonly number[]) =>
  new Set(numbers.flatMap((n) => [...body(n).matchAll(/"RayID":"(\w+)"/g)].map(([, ray]) => ray)))

// before the commit and after it (the contract of stores stops at every step); the third passing is of those that waited together
it.each<Failpoint>(['take/records', 'take/committed'])('killed at %s', async (place) => {
  const path = join(newFolder(), 'faultline.sqlite')
  const url = await serve(path, { FAULTLINE_FAILPOINT: `sqlite/${place}#3` })
  const told = await postAll(url, everything)
  expect(told.length).toBeLessThan(POSTS)
  const again = await serve(path)
  const kept = await recordsOf(again)
  expect(new Set(kept).size).toBe(kept.length)
  for (const ray of rays(told)) expect(kept).toContain(ray)
  const untold = everything.filter((n) => !told.includes(n))
  expect(await postAll(again, untold)).toEqual(untold)
  const end = await recordsOf(again)
  expect(end.length).toBe(POSTS * LINES + 1)
  expect(new Set(end)).toEqual(rays(everything))
})
