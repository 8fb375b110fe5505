/** Open batches whose process is gone, and those whose process is not. */
import { mkdtempSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Writer } from '../../../schema/sqlite/writer.js'
import { blockOf, progress, sample } from '../../contract/sample-records.js'

const folder = mkdtempSync(join(tmpdir(), 'faultline-owners-'))
afterAll(() => rmSync(folder, { recursive: true }))

const ANOTHER_MINUTE = 61_000
/** above the largest number that Linux gives to a process */
const NO_PROCESS = 2 ** 22 + 1

/** What becomes of a batch whose owner is said to be this one. */
function stateWith(
  name: string,
  owner: { host?: string; pid?: number; silentMs?: number },
  living: string[] = [],
): string {
  const path = join(folder, `${name}.sqlite`)
  const first = new Writer(path, 'first')
  const { value: batch } = first.open({ input: 'upload', name: null })
  first.db
    .prepare('update owner set host = ?, pid = ?, seen_at = seen_at - ?')
    .run(owner.host ?? hostname(), owner.pid ?? process.pid, owner.silentMs ?? 0)
  const second = new Writer(path, 'second')
  second.abandonDead(living)
  const state = second.db.prepare('select state from batch where id = ?').pluck().get(batch) as string
  first.dispose()
  second.dispose()
  return state
}

test('a process of this machine is looked for', () => {
  expect(stateWith('gone', { pid: NO_PROCESS })).toBe('aborted')
  expect(stateWith('running', { pid: process.ppid })).toBe('open')
})

test("our own process number from before a restart is nobody's, unless a store of this process has it", () => {
  expect(stateWith('restarted', {})).toBe('aborted')
  expect(stateWith('beside', {}, ['first', 'second'])).toBe('open')
})

test('of another machine only silence tells', () => {
  expect(stateWith('elsewhere', { host: 'other', pid: NO_PROCESS })).toBe('open')
  expect(stateWith('silent', { host: 'other', pid: NO_PROCESS, silentMs: ANOTHER_MINUTE })).toBe('aborted')
})

test('an owner taken for dead that writes again has its batch back', () => {
  const path = join(folder, 'back.sqlite')
  const first = new Writer(path, 'first')
  const { value: batch } = first.open({ input: 'upload', name: null })
  first.db.exec('update owner set seen_at = 0')
  const second = new Writer(path, 'second')
  second.abandonDead([])
  first.write(batch, { number: 1, blocks: [blockOf([sample({})])], rejected: [], progress: progress(1) })
  expect(first.close(batch, 'complete', progress(1), null).value).toMatchObject({
    state: 'complete',
    message: null,
    stored: 1,
  })
  first.dispose()
  second.dispose()
})

test('a batch that was deleted while it was written says so', () => {
  const writer = new Writer(join(folder, 'deleted.sqlite'), 'first')
  const { value: batch } = writer.open({ input: 'upload', name: null })
  writer.delete(batch)
  const part = () =>
    writer.write(batch, { number: 1, blocks: [blockOf([sample({})])], rejected: [], progress: progress(1) })
  expect(part).toThrowError(expect.objectContaining({ code: 'BATCH_GONE' }))
  writer.dispose()
})
