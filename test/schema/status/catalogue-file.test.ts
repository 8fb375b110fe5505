/** What a writer is told when a file of the catalogue is not as it must be. Real files in a folder of their own. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { packageRoot, findPackageRoot } from '../../../schema/runtime/package-root.js'
import { loadCatalogue, readCatalogue } from '../../../schema/status/catalogue.js'

const SHIPPED = new URL('schema/status/catalogue/', packageRoot)
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-catalogue-'))
  cpSync(SHIPPED, folder, { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const read = () => readCatalogue(pathToFileURL(`${folder}/`))

function edit(file: string, change: (text: string) => string): void {
  const path = join(folder, file)
  const before = readFileSync(path, 'utf8')
  const after = change(before)
  expect(after, 'the edit must change the file').not.toBe(before)
  writeFileSync(path, after)
}

function refusal(): { code?: string; message: string } {
  try {
    read()
  } catch (error) {
    return error as { code?: string; message: string }
  }
  throw new Error('the catalogue was accepted')
}

test('a copy of the shipped catalogue is accepted and says the same', () => {
  expect(read().statusEntry(403, 'zh')).toEqual(loadCatalogue().statusEntry(403, 'zh'))
})

describe('is refused with file, place and reason', () => {
  test.each<[string, string, (text: string) => string, RegExp[]]>([
    ['broken YAML', '404.yaml', (t) => t.replace('writtenBy: [', 'writtenBy: [['), [/404\.yaml, line \d+: /]],
    [
      'a missing language',
      '521.yaml',
      (t) => t.replace(/, zh: 源站已关闭/, ''),
      [/521\.yaml, title, line 3: must have required properties zh/],
    ],
    [
      'an empty text',
      '521.yaml',
      (t) => t.replace('源站已关闭', '" "'),
      [/521\.yaml, title\.zh, line 3: must not be empty/],
    ],
    [
      'an unknown field of a cause',
      '521.yaml',
      (t) => t.replace('    plausibility:', '    colour: red\n    plausibility:'),
      [/causes\.0\.colour, line \d+: there is no such field/],
    ],
    [
      'evidence on an unknown field',
      '521.yaml',
      (t) => t.replace('{ source: origin-failure }', '{ sauce: origin-failure }'),
      [/causes\.0\.when\.0\.sauce, line \d+: there is no such field/],
    ],
    [
      'an unknown writer',
      '521.yaml',
      (t) => t.replace('[ origin-failure ]', '[ somebody ]'),
      [/521\.yaml, writtenBy\.0, line 2: must be one of client, edge, origin, /],
    ],
    ['a link that is not https', '521.yaml', (t) => t.replaceAll('https://', 'http://'), [/521\.yaml, .*url/]],
    [
      'a cause under another code',
      '521.yaml',
      (t) => t.replace('id: 521/', 'id: 522/'),
      [/521\.yaml, causes\.0\.id, line \d+: a cause of 521 is called 521\/…/],
    ],
    [
      'a cause written twice',
      '530.yaml',
      (t) => t.replace('530/tunnel-down', '530/origin-dns'),
      [/530\.yaml, causes\.1\.id, line \d+: 530\/origin-dns is there twice/],
    ],
    [
      'plausibilities above certainty',
      '530.yaml',
      (t) => t.replace('plausibility: 0.25', 'plausibility: 0.4'),
      [/530\.yaml, causes, .*sum to 1\.100/],
    ],
    [
      'steps missing in one language',
      '418.yaml',
      (t) => t.replace(/ {8}- 如果真实访客.*\n/, ''),
      [/418\.yaml, causes\.0\.check\.zh/],
    ],
    [
      'another number of steps',
      '500.yaml',
      (t) => t.replace(/ {8}- 检查数据库及所依赖的服务.*\n/, ''),
      [/500\.yaml, causes\.0\.check, line \d+: the languages have 4, 4, 3 steps/],
    ],
    [
      "a code that is not the file's",
      '418.yaml',
      (t) => t.replace('code: 418', 'code: 419'),
      [/418\.yaml, code, line 1: the file of code 419 is 419\.yaml/],
    ],
    [
      'a shared cause without a range',
      'shared.yaml',
      (t) => t.replace('  codes: { from: 400, to: 498 }\n', ''),
      [/shared\.yaml, 1, line \d+: .*codes/],
    ],
    ['no words for unlisted codes', 'unlisted.yaml', () => '[]\n', [/unlisted\.yaml/]],
  ])('%s', (_, file, change, says) => {
    edit(file, change)
    const { code, message } = refusal()
    expect(code).toBe('CATALOGUE_INVALID')
    for (const pattern of says) expect(message).toMatch(pattern)
    expect(message).toMatch(/Correct the file and start again\.$/)
  })

  test('a missing shared file', () => {
    rmSync(join(folder, 'shared.yaml'))
    expect(refusal()).toMatchObject({
      code: 'CATALOGUE_INVALID',
      message: expect.stringMatching(/shared\.yaml: it cannot be read \(ENOENT/),
    })
  })

  test('a file with a name that means nothing', () => {
    writeFileSync(join(folder, '4o4.yaml'), 'code: 404\n')
    expect(refusal()).toMatchObject({
      code: 'CATALOGUE_INVALID',
      message: expect.stringMatching(/4o4\.yaml: files are named <code>\.yaml/),
    })
  })

  test('a folder that is not there', () => {
    rmSync(folder, { recursive: true })
    expect(refusal()).toMatchObject({
      code: 'CATALOGUE_INVALID',
      message: expect.stringMatching(/the folder cannot be read/),
    })
  })
})

describe('the data lies beside package.json', () => {
  test('seen from the sources and from the build', () => {
    expect(findPackageRoot(new URL('schema/runtime/package-root.ts', packageRoot).href).href).toBe(packageRoot.href)
    expect(findPackageRoot(new URL('dist/schema/runtime/package-root.js', packageRoot).href).href).toBe(
      packageRoot.href,
    )
    expect(JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8'))).toMatchObject({ name: 'faultline' })
  })

  test('without a package.json above, it says so', () => {
    expect(() => findPackageRoot(pathToFileURL(join(folder, 'dist/schema/runtime/package-root.js')).href)).toThrow(
      /No package\.json/,
    )
  })
})
