import { defineCommand, EXIT } from '../../schema/command-line/command.js'
import { UsageError } from '../../schema/command-line/errors.js'
import { choice, text, whole } from '../../schema/command-line/option.js'
import { print } from '../../schema/command-line/print.js'
import { shown } from '../../schema/command-line/shown.js'
import { DAY, MINUTE } from '../../schema/words/duration.js'

const time = 'an ISO 8601 time or epoch milliseconds'

export const simulate = defineCommand({
  name: 'simulate',
  summary: 'believable logs with planted incidents, and the truth about them',
  about: 'A name that ends in .gz is compressed; - writes to stdout. Same seed and same options give the same bytes.',
  arguments: [{ name: 'file', needs: 'the name of the file to write, or - for stdout' }],
  options: {
    truth: text({ description: 'where the truth goes, as JSON', placeholder: 'FILE' }),
    lines: whole({
      description: 'requests in total',
      placeholder: 'N',
      takes: 'a whole number from 1 to 4,294,967,295',
      minimum: 1,
      maximum: 2 ** 32 - 1,
      default: 100_000,
    }),
    seed: text({ description: 'any text; 1 by default', placeholder: 'S' }),
    from: text({ description: 'start, a day before the end by default', placeholder: 'T', takes: time }),
    to: text({ description: 'end, excluded; now by default', placeholder: 'T', takes: time }),
    shape: choice(['all', 'status', 'logpull'], {
      description: 'fields: all 82, those that Faultline uses, or the nine that Logpull gives by default',
      placeholder: 'SHAPE',
      default: 'all',
    }),
    timestamps: choice(['unixnano', 'unix', 'rfc3339'], { description: 'how times are written', placeholder: 'FORM' }),
    incidents: choice(['none', 'demo'], { description: 'what is planted', placeholder: 'SET', default: 'demo' }),
    rhythm: choice(['flat', 'day', 'week'], { description: 'how traffic rises and falls', placeholder: 'R' }),
  },
  examples: [
    { line: 'faultline simulate day.ndjson.gz --truth day.json', says: 'the last day, and what was planted in it' },
    { line: 'faultline simulate - --lines 1000 | faultline ingest -', says: 'straight into the store' },
  ],
  async run(options, [file]) {
    const { truth: truthFile, ...rest } = options
    const { simulateFile } = await import('../simulate-file.js')
    const { instant, SimulateOptionError } = await import('../inputs/simulate/options.js')
    const moment = (given: string, name: string) => instant(/^\d+$/.test(given) ? Number(given) : given, name)
    try {
      const to = options.to === undefined ? wholeMinute(Date.now()) : moment(options.to, 'to')
      const from = options.from === undefined ? to - DAY : moment(options.from, 'from')
      const truth = await simulateFile(file, truthFile ?? null, { ...rest, from, to })
      print(
        `${truth.lines.toLocaleString('en')} lines from ${truth.from} to ${truth.to}, ${truth.incidents.length} incidents planted\n`,
        process.stderr,
      )
      return EXIT.done
    } catch (error) {
      if (error instanceof SimulateOptionError) throw new UsageError(shown(error.message), { cause: error })
      throw error
    }
  },
})

const wholeMinute = (ms: number) => Math.floor(ms / MINUTE) * MINUTE
