import { defineCommand, EXIT } from '../command-line/command.js'
import { print } from '../command-line/print.js'
import { settings } from '../command-line/settings.js'
import { shown } from '../command-line/shown.js'
import { engineOf } from '../open-store.js'
import { StoreError } from '../store/store-error.js'
import { shownUrl } from '../store/shown-url.js'

export const restore = defineCommand({
  name: 'restore',
  summary: 'a store from a backup, compared with it figure by figure',
  arguments: [{ name: 'file', needs: 'the name of the backup' }],
  options: settings('store'),
  examples: [{ line: 'faultline restore copy.sqlite --store sqlite:data/again.sqlite', says: 'never over a store' }],
  async run({ store }, [file]) {
    const { restore: fill } = await engineOf(store)
    if (!fill)
      throw new StoreError('STORE_URL', `${shownUrl(store)} is restored by its own engine; this is for sqlite:PATH.`)
    const { records, compared } = await fill(store, file)
    print(
      `Restored ${records} records from ${shown(file)} to ${shown(shownUrl(store))}; ${compared} figures compared.\n`,
    )
    return EXIT.done
  },
})
