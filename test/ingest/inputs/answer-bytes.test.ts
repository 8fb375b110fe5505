/** Bytes of an answer end whole, or in an error that the pipeline takes for a sender that went away. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { answerBytes } from '../../../ingest/inputs/answer-bytes.js'
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
  expect(await silent.read()).toBe('half ECONNRESET: nothing came for 0 s')
  const cut = await answering((write, _end, cutOff) => {
    write('half')
    setTimeout(cutOff, 50)
  })
  expect(await cut.read()).toMatch(/^half ECONNRESET: /)
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
