/** faultline privacy erase, destroy-key: what is stored of visitors goes. */
import { defineCommand, EXIT, type CommandGroup } from '../../schema/command-line/command.js'
import { OutsideError } from '../../schema/command-line/errors.js'
import { JSON_FLAG, text } from '../../schema/command-line/option.js'
import { print, printJson } from '../../schema/command-line/print.js'
import { settings } from '../../schema/command-line/settings.js'
import { openStore } from '../../schema/open-store.js'
import { addressKeyFileOf, destroyAddressKey } from '../../schema/store/secrets/address-key.js'

const erase = defineCommand({
  name: 'erase',
  summary: 'what is stored of a host, a visitor or a range, with its figures, for good',
  about:
    'What all fits that is given. Backups, frozen incidents, alerts and notices that were sent are copies that this does not\n' +
    'reach. The service may run meanwhile.',
  options: {
    ...settings('store'),
    host: text({ description: 'of this host', placeholder: 'NAME' }),
    client: text({ description: 'of this visitor, the address as it is stored', placeholder: 'ADDRESS' }),
    from: text({ description: 'from here on, ISO 8601 or epoch ms', placeholder: 'TIME' }),
    to: text({ description: 'up to here, excluded', placeholder: 'TIME' }),
    ...JSON_FLAG,
  },
  problems: ({ host, client, from, to }) =>
    host === undefined && client === undefined && from === undefined && to === undefined
      ? ['Say what to erase: --host, --client, --from, --to, or several of them.']
      : [],
  examples: [
    { line: 'faultline privacy erase --client 203.0.113.9', says: 'all that is stored of one visitor' },
    { line: 'faultline privacy erase --host old.example.com --to 2026-01-01', says: 'of one host, up to a day' },
  ],
  async run({ store: url, host, client, from, to, json }) {
    const { instant } = await import('../../analyze/http/parameters.js')
    const store = await openStore(url)
    try {
      if (store.records.erase === undefined)
        throw new OutsideError('This kind of store erases by age and by batch only.')
      const erased = await store.records.erase({
        host,
        clientIp: client,
        from: from === undefined ? undefined : instant(from, '--from'),
        to: to === undefined ? undefined : instant(to, '--to'),
      })
      await store.ledger.audit.append([
        {
          time: Date.now(),
          actor: 'command line',
          role: 'admin',
          address: null,
          action: 'records.erase',
          target: null,
          outcome: 'done',
          detail: { removed: erased.records },
        },
      ])
      if (json) printJson(erased)
      else print(`Erased ${erased.records} records and ${erased.samples} samples of rejected lines.\n`)
      return EXIT.done
    } finally {
      await store.close()
    }
  },
})

const destroyKey = defineCommand({
  name: 'destroy-key',
  summary: 'hashed addresses mean nobody any more',
  about: 'Stop the service first: it holds the key. With the next start it makes another one.',
  options: settings('store'),
  examples: [{ line: 'faultline privacy destroy-key', says: 'removes the key beside the store' }],
  async run({ store }) {
    const file = addressKeyFileOf(store)
    if (file === null || !destroyAddressKey(file))
      throw new OutsideError('There is no key of addresses beside this store.')
    print('The key is destroyed: hashes that are stored can not be traced back to addresses any more.\n')
    return EXIT.done
  },
})

export const privacy: CommandGroup = {
  name: 'privacy',
  summary: 'what is stored of visitors, and how it goes',
  commands: [erase, destroyKey],
}
