/** Told to stop, the service ends, whatever was sent to it before. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import zlib from 'node:zlib'
import { expect, test } from 'vitest'
import { ended, listening, newFolder, start } from './command.js'

/** Of what lies behind the damage nothing is read, and there is more of it than is taken at a time. */
const BEHIND = 8_000_000
const noise = randomBytes(BEHIND).toString('base64')
const line = `{"EdgeStartTimestamp":"2026-05-20T12:00:00Z","EdgeResponseStatus":200,"RayID":"0123456789abcdef"}\n`

test.each([
  ['gzip that is damaged early', zlib.gzipSync(noise).fill(0xff, 90_000, 90_100), 'CORRUPT'],
  ['a form of what is no log', formOf(zlib.gzipSync(noise)), 'NOT_NDJSON'],
  ['a gzip that is no log', zlib.gzipSync(noise.replaceAll(/.{80}/g, '$&\n')), 'NOT_NDJSON'],
])('%s', async (_, body, code) => {
  const child = start(['serve', '--port', '0', '--store', `sqlite:${join(newFolder(), 'a.sqlite')}`])
  const end = ended(child)
  const url = await listening(child)
  const refused = await fetch(`${url}/api/v1/logs`, { method: 'POST', body: new Uint8Array(body) })
  expect(await refused.json()).toMatchObject({ code })
  const taken = await fetch(`${url}/api/v1/logs`, { method: 'POST', body: line })
  expect(await taken.json()).toMatchObject({ stored: 1 })
  child.kill('SIGTERM')
  expect((await end).status).toBe(0)
})

function formOf(bytes: Buffer): Buffer {
  const head = '--b\r\nContent-Disposition: form-data; name="a"; filename="a.gz"\r\n\r\n'
  return Buffer.concat([Buffer.from(head), bytes, Buffer.from('\r\n--b--\r\n')])
}
