/** Bytes of an answer end whole, or in an error that the pipeline takes for a sender that went away. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { HOUR } from '../../../schema/words/duration.js'
import { answerBytes } from '../../../ingest/inputs/answer-bytes.js'
import { FetchError } from '../../../ingest/inputs/input.js'
import { retryAfter } from '../../../ingest/inputs/job.js'
import { retryAfterMs } from '../../../ingest/inputs/retry-after.js'

async function answering(answer: (write: (text: string) => void, end: () => void, cut: () => void) => void) {
  const server = createServer((request, response) =>
    answer(
      (text) => response.write(text),
      () => response.end(),
      () => request.socket.destroy(),
    ),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { body } = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  return {
    async read(slowly = 0): Promise<string> {
      let text = ''
      try {
        for await (const chunk of answerBytes(body, 200)) {
          text += Buffer.from(chunk).toString()
          await pause(slowly)
        }
      } catch (error) {
        text += ` ${(error as NodeJS.ErrnoException).code}: ${(error as Error).message}`
      }
      server.closeAllConnections()
      server.close()
      return text
    },
  }
}

it('a sender that falls silent is left, one that is cut is told', async () => {
  const silent = await answering((write) => write('half'))
  expect(await silent.read()).toBe('half ECONNRESET: next to nothing came for 0 s')
  const cut = await answering((write, _end, cutOff) => {
    write('half')
    setTimeout(cutOff, 50)
  })
  expect(await cut.read()).toMatch(/^half ECONNRESET: /)
})

it('a sender that drips is left as one that is silent, one that is slow is not', async () => {
  const every = (text: string, write: (text: string) => void) => {
    const timer = setInterval(() => write(text), 20)
    setTimeout(() => clearInterval(timer), 2_000)
  }
  const dripping = await answering((write) => every('a', write))
  const started = performance.now()
  expect(await dripping.read()).toMatch(/^a+ ECONNRESET: next to nothing came/)
  expect(performance.now() - started).toBeLessThan(1_500)
  const slow = await answering((write, end) => {
    every('b'.repeat(500), write)
    setTimeout(end, 700)
  })
  expect(await slow.read()).toMatch(/^b+$/)
})

it('a reader that takes its time is no silence', async () => {
  const whole = await answering((write, end) => {
    write('whole')
    end()
  })
  expect(await whole.read(400)).toBe('whole')
})

it.each([
  ['120', 120_000],
  ['Thu, 01 Jan 1970 00:01:30 GMT', 60_000],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ['soon', null],
  [null, null],
])('Retry-After %s', (header, ms) => expect(retryAfterMs(header, 30_000)).toBe(ms))

it('nobody is waited for longer than an hour, whatever he asks for', () => {
  for (const ms of [
    HOUR + 1,
    Infinity,
    retryAfterMs('9'.repeat(400), 0),
    retryAfterMs('Fri, 31 Dec 9999 23:59:59 GMT', 0),
  ])
    expect(retryAfter(new FetchError('LOGPULL_TOO_OFTEN', 'Too often.', { retryMs: ms }), 1)).toBe(HOUR)
})
