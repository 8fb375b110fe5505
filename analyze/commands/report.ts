import { extname, join } from 'node:path'
import { defineCommand, EXIT, type Command } from '../../schema/command-line/command.js'
import { UsageError } from '../../schema/command-line/errors.js'
import { choice, text } from '../../schema/command-line/option.js'
import { openOutput } from '../../schema/command-line/output-file.js'
import { paintFor, print } from '../../schema/command-line/print.js'
import { settings } from '../../schema/command-line/settings.js'
import { shown, shownJson } from '../../schema/command-line/shown.js'
import type { StandaloneReport, Taken } from '../../schema/api/standalone-report.js'
import type { Store } from '../../schema/store/store.js'
import type { ClientAddresses } from '../../schema/words/client-addresses.js'
import { DEFAULT_LANGUAGE, LANGUAGES, type Language } from '../../schema/words/languages.js'

const FORMATS = ['html', 'md', 'json', 'csv'] as const
type Format = (typeof FORMATS)[number]

const READING = settings('sampleRate', 'field', 'keepQuery', 'clientAddresses', 'dropClientIp', 'orangeToOrange')

/** Takes logs into a store; the room that does is another. */
export type ReadLogs = (
  paths: readonly string[],
  store: Store,
  options: {
    sampleRate: number
    field?: readonly string[]
    keepQuery: boolean
    clientAddresses: ClientAddresses
    dropClientIp: boolean
    /** beside it lies the key of hashed addresses */
    store: string
    orangeToOrange: 'visitor' | 'internal'
  },
  progress: boolean,
) => Promise<Taken>

export const report = (loadReader: () => Promise<ReadLogs>): Command =>
  defineCommand({
    name: 'report',
    summary: 'what an export says, as one page, without a service',
    about:
      'Nothing is kept: the store that it needs on the way is removed, also after Ctrl-C. Without -o and --format a short summary is printed.',
    arguments: [{ name: 'path', needs: 'a file, a folder or - for stdin', many: true }],
    options: {
      output: text({ description: 'the file to write; - for stdout', placeholder: 'FILE', short: 'o' }),
      format: choice(FORMATS, {
        description: 'html, md, json or csv; by the name of the file where it says so, else html',
        placeholder: 'FORMAT',
      }),
      lang: choice(LANGUAGES, {
        description: 'the language of the report',
        placeholder: 'L',
        default: DEFAULT_LANGUAGE,
      }),
      ...READING,
    },
    examples: [
      { line: 'faultline report export.ndjson.gz -o report.html', says: 'one page, to be read offline or printed' },
      { line: 'faultline report logs/ -o report.md --lang fr', says: 'for a ticket, in French' },
      { line: 'zcat export.gz | faultline report -', says: 'a summary in the terminal' },
    ],
    async run({ output, format, lang, ...reading }, paths) {
      if (output === '') throw new UsageError('-o takes the name of a file, or - for stdout.')
      const toStdout = output === undefined || output === '-'
      const file = toStdout ? null : openOutput(output)
      const wanted = format ?? (output === undefined ? null : formatOf(output))
      try {
        const made = await make(paths, lang, reading, await loadReader())
        for (const { input, message } of made.taken.refused)
          print(`${paintFor(process.stderr)('red', 'refused')} ${shown(input)}: ${shown(message)}\n`, process.stderr)
        const isUseless = made.from === null && made.taken.refused.length > 0
        if (!isUseless) {
          const content = await written(made, lang, wanted)
          if (file !== null) file.write(content)
          else if (process.stdout.isTTY || wanted === null) print(content)
          else process.stdout.write(content)
        }
        return made.taken.rejected > 0 || made.taken.refused.length > 0 ? EXIT.refused : EXIT.done
      } finally {
        file?.drop()
      }
    },
  })

/** What the name of a file says it is to be. */
function formatOf(output: string): Format {
  const ending = extname(output).slice(1).toLowerCase()
  const named = ending === 'markdown' ? 'md' : ending === 'htm' ? 'html' : ending
  return FORMATS.find((one) => one === named) ?? 'html'
}

async function make(
  paths: readonly string[],
  lang: Language,
  reading: Omit<Parameters<ReadLogs>[2], 'store'>,
  readLogs: ReadLogs,
): Promise<StandaloneReport> {
  const { detectorHere } = await import('../spikes/detect-here.js')
  const { createSpikeService } = await import('../spikes/service.js')
  const { makeReport } = await import('../standalone/make.js')
  const { openStore } = await import('../../schema/open-store.js')
  const { loadCatalogue } = await import('../../schema/status/catalogue.js')
  const { inTemporaryFolder } = await import('../../schema/runtime/temporary.js')
  return inTemporaryFolder(async (folder) => {
    const store = await openStore(`sqlite:${join(folder, 'report.sqlite')}`, undefined, { alone: true })
    try {
      const taken = await readLogs(paths, store, { ...reading, store: store.url }, process.stderr.isTTY)
      const catalogue = loadCatalogue()
      const spikes = createSpikeService({ store, catalogue, ...detectorHere })
      return await makeReport(taken, lang, { store, spikes, catalogue, now: Date.now() })
    } finally {
      await store.close()
    }
  })
}

/** null: for people in a terminal. */
async function written(made: StandaloneReport, lang: Language, format: Format | null): Promise<string> {
  switch (format) {
    case 'json':
      return `${shownJson(JSON.stringify(made, null, 2))}\n`
    case 'html':
      return (await import('../standalone/html.js')).reportHtml(made, lang)
    case 'md':
      return (await import('../standalone/markdown.js')).reportMarkdown(made, lang)
    case 'csv':
      return (await import('../standalone/csv.js')).reportCsv(made)
    case null:
      return (await import('../standalone/terminal.js')).reportInTerminal(made, lang, paintFor(process.stdout))
  }
}
