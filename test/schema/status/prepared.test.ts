import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadCatalogue, readCatalogue } from '../../../schema/status/catalogue.js'
import { keepPrepared, preparedFiles } from '../../../schema/status/prepared.js'

let path: string
const folder = () => pathToFileURL(`${join(path, 'catalogue')}/`)
const kept = () => pathToFileURL(join(path, 'kept.json'))

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'faultline-prepared-'))
  mkdirSync(join(path, 'catalogue'))
  for (const name of ['522.yaml', 'shared.yaml']) writeFileSync(join(path, 'catalogue', name), 'code: 522\n')
  keepPrepared({ '522.yaml': { code: 522 }, 'shared.yaml': [] }, kept())
})
afterEach(() => rmSync(path, { recursive: true }))

it('the shipped catalogue says the same whether it was prepared or is read from its files', () => {
  const read = readCatalogue(new URL('../../../schema/status/catalogue/', import.meta.url))
  const shipped = loadCatalogue()
  expect(readdirSync(new URL('../../../schema/status/catalogue/', import.meta.url)).length).toBeGreaterThan(30)
  expect(shipped.codes).toEqual(read.codes)
  expect(shipped.latency).toEqual(read.latency)
  for (const code of [...read.codes, 419, 460, 598]) expect(shipped.causes(code)).toEqual(read.causes(code))
})

it('stands until a file is changed, added or taken away', () => {
  expect(preparedFiles(folder(), kept())).toEqual({ '522.yaml': { code: 522 }, 'shared.yaml': [] })
  const later = new Date(Date.now() + 5_000)
  utimesSync(join(path, 'catalogue', '522.yaml'), later, later)
  expect(preparedFiles(folder(), kept())).toBeNull()
})

it('a file that is gone, or none that was prepared', () => {
  rmSync(join(path, 'catalogue', 'shared.yaml'))
  expect(preparedFiles(folder(), kept())).toBeNull()
  expect(preparedFiles(folder(), pathToFileURL(join(path, 'none.json')))).toBeNull()
  writeFileSync(kept(), '{')
  expect(preparedFiles(folder(), kept())).toBeNull()
})
