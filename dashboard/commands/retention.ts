/** faultline retention: what is kept, and what a limit would remove before it is set. */
import { defineCommand, EXIT } from '../../schema/command-line/command.js'
import { JSON_FLAG, number, whole } from '../../schema/command-line/option.js'
import { print, printJson } from '../../schema/command-line/print.js'
import { settings } from '../../schema/command-line/settings.js'
import { openStore } from '../../schema/open-store.js'

const inGb = (bytes: number): string => `${(bytes / 1e9).toFixed(3)} GB`

export const retention = defineCommand({
  name: 'retention',
  summary: 'how much room the records take, and what a limit would remove',
  about:
    'Nothing is removed: it says what FAULTLINE_RETENTION_DAYS and FAULTLINE_RETENTION_GB would come to. The service may run\n' +
    'meanwhile.',
  options: {
    ...settings('store'),
    days: whole({ description: 'if records older than so many days were removed', placeholder: 'N', minimum: 1 }),
    gb: number({
      description: 'if the store took no more than so many GB (of 1,000,000,000 bytes)',
      placeholder: 'GB',
      exclusiveMinimum: 0,
    }),
    ...JSON_FLAG,
  },
  examples: [
    { line: 'faultline retention', says: 'how much is kept' },
    { line: 'faultline retention --gb 50', says: 'what would go if 50 GB were the limit' },
  ],
  async run({ store: url, days = null, gb = null, json }) {
    const { previewRetention } = await import('../privacy/retention.js')
    const store = await openStore(url)
    try {
      const told = await previewRetention(store.records, { days, gb }, Date.now())
      if (json) {
        printJson(told)
        return EXIT.done
      }
      const { records, used, from, to, removal, overfull } = told
      print(`In use: ${inGb(used)}, ${records} records${from === null ? '' : ` from ${from} to ${String(to)}`}.\n`)
      if (removal !== null)
        print(
          `Would remove records before ${removal.before}: ${removal.records} records, about ${inGb(removal.bytes)}.\n`,
        )
      else if (overfull) print('Would remove nothing: the last day alone takes more, and it stays.\n')
      else if (days !== null || gb !== null) print('Would remove nothing.\n')
      return EXIT.done
    } finally {
      await store.close()
    }
  },
})
