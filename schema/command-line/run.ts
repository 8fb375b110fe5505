/** Runs the command line of this process: what was typed, what is said when it fails, and the exit status. */
import { RequestError } from '../api/errors.js'
import { version } from '../runtime/version.js'
import { EXIT, type CommandList, type ExitStatus } from './command.js'
import { OutsideError, UsageError } from './errors.js'
import { paintFor, print } from './print.js'
import { runProgram } from './program.js'
import { shown } from './shown.js'

const SUMMARY = 'Faultline: who answered, what broke, and the documented cause of every spike.'
const NOTES = `A store is sqlite:PATH, clickhouse://user@host:8123/database or chdb:PATH. Every option with (env: …) can be given by that variable too; the README lists them all.
FAULTLINE_TOKEN asks for that token everywhere; without it the service listens on loopback only.
Exit status: 0 done, 1 some lines or files refused, 2 wrong usage, 3 the store or a file could not be used.`

export async function runCommandLine(commands: CommandList): Promise<ExitStatus> {
  // who reads our output may have seen enough: `faultline spikes | head`
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(EXIT.done)
  })
  const { status, error, reached } = await runProgram({
    args: process.argv.slice(2),
    environment: process.env,
    commands,
    words: { summary: SUMMARY, version: version(), notes: NOTES },
  })
  return error === undefined ? status : told(error, reached)
}

/** Says what went wrong; what nobody foresaw with its stack, for a report. */
function told(error: unknown, command: string): ExitStatus {
  const say = (text: string) => print(`${paintFor(process.stderr)('red', 'faultline:')} ${text}\n`, process.stderr)
  // --from and --to are read by the code that reads them for the API
  const usage =
    error instanceof UsageError ? error.message : error instanceof RequestError ? shown(error.message) : null
  if (usage !== null) {
    say(usage)
    const help = command === '' ? 'faultline help` lists the commands.' : `faultline ${command} --help` + '` says more.'
    print(`\n\`${help}\n`, process.stderr)
    return EXIT.usage
  }
  say(error instanceof OutsideError ? error.message : foreseen(error))
  return EXIT.unusable
}

/**
 * Errors of ours have a code, and a message that says what was tried, on what, and what to do. Those of the system say
 * what happened. What else comes was not foreseen: its stack goes into the report.
 */
function foreseen(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code, syscall, message, stack } = error as NodeJS.ErrnoException
  if (code !== undefined && syscall !== undefined) return `${shown(message)}. Check the path, its rights and the disk.`
  if (code !== undefined && /^[A-Z][A-Z_]+$/.test(code) && !/^(ERR|SQLITE)_/.test(code)) return shown(message)
  return stack ?? message
}
