/** faultline retention: what is kept, and what a limit would remove before it is set. */
import { defineCommand, EXIT } from '../../schema/command-line/command.js'
import { UsageError } from '../../schema/command-line/errors.js'
import { JSON_FLAG, list, number, whole } from '../../schema/command-line/option.js'
import { print, printJson } from '../../schema/command-line/print.js'
import { shown } from '../../schema/command-line/shown.js'
import { zoneLimitsOf } from '../../schema/store/zone-limits.js'
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
    countsDays: whole({ description: 'if counts stayed until they are so old', placeholder: 'N', minimum: 0 }),
    zones: list({
      description: 'if zones were kept for other times: ZONE=DAYS or ZONE=DAYS/COUNTS_DAYS, with commas between',
      placeholder: 'ZONES',
    }),
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
    { line: 'faultline retention --days 30 --counts-days 400', says: 'records for 30 days, counts for 400' },
  ],
  async run({ store: url, days = null, countsDays = null, zones: texts = [], gb = null, json }) {
    const zones = zoneLimitsOf(texts)
    if (typeof zones === 'string') throw new UsageError(shown(zones))
    const { previewRetention } = await import('../privacy/retention.js')
    const store = await openStore(url)
    try {
      const told = await previewRetention(store.records, { days, countsDays, zones, gb }, Date.now())
      if (json) {
        printJson(told)
        return EXIT.done
      }
      const { records, used, from, to, counted, removal, overfull } = told
      print(`In use: ${inGb(used)}, ${records} records${from === null ? '' : ` from ${from} to ${String(to)}`}.\n`)
      if (counted !== null)
        print(`Of ${counted.records} records from ${counted.from} to ${counted.to} that are gone, counts remain.\n`)
      if (removal !== null) {
        const stay = removal.countsStay ? ', less what the counts take that stay' : ''
        print(
          `Would remove records before ${removal.before}: ${removal.records} records, about ${inGb(removal.bytes)}${stay}.\n`,
        )
        if (removal.zones.length > 1 || zones.size > 0)
          for (const { zone, records: n, days: of, bytes } of removal.zones)
            print(
              `  ${zone === '' ? 'without a zone' : shown(zone)}: ${n} records of ${of} days, about ${inGb(bytes)}\n`,
            )
      }
      if (removal === null && overfull) print('Would remove nothing: the last day alone takes more, and it stays.\n')
      else if (removal === null && (days !== null || gb !== null || zones.size > 0)) print('Would remove nothing.\n')
      return EXIT.done
    } finally {
      await store.close()
    }
  },
})
