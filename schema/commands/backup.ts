import { defineCommand, EXIT } from '../command-line/command.js'
import { print } from '../command-line/print.js'
import { settings } from '../command-line/settings.js'
import { shown } from '../command-line/shown.js'
import { openStore } from '../open-store.js'

export const backup = defineCommand({
  name: 'backup',
  summary: 'a consistent copy of the store while it is in use',
  arguments: [{ name: 'file', needs: 'the name of the file to write' }],
  options: settings('store'),
  examples: [{ line: 'faultline backup copy.sqlite', says: 'copies the store; the service goes on meanwhile' }],
  async run(options, [file]) {
    const store = await openStore(options.store, undefined, { toRead: true })
    try {
      await store.backup(file)
      print(`Copied ${shown(store.url)} to ${shown(file)}\n`)
      return EXIT.done
    } finally {
      await store.close()
    }
  },
})
