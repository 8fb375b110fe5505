/** The audit log is append-only in the file itself: also for whoever opens it with another program. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { openToWrite, type Connection } from '../../../schema/sqlite/database.js'
import { auditTable } from '../../../schema/sqlite/ledger/audit.js'

const folder = mkdtempSync(join(tmpdir(), 'faultline-audit-'))
let db: Connection
let files = 0
beforeEach(() => {
  db?.close()
  db = openToWrite(join(folder, `${++files}.sqlite`))
  const entry = { actor: 'ada', role: null, address: null, target: null, outcome: 'done' as const, detail: null }
  auditTable(db).append([1, 2, 3].map((time) => ({ ...entry, time, action: `a.${time}` })))
})
afterAll(() => {
  db.close()
  rmSync(folder, { recursive: true })
})

const entries = () => db.prepare('select time, actor from audit order by id').raw().all()
const ALL = [
  [1, 'ada'],
  [2, 'ada'],
  [3, 'ada'],
]

test.each([
  "update audit set actor = 'bob' where time = 2",
  'update audit set time = 0',
  'delete from audit where time = 1',
  'delete from audit',
  "insert or replace into audit (id, time, actor, action, outcome, detail) values (1, 9, 'bob', 'x', 'done', 'null')",
  'update audit_floor set time = -9223372036854775808',
  'delete from audit_floor',
  'insert into audit_floor values (99)',
])('%s is refused', (sql) => {
  db.pragma('recursive_triggers = on')
  expect(() => db.exec(sql)).toThrow(/append-only/)
  expect(entries()).toEqual(ALL)
})

test('what is older than the floor may go, and the floor never comes down', () => {
  const audit = auditTable(db)
  expect(audit.expire(2)).toBe(1)
  expect(entries()).toEqual(ALL.slice(1))
  expect(audit.expire(1)).toBe(0)
  expect(() => db.exec('update audit_floor set time = 1')).toThrow(/append-only/)
})
