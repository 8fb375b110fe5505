/** A row that a change gives back is one that is stored. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { Database } from '../../../schema/sqlite/driver/index.js'
import { returned } from '../../../schema/sqlite/returned.js'

it('throws where the commit fails, which `get` of the driver is silent about', () => {
  const db = new Database(':memory:')
  db.exec(`create table owner (id integer primary key);
    create table thing (owner integer references owner (id) deferrable initially deferred)`)
  // what fails with the commit only, as a disk does
  const insert = db.prepare('insert into thing values (?) returning owner')
  expect(insert.get(1)).toEqual({ owner: 1 })
  expect(db.prepare('select count(*) from thing').pluck().get()).toBe(0)
  expect(() => returned(insert, 1)).toThrow('FOREIGN KEY')
  db.exec('insert into owner values (1)')
  expect(returned(insert, 1)).toEqual({ owner: 1 })
  expect(returned(db.prepare('delete from thing where owner = ? returning owner'), 2)).toBeUndefined()
})

it('is asked for in no other way', () => {
  const folder = fileURLToPath(new URL('../../../schema/sqlite', import.meta.url))
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ts') && !path.includes('node_modules'),
  )
  let seen = 0
  for (const file of files) {
    const text = readFileSync(join(folder, file), 'utf8')
    for (const [, name] of text.matchAll(/const (\w+) = [\w.]*db\.prepare\(\s*[`'](?:(?![`']\)).)*\breturning\b/gs)) {
      seen++
      expect(text, `${file}: ${name}`).not.toMatch(new RegExp(`\\b${name}(\\.pluck\\(\\))?\\.get\\(`))
    }
    expect(text, file).not.toMatch(/\breturning [^`']*[`']\)(\.pluck\(\))?\.get\(/)
  }
  expect(seen).toBeGreaterThan(5)
})
