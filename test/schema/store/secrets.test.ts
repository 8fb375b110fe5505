/** Secrets of notifiers at rest: on real files, with real keys. */
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { StoredNotifier } from '../../../schema/store/alert-log.js'
import { openAlertLogHere, type OwnAlertLog } from '../sqlite/alert-log-of-file.js'
import { keyFileOf, openKeys, type KeySource } from '../../../schema/store/secrets/keys.js'
import { rotateSecrets } from '../../../schema/store/secrets/rotate.js'
import { open, seal } from '../../../schema/store/secrets/seal.js'
import { sealSecrets } from '../../../schema/store/secrets/sealed-notifiers.js'

const SECRET = 'https://hooks.example.com/services/very-secret-part'
const OLD = 'an old key of more than thirty-two characters'
const NEW = 'a newer key, also of more than thirty-two characters'.replace(',', '')

let folder: string
let path: string
let log: OwnAlertLog
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-secrets-'))
  path = join(folder, 'f.sqlite')
  log = openAlertLogHere(path)
})
afterEach(async () => {
  await log.close().catch(() => {})
  rmSync(folder, { recursive: true, force: true })
})

const file = () => `${path}.key`
const source = (given: string | null = null): KeySource => ({ given, file: file() })
const through = (from = source()) => sealSecrets(log, openKeys(from))
const notifier = (id: string, secrets: StoredNotifier['secrets'] = { url: SECRET, headers: { 'X-Key': 'k-1234' } }) =>
  ({
    id,
    name: id,
    type: 'webhook',
    enabled: true,
    language: 'en',
    timeZone: 'UTC',
    severities: [],
    matchers: [],
    sendResolved: true,
    groupBy: [],
    groupWait: 0,
    groupInterval: 0,
    repeatInterval: 0,
    settings: {},
    secrets,
  }) satisfies StoredNotifier

/** All bytes of the store and what lies beside it, but for the key file. */
const bytes = () =>
  readdirSync(folder)
    .filter((name) => !name.endsWith('.key'))
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('')

const secretsOf = async (from = source()) => (await through(from).load()).notifiers.map((n) => n.secrets)

describe('a sealed text', () => {
  const keys = openKeys({ given: OLD, file: null })

  it('opens for whom it was sealed, whatever it says, and is another one each time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, about) => {
        const sealed = seal(text, about, keys)
        expect(open(sealed, about, keys)).toBe(Buffer.from(text).toString())
        expect(seal(text, about, keys)).not.toBe(sealed)
      }),
    )
  })

  it('opens for nobody else, with no other key, and not when a letter of it was changed', () => {
    const sealed = seal(SECRET, 'n1', keys)
    expect(() => open(sealed, 'n2', keys)).toThrow('changed since')
    expect(() => open(sealed, 'n1', openKeys({ given: NEW, file: null }))).toThrow('a key that is not here')
    const parts = sealed.split('.')
    for (const i of [2, 3, 4]) {
      const other = parts.with(i, `${parts[i][0] === 'A' ? 'B' : 'A'}${parts[i].slice(1)}`).join('.')
      expect(() => open(other, 'n1', keys)).toThrow('changed since')
    }
    expect(() => open('v1.nonsense', 'n1', keys)).toThrow()
  })

  it('asks for keys that cannot be guessed', () => {
    expect(() => openKeys({ given: 'short', file: null })).toThrow('at least 32 characters')
    expect(() => openKeys({ given: `${NEW},short`, file: null })).toThrow('at least 32 characters')
    expect(() => openKeys({ given: null, file: null }).current()).toThrow('FAULTLINE_SECRET_KEY')
  })
})

describe('the secrets of a notifier', () => {
  it('rest in the file as nobody can read them, and come out as they went in', async () => {
    await through().putNotifier(notifier('a'), 1)
    expect(await secretsOf()).toEqual([notifier('a').secrets])
    expect(JSON.stringify((await log.load()).notifiers)).not.toMatch(/very-secret|k-1234/)
    expect(bytes()).not.toMatch(/very-secret|k-1234/)
  })

  it('rest under a key of their own file, made on first use for its owner alone', async () => {
    expect(existsSync(file())).toBe(false)
    await through().load()
    expect(existsSync(file())).toBe(false)
    await through().putNotifier(notifier('a'), 1)
    expect(statSync(file()).mode & 0o777).toBe(0o600)
    chmodSync(file(), 0o644)
    expect(await secretsOf()).toEqual([notifier('a').secrets])
    expect(statSync(file()).mode & 0o777).toBe(0o600)
  })

  it('are sealed at once where an older version left them as they were given, and nothing of that stays in the file', async () => {
    await log.putNotifier(notifier('a'), 1)
    await log.putNotifier(notifier('b', {}), 1)
    expect(bytes()).toContain('very-secret')
    expect(await through().sealOld(2)).toBe(1)
    expect(await through().sealOld(3)).toBe(0)
    expect(await secretsOf()).toEqual([notifier('a').secrets, {}])
    await log.close()
    expect(bytes()).not.toMatch(/very-secret|k-1234/)
  })

  it('that no key opens are missed by themselves, and say what to do; the others go on', async () => {
    await through(source(OLD)).putNotifier(notifier('a'), 1)
    await through(source(NEW)).putNotifier(notifier('b'), 1)
    const [a, b] = (await through(source(NEW)).load()).notifiers
    expect(a).toMatchObject({ secrets: {}, unreadable: expect.stringContaining('FAULTLINE_SECRET_KEY') })
    expect(b).toMatchObject({ secrets: notifier('b').secrets })
    // given again they rest under the new key
    await through(source(NEW)).putNotifier({ ...a, secrets: { url: SECRET } }, 2)
    expect(await secretsOf(source(NEW))).toEqual([{ url: SECRET }, notifier('b').secrets])
  })

  it('are not lost when the key file cannot be written: nothing is stored then', async () => {
    const nowhere = { given: null, file: join(folder, 'missing', 'f.key') }
    await expect(async () => through(nowhere).putNotifier(notifier('a'), 1)).rejects.toThrow('FAULTLINE_SECRET_KEY')
    expect((await log.load()).notifiers).toEqual([])
  })
})

describe('a rotation', () => {
  it('of the file puts everything under a new key; the old one opens nothing any more', async () => {
    await through().putNotifier(notifier('a'), 1)
    await through().putNotifier(notifier('b'), 1)
    const before = readFileSync(file(), 'utf8')
    expect(await rotateSecrets(log, source(), 2)).toEqual({ sealed: 2, unreadable: [], key: 'file', needless: null })
    expect(readFileSync(file(), 'utf8')).not.toBe(before)
    expect(readFileSync(file(), 'utf8').trim().split('\n')).toHaveLength(1)
    expect(statSync(file()).mode & 0o777).toBe(0o600)
    expect(await secretsOf()).toEqual([notifier('a').secrets, notifier('b').secrets])
    writeFileSync(file(), before)
    expect((await through().load()).notifiers.every((n) => n.unreadable !== undefined)).toBe(true)
  })

  it('is seen by a service that runs', async () => {
    const running = through()
    await running.putNotifier(notifier('a'), 1)
    await rotateSecrets(log, source(), 2)
    expect((await running.load()).notifiers[0].secrets).toEqual(notifier('a').secrets)
    await running.putNotifier(notifier('b'), 3)
    expect(await secretsOf()).toEqual([notifier('a').secrets, notifier('b').secrets])
  })

  it('that was cut off leaves everything readable, and can be begun again', async () => {
    for (const id of ['a', 'b', 'c']) await through().putNotifier(notifier(id), 1)
    let left = 1
    const dying = {
      ...log,
      putNotifier: (n: StoredNotifier, now: number) =>
        left-- > 0 ? log.putNotifier(n, now) : Promise.reject(new Error('killed')),
    }
    await expect(rotateSecrets(dying, source(), 2)).rejects.toThrow('killed')
    expect(await secretsOf()).toEqual(['a', 'b', 'c'].map((id) => notifier(id).secrets))
    expect(await rotateSecrets(log, source(), 3)).toMatchObject({ sealed: 3, unreadable: [] })
    expect(await secretsOf()).toEqual(['a', 'b', 'c'].map((id) => notifier(id).secrets))
    expect(readFileSync(file(), 'utf8').trim().split('\n')).toHaveLength(1)
  })

  it('from one key of the setting to another, and from the file to the setting', async () => {
    await through().putNotifier(notifier('a'), 1)
    expect(await rotateSecrets(log, source(OLD), 2)).toEqual({
      sealed: 1,
      unreadable: [],
      key: 'setting',
      needless: file(),
    })
    rmSync(file())
    expect(await secretsOf(source(OLD))).toEqual([notifier('a').secrets])
    await rotateSecrets(log, source(`${NEW},${OLD}`), 3)
    expect(await secretsOf(source(NEW))).toEqual([notifier('a').secrets])
    expect((await rotateSecrets(log, source(OLD), 4)).unreadable).toEqual(['a'])
  })
})

describe('the key file', () => {
  it('stands beside the store', () => {
    expect(keyFileOf('sqlite:data/faultline.sqlite')).toBe('data/faultline.sqlite.key')
    expect(keyFileOf('sqlite:///var/lib/f.sqlite')).toBe('/var/lib/f.sqlite.key')
    expect(keyFileOf('clickhouse://host/db')).toBeNull()
  })
})
