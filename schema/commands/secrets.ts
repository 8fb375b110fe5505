import { defineCommand, EXIT, type CommandGroup } from '../command-line/command.js'
import { OutsideError } from '../command-line/errors.js'
import { print } from '../command-line/print.js'
import { settings } from '../command-line/settings.js'
import { shown } from '../command-line/shown.js'
import { openStore } from '../open-store.js'
import { keyFileOf, SecretsError } from '../store/secrets/keys.js'
import { rotateSecrets, type Rotation } from '../store/secrets/rotate.js'

const rotate = defineCommand({
  name: 'rotate',
  summary: 'secrets rest under a new key, and the old one opens nothing any more',
  about:
    'The key is in a file beside the store, which gets a new one. Where FAULTLINE_SECRET_KEY gives it, put the new key\n' +
    'there first and the old one behind it, with a comma between; after this command the old one can go. The service\n' +
    'goes on meanwhile.',
  options: settings('store', 'secretKey'),
  examples: [
    { line: 'faultline secrets rotate', says: 'a new key in the file beside the store' },
    { line: 'FAULTLINE_SECRET_KEY=NEW,OLD faultline secrets rotate', says: 'from one key of the setting to another' },
  ],
  async run(options) {
    const store = await openStore(options.store)
    try {
      const source = { given: options.secretKey ?? null, file: keyFileOf(store.url) }
      const outcome = await rotateSecrets(store.alerts, source, Date.now())
      print(inWords(outcome))
      return outcome.unreadable.length > 0 ? EXIT.refused : EXIT.done
    } catch (error) {
      if (error instanceof SecretsError) throw new OutsideError(shown(error.message), { cause: error })
      throw error
    } finally {
      await store.close()
    }
  },
})

export const secrets: CommandGroup = {
  name: 'secrets',
  summary: 'the key under which secrets rest',
  commands: [rotate],
}

function inWords({ sealed, unreadable, key, needless }: Rotation): string {
  const lines = [`The secrets of ${sealed} ${sealed === 1 ? 'notifier' : 'notifiers'} rest under the new key.`]
  if (key === 'setting' && unreadable.length === 0) {
    lines.push('Only the first key of FAULTLINE_SECRET_KEY is needed from now on.')
  }
  if (needless !== null) lines.push(`The key file ${shown(needless)} opens nothing any more: remove it.`)
  if (unreadable.length > 0) {
    lines.push(
      `No key here opens those of ${unreadable.map(shown).join(', ')}: add their key behind the new one and run this again, or give the secrets again.`,
    )
  }
  return `${lines.join('\n')}\n`
}
