import { defineCommand, EXIT } from '../../schema/command-line/command.js'
import { JSON_FLAG } from '../../schema/command-line/option.js'
import { paintFor, print, printJson } from '../../schema/command-line/print.js'
import { settings } from '../../schema/command-line/settings.js'
import { ProgressLine } from './progress-line.js'
import { reportInWords } from './report-in-words.js'
import { READING, readSettings } from './reading.js'

export const ingest = defineCommand({
  name: 'ingest',
  summary: 'take in files, folders, or stdin as -; .gz and .zst by content',
  arguments: [{ name: 'path', needs: 'a file, a folder or - for stdin', many: true }],
  options: {
    ...settings('store'),
    ...JSON_FLAG,
    ...READING,
  },
  examples: [
    { line: 'faultline ingest export.ndjson.gz logs/', says: 'a file and all files of a folder' },
    { line: 'zcat export.gz | faultline ingest - --json', says: 'stdin; the report for programs' },
    { line: 'faultline ingest day.ndjson --sample-rate 0.1', says: 'a sampled job: each record counts ten times' },
  ],
  async run(options, paths) {
    const { createReaderPool } = await import('../reader/pool.js')
    const { takeFiles } = await import('../take-files.js')
    const { openStore } = await import('../../schema/open-store.js')
    const readers = createReaderPool()
    readers.start()
    const store = await openStore(options.store)
    try {
      const report = await takeFiles(paths, {
        store,
        readers,
        settings: readSettings(options),
        onProgress: options.json || !process.stderr.isTTY ? undefined : showProgress(),
      })
      if (options.json) printJson(report)
      else print(reportInWords(report, paintFor(process.stdout)))
      return report.rejected > 0 || report.refused.length > 0 ? EXIT.refused : EXIT.done
    } finally {
      await readers.close()
      await store.close()
    }
  },
})

function showProgress() {
  const line = new ProgressLine()
  return (input: string, read: number, size: number | null) => {
    const share = size === null ? '' : ` ${Math.round((100 * read) / Math.max(1, size))} %`
    line.draw(`${input}${share}  ${(read / 1e6).toFixed(0)} MB`, read === size)
  }
}
