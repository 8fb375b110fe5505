/** The thread of a ledger whose records rest elsewhere. */
import { workerData } from 'node:worker_threads'
import { serve, type Served } from '../../runtime/threads.js'
import type { Belonging } from './belonging.js'
import { LedgerFile } from './ledger-file.js'
import type { SumNotes } from './sum-notes.js'

const { path, owner } = workerData as { path: string; owner: string }
let file: LedgerFile | null = null
/** Opens the file at the first call, whose caller then gets the error if it can't be opened. */
const running = () => (file ??= new LedgerFile(path, owner))

const OF_BATCHES = [
  'lastChange',
  'open',
  'begin',
  'finish',
  'beginTogether',
  'finishTogether',
  'unfinished',
  'takeLease',
  'releaseLease',
  'close',
  'batchToDelete',
  'noteDeletion',
  'remove',
  'leftovers',
  'forgetPart',
  'expire',
  'abandonDead',
  'checkWritable',
  'reports',
  'report',
  'rejectedLines',
] as const satisfies readonly (keyof LedgerFile)[]
const OF_SUMS = [
  'touch',
  'touchBefore',
  'summedHours',
  'unsummedHours',
  'beginSums',
  'finishSums',
  'oldSums',
  'forgetOldSums',
  'summedDays',
  'beginDay',
  'finishDay',
  'oldDays',
  'forgetOldDays',
] as const satisfies readonly (keyof SumNotes)[]
const OF_BELONGING = ['belongsTo', 'assign', 'keepKey'] as const satisfies readonly (keyof Belonging)[]

type Calls<Of, N extends keyof Of> = {
  [Name in N]: Of[Name] extends (...args: infer A) => infer R ? (...args: A) => R : never
}
export type ServedLedgerFile = Calls<LedgerFile, (typeof OF_BATCHES)[number]> &
  Calls<SumNotes, (typeof OF_SUMS)[number]> &
  Calls<Belonging, (typeof OF_BELONGING)[number]> & { dispose(): void }

function callsOf(names: readonly string[], of: () => object): { [name: string]: (...args: unknown[]) => unknown } {
  const call = (name: string, args: unknown[]) =>
    (of() as { [name: string]: (...args: unknown[]) => unknown })[name](...args)
  return Object.fromEntries(names.map((name) => [name, (...args: unknown[]) => call(name, args)]))
}

serve({
  ...callsOf(OF_BATCHES, running),
  ...callsOf(OF_SUMS, () => running().sums),
  ...callsOf(OF_BELONGING, () => running().belonging),
  dispose: () => file?.dispose(),
} satisfies Served)
