/** A line of the log, which is JSON for programs that collect it, as somebody at a terminal reads it. */
import { paintFor, print, type Paint } from './print.js'
import { shownJson } from './shown.js'

/** What pino writes of a line beside what it is about. */
interface LogLine {
  level: number
  /** epoch ms */
  time: number
  pid: unknown
  hostname: unknown
  msg?: string
  err?: { message: string; code?: string; stack?: string }
  [about: string]: unknown
}

/** From pino's numbers; below a warning nothing is said of it. */
const WARNING = 40
const ERROR = 50

/**
 * `14:05:09 A batch is stored: batch 7, input upload, lines 24`, in the time of this machine; '' for a line that says nothing.
 * An error that nobody foresaw, which has no code, brings the places it came through.
 */
export function logLineFor(json: string, paint: Paint): string {
  const { level, time, pid: _, hostname: __, msg = '', err, ...about } = JSON.parse(json) as LogLine
  if (msg === '' && err === undefined && Object.keys(about).length === 0) return ''
  const kind = level >= ERROR ? `${paint('red', 'error')} ` : level >= WARNING ? `${paint('yellow', 'warning')} ` : ''
  const facts = Object.entries(about).flatMap(([name, value]) => (saysNothing(value) ? [] : [`${name} ${said(value)}`]))
  const text = `${paint('dim', clockOf(time))} ${kind}${msg || (err?.message ?? '')}`
  const places = err?.stack !== undefined && err.code === undefined ? `\n${err.stack}` : ''
  return `${text}${facts.length > 0 ? `: ${facts.join(', ')}` : ''}${places}\n`
}

const saysNothing = (value: unknown): boolean =>
  value === null || (typeof value === 'object' && Object.keys(value).length === 0)

const said = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** hh:mm:ss */
const clockOf = (time: number): string => new Date(time).toTimeString().slice(0, 8)

/** Writes a line of the log, which is JSON already: for whoever sits at a terminal as a sentence. */
export function printLogLine(json: string): void {
  const { stderr } = process
  if (stderr.isTTY) print(logLineFor(json, paintFor(stderr)), stderr)
  else stderr.write(shownJson(json))
}
