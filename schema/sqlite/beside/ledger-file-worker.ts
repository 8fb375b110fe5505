/** The thread of a ledger whose records rest elsewhere. */
import { workerData } from 'node:worker_threads'
import { serve, type Served } from '../../runtime/threads.js'
import { LedgerFile } from './ledger-file.js'

const { path, owner } = workerData as { path: string; owner: string }
let file: LedgerFile | null = null
/** Opens the file at the first call, whose caller then gets the error if it can't be opened. */
const running = () => (file ??= new LedgerFile(path, owner))

type Call<N extends keyof LedgerFile> = LedgerFile[N] extends (...args: infer A) => infer R ? (...args: A) => R : never
const call =
  <N extends keyof LedgerFile>(name: N) =>
  (...args: unknown[]) =>
    (running()[name] as (...args: unknown[]) => unknown).apply(running(), args)

const CALLS = [
  'lastChange',
  'belongsTo',
  'assign',
  'keepKey',
  'open',
  'begin',
  'finish',
  'takeLease',
  'releaseLease',
  'close',
  'batchToDelete',
  'noteDeletion',
  'remove',
  'leftovers',
  'forgetPart',
  'touch',
  'touchBefore',
  'summedHours',
  'beginSums',
  'finishSums',
  'oldSums',
  'forgetOldSums',
  'summedDays',
  'beginDay',
  'finishDay',
  'oldDays',
  'forgetOldDays',
  'expire',
  'abandonDead',
  'checkWritable',
  'reports',
  'report',
  'rejectedLines',
] as const satisfies readonly (keyof LedgerFile)[]

export type ServedLedgerFile = { [N in (typeof CALLS)[number]]: Call<N> } & { dispose(): void }

serve({
  ...(Object.fromEntries(CALLS.map((name) => [name, call(name)])) as unknown as ServedLedgerFile),
  dispose: () => file?.dispose(),
} satisfies Served)
