import { defineCommand, EXIT } from '../../schema/command-line/command.js'
import { OutsideError } from '../../schema/command-line/errors.js'
import { JSON_FLAG } from '../../schema/command-line/option.js'
import { paintFor, print, printJson } from '../../schema/command-line/print.js'
import { settings } from '../../schema/command-line/settings.js'
import { shown } from '../../schema/command-line/shown.js'
import { showProgress } from './progress.js'
import { reportInWords } from './report-in-words.js'
import { READING, readSettings } from './reading.js'

export const ingest = defineCommand({
  name: 'ingest',
  summary: 'take in files, folders, buckets, or stdin as -; .gz and .zst by content',
  about:
    'A bucket is s3://NAME/PREFIX or r2://NAME/PREFIX; {DATE} in it stands for any day as Logpush writes it. The key comes from\n' +
    'FAULTLINE_S3_ACCESS_KEY_ID and FAULTLINE_S3_SECRET_ACCESS_KEY, or from files that these with _FILE behind name; without\n' +
    'one s3:// is asked with the role that AWS gives this machine (AWS_ROLE_ARN and so on). Each object is read once; what was\n' +
    'broken off goes on where it was. A service looks again and again: serve --inputs.',
  arguments: [{ name: 'path', needs: 'a file, a folder, s3://… or - for stdin', many: true }],
  options: {
    ...settings('store'),
    ...JSON_FLAG,
    ...READING,
    ...settings('s3Endpoint', 's3Region', 's3AccessKeyId', 's3SecretAccessKey', 's3SessionToken'),
  },
  examples: [
    { line: 'faultline ingest export.ndjson.gz logs/', says: 'a file and all files of a folder' },
    { line: 'zcat export.gz | faultline ingest - --json', says: 'stdin; the report for programs' },
    { line: 'faultline ingest s3://logs/http_requests/20260520/', says: 'a day out of a bucket' },
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
        storage: storageOf(options),
        ...(options.json || !process.stderr.isTTY ? {} : showProgress()),
        onTrouble: (error, ms) =>
          print(`${shown(error.message)} Next try in ${Math.ceil(ms / 1000)} s.\n`, process.stderr),
      })
      if (options.json) printJson(report)
      else print(reportInWords(report, paintFor(process.stdout)))
      return report.rejected > 0 || report.refused.length > 0 ? EXIT.refused : EXIT.done
    } catch (error) {
      const { name, message } = error as Error
      throw name === 'FetchError' ? new OutsideError(shown(message), { cause: error }) : error
    } finally {
      await readers.close()
      await store.close()
    }
  },
})

/** Where buckets are and the key to them, as far as it was said. */
function storageOf(options: {
  s3Endpoint?: string
  s3Region?: string
  s3AccessKeyId?: string
  s3SecretAccessKey?: string
  s3SessionToken?: string
}) {
  const { s3Endpoint, s3Region, s3AccessKeyId: accessKeyId, s3SecretAccessKey: secretAccessKey } = options
  return {
    ...(accessKeyId === undefined || secretAccessKey === undefined ? {} : { accessKeyId, secretAccessKey }),
    ...(s3Endpoint === undefined ? {} : { endpoint: s3Endpoint }),
    ...(s3Region === undefined ? {} : { region: s3Region }),
    ...(options.s3SessionToken === undefined ? {} : { sessionToken: options.s3SessionToken }),
  }
}
