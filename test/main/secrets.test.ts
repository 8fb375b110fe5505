import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkNotifier } from '../../analyze/alerts/notices/check-notifier.js'
import { openStore } from '../../schema/open-store.js'
import { openKeys } from '../../schema/store/secrets/keys.js'
import { sealSecrets } from '../../schema/store/secrets/sealed-notifiers.js'
import { faultline, newFolder } from './command.js'

const KEY = 'a key of the house with more than 32 characters'
const settings = { url: 'https://hooks.example.com/secret' }

async function notifiersOf(path: string, given: string | null = null) {
  const store = await openStore(`sqlite:${path}`)
  const { notifiers } = await sealSecrets(store.alerts, openKeys({ given, file: `${path}.key` })).load()
  await store.close()
  return notifiers.map((n) => n.unreadable ?? n.secrets)
}

describe('faultline secrets rotate', () => {
  it('puts a new key in the file beside the store; then to the key of the setting', async () => {
    const path = join(newFolder(), 'f.sqlite')
    const store = await openStore(`sqlite:${path}`)
    await store.alerts.putNotifier(checkNotifier({ name: 'n', type: 'webhook', settings }, null).notifier, Date.now())
    await store.close()

    const first = await faultline(['secrets', 'rotate', '--store', `sqlite:${path}`])
    expect([first.status, first.stderr]).toEqual([0, ''])
    expect(first.stdout).toBe('The secrets of 1 notifier rest under the new key.\n')
    const key = readFileSync(`${path}.key`, 'utf8')
    await faultline(['secrets', 'rotate', '--store', `sqlite:${path}`])
    expect(readFileSync(`${path}.key`, 'utf8')).not.toBe(key)
    expect(await notifiersOf(path)).toEqual([settings])

    const moved = await faultline(['secrets', 'rotate', '--store', `sqlite:${path}`], {
      env: { FAULTLINE_SECRET_KEY: KEY },
    })
    expect(moved.stdout).toContain(`The key file ${path}.key opens nothing any more: remove it.`)
    rmSync(`${path}.key`)
    expect(await notifiersOf(path, KEY)).toEqual([settings])
    expect(existsSync(`${path}.key`)).toBe(false)
  })

  it('exit 1 where no key here opens something, 2 where the key is too short', async () => {
    const path = join(newFolder(), 'f.sqlite')
    const store = await openStore(`sqlite:${path}`)
    const sealed = sealSecrets(store.alerts, openKeys({ given: KEY, file: null }))
    await sealed.putNotifier(checkNotifier({ name: 'pager', type: 'webhook', settings }, null).notifier, Date.now())
    await store.close()
    const missed = await faultline(['secrets', 'rotate', '--store', `sqlite:${path}`])
    expect(missed.status).toBe(1)
    expect(missed.stdout).toContain('No key here opens those of pager')
    const short = await faultline(['secrets', 'rotate', '--store', `sqlite:${path}`], {
      env: { FAULTLINE_SECRET_KEY: 'short' },
    })
    expect([short.status, short.stderr]).toEqual([2, expect.stringContaining('FAULTLINE_SECRET_KEY')])
    expect(short.stderr).not.toContain('"short"')
  })
})
