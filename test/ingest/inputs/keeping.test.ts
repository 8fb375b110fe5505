/** The file of inputs changes while the service runs. */
import { describe, expect, it } from 'vitest'
import type { Follower } from '../../../ingest/inputs/following.js'
import { keepJobs } from '../../../ingest/inputs/keeping.js'
import type { ConfiguredJob } from '../../../ingest/plugin.js'
import { startService } from '../../app/service.js'

const job = (settings: object): ConfiguredJob => ({ name: 'bucket', input: {} as ConfiguredJob['input'], settings })
const A = job({ url: 's3://a', secretAccessKey: 'one' })
const NEW_SECRET = job({ url: 's3://a', secretAccessKey: 'two' })
const B = job({ url: 's3://b', secretAccessKey: 'one' })

function kept(first: readonly ConfiguredJob[]) {
  const events: string[] = []
  const said: string[] = []
  let file: readonly ConfiguredJob[] | Error = first
  const start = ({ settings }: ConfiguredJob): Follower => {
    const { url, secretAccessKey } = settings as { url: string; secretAccessKey: string }
    const text = `${url} with ${secretAccessKey}`
    events.push(`start ${text}`)
    return {
      input: 'bucket',
      job: url,
      state: { state: 'working', since: 0 },
      stop: async () => void events.push(`stop ${text}`),
    }
  }
  const read = () => {
    if (file instanceof Error) throw file
    return file
  }
  const jobs = keepJobs(
    first,
    { read, onProblem: ({ message }) => said.push(message), now: () => 7, lookMs: 1e6 },
    start,
  )
  const write = (next: readonly ConfiguredJob[] | Error) => {
    file = next
    events.length = 0
    return jobs.look()
  }
  return { jobs, events, said, write }
}

describe('a file of inputs that changes', () => {
  it('starts what came, stops what went, and leaves alone what stayed', async () => {
    const { jobs, events, write } = kept([A])
    const [before] = jobs.followers
    await write([A, B])
    expect([events, jobs.followers[0] === before]).toEqual([['start s3://b with one'], true])
    await write([B])
    expect([events, jobs.followers.map((one) => one.job)]).toEqual([['stop s3://a with one'], ['s3://b']])
    await jobs.stop()
    expect(events.at(-1)).toBe('stop s3://b with one')
    await write([A])
    expect(events).toEqual([])
  })
  it('takes a new secret: the job with the old one ends before it begins', async () => {
    const { jobs, events, write } = kept([A])
    await write([NEW_SECRET])
    expect(events).toEqual(['stop s3://a with one', 'start s3://a with two'])
    await jobs.stop()
  })
  it('that is not right changes nothing and is told once, until it is right again', async () => {
    const { jobs, events, said, write } = kept([A])
    await write(new Error('line 2: no YAML'))
    await jobs.look()
    expect([events, said, jobs.problem]).toEqual([[], ['line 2: no YAML'], { since: 7, message: 'line 2: no YAML' }])
    expect(jobs.followers).toHaveLength(1)
    await write([A])
    expect([events, jobs.problem]).toEqual([[], null])
    await jobs.stop()
  })
  it('is told by GET /api/v1/inputs', async () => {
    const service = await startService()
    try {
      expect((await service.get('/api/v1/inputs')).body.fileProblem).toBe(null)
    } finally {
      await service.stop()
    }
  })
})
