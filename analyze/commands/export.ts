import { defineCommand, EXIT } from '../../schema/command-line/command.js'
import { choice, list, text } from '../../schema/command-line/option.js'
import { streamOutput } from '../../schema/command-line/output-file.js'
import { settings } from '../../schema/command-line/settings.js'
import { UsageError } from '../../schema/command-line/errors.js'
import { DEFAULT_LANGUAGE, LANGUAGES } from '../../schema/words/languages.js'
import { shown } from '../../schema/command-line/shown.js'
import { RANGE } from './range.js'

const FORMATS = ['ndjson', 'csv', 'parquet'] as const

export const exportRecords = defineCommand({
  name: 'export',
  summary: 'records of a selection, as NDJSON, CSV or Parquet',
  about: 'Oldest first, in flat memory. No cell of the CSV is a formula.',
  options: {
    ...settings('store'),
    ...RANGE,
    filter: list({
      description:
        'only records of this value: status=403; again for another; not.host=… for all but one; * stands for anything, also for a comma',
      placeholder: 'NAME=VALUE',
    }),
    fields: text({ description: 'fields with commas between; all by default', placeholder: 'NAMES' }),
    format: choice(FORMATS, {
      description: 'ndjson, csv or parquet; by the name of the file where it says so, else ndjson',
      placeholder: 'FORMAT',
    }),
    output: text({ description: 'the file to write; stdout by default', placeholder: 'FILE', short: 'o' }),
    lang: choice(LANGUAGES, {
      description: 'the language of what is said of a record',
      placeholder: 'L',
      default: DEFAULT_LANGUAGE,
    }),
  },
  examples: [
    { line: 'faultline export -o all.csv', says: 'everything, for a spreadsheet' },
    { line: 'faultline export -o all.parquet', says: 'everything, for DuckDB, ClickHouse, R2 SQL' },
    {
      line: 'faultline export --filter status=403 --filter host=www.example.com | jq .rayId',
      says: 'some, for a program',
    },
  ],
  async run({ store: url, from, to, filter = [], fields, format, output, lang }) {
    const { refuseUnknown, selectionOf, selectionParameters } = await import('../http/parameters.js')
    const { fieldsOf } = await import('../export/fields.js')
    const { exported } = await import('../export/stream.js')
    const { openStore } = await import('../../schema/open-store.js')
    const filters = filtersOf(filter)
    refuseUnknown(filters, Object.keys(selectionParameters))
    const wanted = fieldsOf(fields)
    if (format === 'parquet' && (output ?? '-') === '-' && process.stdout.isTTY)
      throw new UsageError('Parquet is not for a terminal: name a file with -o FILE.parquet, or send it to a program.')
    const store = await openStore(url, undefined, { toRead: true })
    try {
      const { counted, ...extent } = await store.records.extent()
      const selection = selectionOf({ ...filters, from, to }, extent)
      if (counted && selection.from < counted.to)
        process.stderr.write(
          `Records before ${new Date(counted.to).toISOString().slice(0, 10)} are gone by age, some at least: only counts of them remain, which no export has.\n`,
        )
      const named = FORMATS.find((one) => output?.toLowerCase().endsWith(`.${one}`))
      const question = { selection, format: format ?? named ?? 'ndjson', fields: wanted, lang }
      await streamOutput(output ?? '-', exported(store.records, question))
      return EXIT.done
    } finally {
      await store.close()
    }
  },
})

function filtersOf(given: readonly string[]): { [name: string]: string[] } {
  const filters: { [name: string]: string[] } = {}
  for (const one of given) {
    const equals = one.indexOf('=')
    if (equals < 1) throw new UsageError(`--filter takes NAME=VALUE, like status=403, not "${shown(one)}".`)
    const name = one.slice(0, equals)
    filters[name] = [...(filters[name] ?? []), one.slice(equals + 1)]
  }
  return filters
}
