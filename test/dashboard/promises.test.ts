/** The tests that the README names beside what the page promises are there. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const FOLDER = new URL('./', import.meta.url)
const readme = readFileSync(new URL('README.md', FOLDER), 'utf8')

/** `browser/take.test.ts` "one", "another"; of another room from `test` on */
const named = [...readme.matchAll(/`([\w/-]+\.test\.ts)` ("[^"]+"(?:, "[^"]+")*)/g)].flatMap(([, file, names]) =>
  [...names.matchAll(/"([^"]+)"/g)].map(([, name]) => [file, name] as const),
)
const sourceOf = (file: string): string =>
  readFileSync(new URL(/^(app|main)\//.test(file) ? `../${file}` : file, FOLDER), 'utf8')

it('names a test for every promise', () => {
  const rows = readme
    .split('## What the page promises')[1]
    .split('\n')
    .filter((line) => line.startsWith('| '))
  expect(rows.length).toBeGreaterThan(20)
  for (const row of rows.slice(2)) expect(row).toMatch(/\.test\.ts` "/)
})

it.each(named)('%s: %s', (file, name) => expect(sourceOf(file)).toContain(name))
