#!/usr/bin/env node
/** The command line. Each command is a few lines here and a room of its own elsewhere. */
import { mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs, type ParseArgsConfig } from 'node:util'
import type { AlertSettings } from './app.js'
import { isLoopback } from './dashboard/access/origin.js'
import { IngestError } from './ingest/errors.js'
import type { SimulateOptions } from './ingest/inputs/simulate/index.js'
import { DEFAULT_READ_SETTINGS, type ReadSettings } from './ingest/reader/normalise.js'
import type { IngestReport } from './ingest/take-files.js'
import { RequestError } from './schema/api/errors.js'
import { isLanguage } from './schema/words/languages.js'
import { openAlertLog, openStore } from './schema/open-store.js'
import { keepForDays } from './schema/store/retention.js'
import { StoreError, type Store } from './schema/store/store.js'

// Each command imports its own room when it runs: the web server alone would cost every other half a second.

const EXIT = { done: 0, refused: 1, usage: 2, unusable: 3 } as const
const DEFAULT_STORE = 'sqlite:data/faultline.sqlite'

const HELP = `faultline – who answered, what broke, and the documented cause of every spike

  faultline serve     [--store URL] [--host 127.0.0.1] [--port 8080] [--rules FILE]   the dashboard and the API
  faultline ingest    PATH… [--store URL] [--json] [--sample-rate R]     files, folders, '-' for stdin; .gz and .zst by content
  faultline spikes    [--from T] [--to T] [--lang en|fr|zh] [--json]     what surged, and the documented causes
  faultline backtest  [--rules FILE] [--rule NAME] [--from T] [--to T] [--json]   what the rules would have done
  faultline simulate  FILE [--truth FILE] [--lines N] [--seed S] [--from T] [--to T] [--shape all|status|logpull]
                      [--timestamps unixnano|unix|rfc3339] [--incidents none|demo] [--rhythm flat|day|week]
                                                                         believable logs with planted incidents, and the truth about them
  faultline backup    FILE [--store URL]                                 a consistent copy of the store while it is in use
  faultline help

A store is sqlite:PATH (default ${DEFAULT_STORE}, or FAULTLINE_STORE).
FAULTLINE_TOKEN asks for that token everywhere; without it the service listens on loopback only.
Privacy: --keep-query stores query strings, --drop-client-ip does not store addresses.
Exit status: 0 done, 1 some lines or files refused, 2 wrong usage, 3 the store or a file could not be used.
`

class UsageError extends Error {}
/** Something around us is not as it must be; the message says what to do. */
class OutsideError extends Error {}

type Options = NonNullable<ParseArgsConfig['options']>

const COMMON = { store: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const satisfies Options
const READING = {
  'sample-rate': { type: 'string' },
  'keep-query': { type: 'boolean' },
  'drop-client-ip': { type: 'boolean' },
} as const satisfies Options

const COMMANDS: { [name: string]: (args: string[]) => Promise<number> } = {
  serve,
  ingest,
  spikes,
  backtest,
  simulate: simulateCommand,
  backup,
  help: async () => {
    process.stdout.write(HELP)
    return EXIT.done
  },
}

function parse<const O extends Options>(args: string[], options: O) {
  try {
    return parseArgs({ args, options: { ...COMMON, ...options }, allowPositionals: true, strict: true })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

async function storeFor(url: string | undefined): Promise<Store> {
  const chosen = url ?? process.env.FAULTLINE_STORE ?? DEFAULT_STORE
  if (chosen === DEFAULT_STORE) mkdirSync(dirname(DEFAULT_STORE.slice('sqlite:'.length)), { recursive: true })
  return openStore(chosen)
}

function readSettings(values: { [name: string]: string | boolean | undefined }): ReadSettings {
  const rate = values['sample-rate'] === undefined ? 1 : Number(values['sample-rate'])
  if (!(rate > 0 && rate <= 1)) throw new UsageError('--sample-rate takes a number above 0 up to 1')
  return {
    ...DEFAULT_READ_SETTINGS,
    weight: 1 / rate,
    keepQuery: values['keep-query'] === true,
    keepClientIp: values['drop-client-ip'] !== true,
    orangeToOrangeIsVisitor: process.env.FAULTLINE_ORANGE_TO_ORANGE !== 'internal',
  }
}

async function serve(args: string[]): Promise<number> {
  const { values } = parse(args, {
    host: { type: 'string' },
    port: { type: 'string' },
    rules: { type: 'string' },
    ...READING,
  })
  const host = values.host ?? process.env.FAULTLINE_HOST ?? '127.0.0.1'
  const port = Number(values.port ?? process.env.FAULTLINE_PORT ?? 8080)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`--port takes a number from 0 to 65535, not "${values.port}"`)
  const token = process.env.FAULTLINE_TOKEN || null
  if (!isLoopback(host) && token === null) {
    throw new UsageError(
      `Listening on ${host} would open the logs to the network. Set FAULTLINE_TOKEN to a secret of at least 16 characters first, for example:\n  FAULTLINE_TOKEN=$(openssl rand -hex 24) faultline serve --host ${host}`,
    )
  }
  if (token !== null && token.length < 16)
    throw new UsageError('FAULTLINE_TOKEN has fewer than 16 characters. Make one with: openssl rand -hex 24')
  const days = retentionDays()
  const { buildApp } = await import('./app.js')
  const { createReaderPool } = await import('./ingest/reader/pool.js')
  const store = await storeFor(values.store)
  const alertLog = await openAlertLog(store.url)
  const readers = createReaderPool()
  const named = process.env.FAULTLINE_ALLOWED_HOSTS?.split(',').map((name) => name.trim().toLowerCase()) ?? []
  const app = await buildApp({
    store,
    readers,
    settings: readSettings(values),
    log: true,
    alertLog,
    alerting: alertSettings(values.rules),
    access: { token, allowedHosts: token === null || named.length > 0 ? named : null },
  })
  const address = await app.listen({ host, port }).catch((error: NodeJS.ErrnoException) => {
    throw cannotListen(error, host, port)
  })
  process.stdout.write(`Faultline serves ${store.url} on ${address}\n`)
  const retention =
    days === null
      ? null
      : keepForDays({
          days,
          records: store.records,
          onError: (error) => app.log.error(error),
          onExpired: (removed, before) =>
            app.log.warn(
              `Removed ${removed} records older than ${new Date(before).toISOString()} (FAULTLINE_RETENTION_DAYS=${days})`,
            ),
        })
  await stopSignal()
  await app.close()
  await retention?.stop()
  await readers.close()
  await alertLog.close()
  await store.close()
  return EXIT.done
}

/** Null: everything is kept. */
function retentionDays(): number | null {
  const text = process.env.FAULTLINE_RETENTION_DAYS || null
  if (text === null) return null
  const days = Number(text)
  if (!Number.isInteger(days) || days < 1)
    throw new UsageError(
      `FAULTLINE_RETENTION_DAYS must be whole days from 1, like 90, not "${text}". Leave it out to keep everything.`,
    )
  return days
}

function alertSettings(rulesFile: string | undefined): AlertSettings {
  const language = process.env.FAULTLINE_LANG || null
  if (language !== null && !isLanguage(language))
    throw new UsageError(`FAULTLINE_LANG must be en, fr or zh, not "${language}"`)
  return {
    publicUrl: process.env.FAULTLINE_URL || null,
    allowAddresses: (process.env.FAULTLINE_ALLOW_ADDRESSES ?? '')
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
    rulesFile: rulesFile ?? (process.env.FAULTLINE_RULES || null),
    ...(language === null ? {} : { language: () => language }),
  }
}

/** Trouble outside with what to do about it: the port is taken, the address is not ours, the right is missing. */
function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const advice: { [code: string]: string } = {
    EADDRINUSE: `Port ${port} is in use, perhaps by another Faultline. Stop it, or choose another: faultline serve --port ${port + 1}`,
    EACCES: `Port ${port} may only be opened by the administrator. Choose one above 1023: faultline serve --port 8080`,
    EADDRNOTAVAIL: `This machine has no address ${host}. Use 127.0.0.1, or one of its own.`,
  }
  const text = advice[error.code ?? '']
  return text === undefined ? error : new OutsideError(text, { cause: error })
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}

async function ingest(args: string[]): Promise<number> {
  const { values, positionals } = parse(args, { json: { type: 'boolean' }, ...READING })
  if (positionals.length === 0) throw new UsageError('ingest needs a file, a folder or - for stdin')
  const settings = readSettings(values)
  const { createReaderPool } = await import('./ingest/reader/pool.js')
  const { takeFiles } = await import('./ingest/take-files.js')
  const readers = createReaderPool()
  readers.start()
  const store = await storeFor(values.store)
  try {
    const report = await takeFiles(positionals, {
      store,
      readers,
      settings,
      onProgress: values.json || !process.stderr.isTTY ? undefined : showProgress(),
    })
    process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : inWords(report))
    return report.rejected > 0 || report.refused.length > 0 ? EXIT.refused : EXIT.done
  } finally {
    await readers.close()
    await store.close()
  }
}

async function spikes(args: string[]): Promise<number> {
  const { values } = parse(args, {
    from: { type: 'string' },
    to: { type: 'string' },
    lang: { type: 'string' },
    json: { type: 'boolean' },
  })
  const lang = values.lang ?? 'en'
  if (!isLanguage(lang)) throw new UsageError(`--lang takes en, fr or zh, not "${lang}"`)
  const { rangeOf } = await import('./analyze/http/parameters.js')
  const { createDetector } = await import('./analyze/spikes/detect-thread.js')
  const { spikesInWords } = await import('./analyze/spikes/in-words.js')
  const { createSpikeService } = await import('./analyze/spikes/service.js')
  const { loadCatalogue } = await import('./schema/status/catalogue.js')
  const store = await storeFor(values.store)
  const detector = createDetector()
  try {
    const service = createSpikeService({
      store,
      catalogue: loadCatalogue(),
      run: detector.run,
      band: detector.band,
    })
    const report = await service.report({ ...rangeOf(values, await store.records.extent()), filters: [] }, lang)
    process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : spikesInWords(report, lang))
    return EXIT.done
  } finally {
    await detector.close()
    await store.close()
  }
}

async function backtest(args: string[]): Promise<number> {
  const { values } = parse(args, {
    rules: { type: 'string' },
    rule: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    json: { type: 'boolean' },
  })
  const { backtestReport, printBacktest } = await import('./analyze/alerts/backtest/print.js')
  const { surgeFinder } = await import('./analyze/alerts/signals/surge-finder.js')
  const { rangeOf } = await import('./analyze/http/parameters.js')
  const { createDetector } = await import('./analyze/spikes/detect-thread.js')
  const { trafficOf } = await import('./analyze/spikes/traffic.js')
  const rulesFile = values.rules === undefined ? null : rulesOf(values.rules)
  const store = await storeFor(values.store)
  const log = await openAlertLog(store.url)
  const detector = createDetector()
  try {
    const { from, to } = rangeOf(values, await store.records.extent())
    const report = await backtestReport({
      store,
      log,
      findSurges: surgeFinder(store.records, { trafficOf, run: detector.run }),
      rulesFile,
      rule: values.rule ?? null,
      from,
      to,
    })
    process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : printBacktest(report))
    return report.problems.length > 0 ? EXIT.refused : EXIT.done
  } finally {
    await detector.close()
    await log.close()
    await store.close()
  }
}

function rulesOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new OutsideError(`The rules file ${path} can not be read (${(error as Error).message}). Check the path.`, {
      cause: error,
    })
  }
}

async function simulateCommand(args: string[]): Promise<number> {
  const { values, positionals } = parse(args, {
    truth: { type: 'string' },
    lines: { type: 'string' },
    seed: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    shape: { type: 'string' },
    timestamps: { type: 'string' },
    incidents: { type: 'string' },
    rhythm: { type: 'string' },
  })
  if (positionals.length !== 1) throw new UsageError('simulate needs the name of the file to write, or - for stdout')
  const to = values.to ?? new Date(Math.floor(Date.now() / 60_000) * 60_000).toISOString()
  const options = {
    seed: values.seed ?? 1,
    from: values.from ?? new Date(Date.parse(to) - 86_400_000).toISOString(),
    to,
    lines: Number(values.lines ?? 100_000),
    shape: values.shape ?? 'all',
    timestamps: values.timestamps,
    incidents: values.incidents ?? 'demo',
    rhythm: values.rhythm,
  } as SimulateOptions
  const { simulateFile } = await import('./ingest/simulate-file.js')
  const truth = await simulateFile(positionals[0], values.truth ?? null, options)
  process.stderr.write(
    `${truth.lines.toLocaleString('en')} lines from ${truth.from} to ${truth.to}, ${truth.incidents.length} incidents planted\n`,
  )
  return EXIT.done
}

async function backup(args: string[]): Promise<number> {
  const { values, positionals } = parse(args, {})
  if (positionals.length !== 1) throw new UsageError('backup needs the name of the file to write')
  const store = await storeFor(values.store)
  try {
    await store.backup(positionals[0])
    process.stdout.write(`Copied ${store.url} to ${positionals[0]}\n`)
    return EXIT.done
  } finally {
    await store.close()
  }
}

/** One line on the terminal, redrawn a few times a second. */
function showProgress() {
  let drawn = 0
  return (input: string, read: number, size: number | null) => {
    const now = Date.now()
    if (now - drawn < 200 && read !== size) return
    drawn = now
    const share = size === null ? '' : ` ${Math.round((100 * read) / Math.max(1, size))} %`
    process.stderr.write(`\r\x1b[K${input}${share}  ${(read / 1e6).toFixed(0)} MB${read === size ? '\n' : ''}`)
  }
}

function inWords(report: IngestReport): string {
  const n = (value: number) => value.toLocaleString('en')
  const lines = [
    `${n(report.lines)} lines: ${n(report.stored)} stored, ${n(report.duplicates)} already there, ${n(report.rejected)} rejected, in ${report.seconds.toFixed(1)} s`,
  ]
  if (report.from !== null) lines.push(`from ${report.from} to ${report.to}`)
  for (const { input, line, reason, sample } of report.rejections.slice(0, 5))
    lines.push(`  ${input}:${line} ${reason}: ${sample.slice(0, 80)}`)
  if (report.rejections.length > 5) lines.push(`  … and ${n(report.rejected - 5)} more; --json lists the first 100`)
  for (const { field, spoils } of report.missingFields)
    lines.push(`  not in the export: ${field} – it would tell ${spoils}`)
  for (const { input, message } of report.refused) lines.push(`refused ${input}: ${message}`)
  return `${lines.join('\n')}\n`
}

async function run([name, ...args]: string[]): Promise<number> {
  const command = name === undefined || name === '--help' || name === '-h' ? COMMANDS.help : COMMANDS[name]
  if (!command) throw new UsageError(`"${name}" is no command`)
  if (args.includes('--help') || args.includes('-h')) return COMMANDS.help([])
  return command(args)
}

try {
  process.exitCode = await run(process.argv.slice(2))
} catch (caught) {
  // --from and --to are read by the code that reads them for the API
  const isOption = caught instanceof RequestError || (caught as NodeJS.ErrnoException).code === 'SIMULATE_OPTION'
  const error = isOption ? new UsageError((caught as Error).message) : caught
  const known =
    error instanceof UsageError ||
    error instanceof OutsideError ||
    error instanceof StoreError ||
    error instanceof IngestError
  process.stderr.write(`faultline: ${known ? (error as Error).message : ((error as Error).stack ?? String(error))}\n`)
  if (error instanceof UsageError) process.stderr.write('\n`faultline help` lists the commands.\n')
  process.exitCode = error instanceof UsageError ? EXIT.usage : EXIT.unusable
}
