/** The list of engines: a folder and a line in it are all that an engine needs. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ENGINES, openStore } from '../../schema/open-store.js'
import type { EngineEntry } from '../../schema/store/engine.js'
import type { Store } from '../../schema/store/store.js'

describe('an engine that was added to the list', () => {
  const opened: string[] = []
  let loads = 0
  const memory: EngineEntry = {
    scheme: 'memory+test',
    form: 'memory+test://HOST (nothing is kept)',
    load: async () => {
      loads++
      return {
        open: async (url) => {
          opened.push(url)
          return { url } as Store
        },
      }
    },
  }
  const engines = [...ENGINES, memory]

  it('opens the URLs of its scheme, and is loaded only then', async () => {
    await expect(openStore('sqlite:', engines)).rejects.toMatchObject({ code: 'STORE_URL' })
    expect(loads).toBe(0)
    await openStore('Memory+Test://a:b@host', engines)
    expect([loads, opened]).toEqual([1, ['Memory+Test://a:b@host']])
  })

  it('is named among the possible ones', async () => {
    await expect(openStore('mysql://ada:s3cret@db/logs', engines)).rejects.toMatchObject({
      code: 'STORE_URL',
      message: expect.stringMatching(/^(?!.*s3cret).*sqlite:PATH.*memory\+test:\/\/HOST/s),
    })
  })
})

it('no engine is read before a store of its kind is opened', () => {
  const source = readFileSync(new URL('../../schema/open-store.ts', import.meta.url), 'utf8')
  expect(source).not.toMatch(/^import .*\.\/(?!store\/)/m)
})

it('each engine has a scheme of its own and says what its URLs look like', () => {
  expect(new Set(ENGINES.map(({ scheme }) => scheme)).size).toBe(ENGINES.length)
  for (const { scheme, form } of ENGINES) expect(form.startsWith(`${scheme}:`)).toBe(true)
})
