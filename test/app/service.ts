/** A whole Faultline for a test: a real store in a folder of its own, real HTTP on a free port. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { buildApp, type AppOptions } from '../../app.js'
import { createReaderPool } from '../../ingest/reader/pool.js'
import { openStore } from '../../schema/open-store.js'
import type { EngineSettings } from '../../schema/store/engine.js'
import type { Store } from '../../schema/store/store.js'

export interface TestService {
  url: string
  folder: string
  store: Store
  app: FastifyInstance
  get(path: string, headers?: { [name: string]: string }): Promise<{ status: number; body: any; headers: Headers }> // oxlint-disable-line typescript/no-explicit-any
  post(
    path: string,
    body: BodyInit,
    headers?: { [name: string]: string },
  ): Promise<{ status: number; body: any; headers: Headers }> // oxlint-disable-line typescript/no-explicit-any
  /** JSON */
  send(method: string, path: string, body?: object): Promise<{ status: number; body: any; headers: Headers }> // oxlint-disable-line typescript/no-explicit-any
  stop(): Promise<void>
}

export async function startService(
  options: Partial<AppOptions> = {},
  settings: EngineSettings = {},
): Promise<TestService> {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-app-'))
  const store = await openStore(`sqlite:${join(folder, 'faultline.sqlite')}`, undefined, settings)
  const readers = createReaderPool()
  const app = await buildApp({ store, readers, access: { token: null, allowedHosts: [] }, ...options })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const answer = async (response: Response) => {
    const text = await response.text()
    const isJson = (response.headers.get('content-type') ?? '').includes('application/json')
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
  }
  return {
    url,
    folder,
    store,
    app,
    get: async (path, headers) => answer(await fetch(url + path, { headers, redirect: 'manual' })),
    post: async (path, body, headers) =>
      answer(
        await fetch(url + path, { method: 'POST', body, headers, redirect: 'manual', duplex: 'half' } as RequestInit),
      ),
    send: async (method, path, body) =>
      answer(
        await fetch(url + path, {
          method,
          ...(body === undefined
            ? {}
            : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
        }),
      ),
    async stop() {
      await app.close()
      await readers.close()
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
