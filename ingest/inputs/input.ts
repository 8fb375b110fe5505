/**
 * What an input is in code. What it is called and whether it brings what happens now stands in schema/words/inputs.ts. A new
 * one is a file here, its entry there, and its line in index.ts, which does not compile without.
 */
import type { IncomingHttpHeaders } from 'node:http'
import type { Static, TSchema } from 'typebox'
import type { BatchReport } from '../../schema/api/batches.js'
import type { Checkpoints } from '../../schema/store/ledger/checkpoints.js'
import type { WaitingClock } from '../../schema/runtime/clock.js'
import type { InputName } from '../../schema/words/inputs.js'
import type { Doing } from '../../schema/words/doing.js'
import type { Json } from '../../schema/words/json.js'
import type { ReadSettings } from '../reader/normalise.js'

export type Input = PostedInput | OpenedInput | FetchingInput

/** Comes as the body of POST /api/v1/logs. */
export interface PostedInput {
  readonly kind: 'posted'
  /** Does the request look like one of its senders? For the report only; the first that says yes is it. */
  isSender(headers: IncomingHttpHeaders): boolean
}

/** Read once, to its end, when somebody asks for it. */
export interface OpenedInput {
  readonly kind: 'opened'
  /** Throws an IngestError of code UNREADABLE that says what to do. */
  open(what: string): Promise<OpenLines>
}

export interface OpenLines {
  /** for the report */
  name: string
  /** bytes as they come, to show how far reading is; null: nobody knows */
  size: number | null
  /** opened with the first byte asked for */
  bytes: AsyncIterable<Uint8Array>
  /** is it a file that can be read anywhere, or a pipe? Some systems' files say that they are empty and are not */
  regular: boolean
}

/** Fetches by itself for as long as the service runs; following.ts keeps it going. */
export interface FetchingInput<Settings extends TSchema = TSchema> {
  readonly kind: 'fetching'
  /** what an operator sets for a job: validator, type and documentation */
  readonly settings: Settings
  /** Tells jobs of the input apart, for its checkpoint and its state: a zone, a bucket with its prefix, a folder. */
  jobOf(settings: Static<Settings>): string
  /** What is wrong with settings beyond their types: which of them, and a sentence. */
  problems?(settings: Static<Settings>): readonly { at: string; reason: string }[]
  /** How the lines of this job are to be read, where that differs from the service's settings. */
  reading?(settings: Static<Settings>): Partial<ReadSettings>
  /**
   * Fetches the next piece, has it taken, and then remembers how far it came. In this order: after a crash a piece comes
   * again, which counts nothing twice, rather than never. Throws a FetchError for trouble outside.
   */
  next(settings: Static<Settings>, job: FetchJob): Promise<Pause>
}

/** How long nothing is to be fetched, ms; 0: there may be more right away. `doing`: what is waited for, or how far it is. */
export interface Pause {
  ms: number
  doing: Doing
}

/** What a fetching input has of the house. */
export interface FetchJob {
  readonly input: InputName
  /** as `jobOf` says */
  readonly name: string
  readonly clock: WaitingClock
  /** given when the service stops: what can be broken off should be */
  readonly signal: AbortSignal
  /** how far it came, as it said last; null: never begun */
  readonly checkpoint: Json
  /** Durable when it resolves. */
  remember(checkpoint: Json): Promise<void>
  /** For what one checkpoint has no room for: keys that begin with `notesOf(name)` are this job's, and go with it. */
  readonly checkpoints: Checkpoints
  /** How far it is, while a piece is under way. */
  tell(progress: Doing): void
  /** of what it fetches many of: a note each */
  readonly notes: JobNotes
  /** Through the whole pipeline into the store; resolves when all is durable. `name`: of the piece, for the report. */
  take(name: string, bytes: AsyncIterable<Uint8Array>): Promise<BatchReport>
}

/** What a job that fetches many things remembers of each of them: a value each beside its checkpoint. */
export interface JobNotes {
  /** Read once; what this job puts is in it. */
  all(): Promise<ReadonlyMap<string, Json>>
  /** Durable when it resolves. */
  put(key: string, value: Json): Promise<void>
  remove(key: string): Promise<void>
}

/** Trouble outside, in words for the operator: what was tried, on what, and what to do. */
export class FetchError extends Error {
  readonly code: string
  /** the other side says when to come again, ms from now */
  readonly retryMs: number | null
  /** Will it last until somebody changes something? Then it is tried again, but seldom. */
  readonly lasting: boolean

  constructor(
    code: string,
    message: string,
    { retryMs = null, lasting = false, cause }: { retryMs?: number | null; lasting?: boolean; cause?: unknown } = {},
  ) {
    super(message, { cause })
    this.name = 'FetchError'
    this.code = code
    this.retryMs = retryMs
    this.lasting = lasting
  }
}

/** What an input that fetches by itself was told to fetch. */
export interface ConfiguredJob {
  name: InputName
  input: FetchingInput
  settings: unknown
}
