import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { readPair } from '../../../dashboard/access/tls.js'
import { needs } from '../../needs.js'
import { startService, type TestService } from '../service.js'

let service: TestService | undefined
afterEach(async () => {
  await service?.stop()
  service = undefined
})

const folder = mkdtempSync(join(tmpdir(), 'faultline-tls-'))
const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }

function make(name: string): { cert: string; key: string } {
  const made = { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) }
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '1',
      '-subj',
      `/CN=${name}`,
    ].concat(['-out', made.cert, '-keyout', made.key]),
    { stdio: 'ignore' },
  )
  return made
}
function use(made: { cert: string; key: string }): void {
  copyFileSync(made.cert, files.cert)
  copyFileSync(made.key, files.key)
}

/** The name on the certificate of a new connection, and the status of the answer. */
const ask = (url: string): Promise<[name: string, status: number | undefined]> =>
  new Promise((resolve, reject) => {
    request(`${url}/healthz`, { rejectUnauthorized: false, agent: false }, (response) => {
      const name = String((response.socket as TLSSocket).getPeerCertificate().subject.CN)
      response.resume()
      resolve([name, response.statusCode])
    })
      .on('error', reject)
      .end()
  })

describe.skipIf(!needs('openssl', 'openssl'))('TLS by files', () => {
  it('is spoken with the certificate, with the next one when it changes, and with the old one where the new is none', async () => {
    use(make('first'))
    const second = make('second')
    service = await startService({ tls: { ...files, lookMs: 20 } })
    expect(service.url).toMatch(/^https:/)
    expect(await ask(service.url)).toEqual(['first', 200])
    writeFileSync(files.cert, 'half a certif')
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(await ask(service.url)).toEqual(['first', 200])
    use(second)
    await expect.poll(() => ask((service as TestService).url)).toEqual(['second', 200])
  })

  it('does not start with what is no pair, and says so', () => {
    const [one, other] = [make('one'), make('other')]
    expect(() => readPair({ cert: one.cert, key: other.key })).toThrow('are no certificate with its key')
    expect(() => readPair({ cert: join(folder, 'nowhere'), key: one.key })).toThrow('cannot be read (ENOENT)')
  })
})
