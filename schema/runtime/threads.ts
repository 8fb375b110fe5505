/**
 * Calls between threads, typed: a worker serves a set of functions, the other side calls them by name.
 * Errors keep their name, message and code on the way; a worker that dies rejects what it still owed.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parentPort, Worker, type Transferable, type WorkerOptions } from 'node:worker_threads'
import { findPackageRoot } from './package-root.js'
import { watchThread } from './thread-use.js'

/**
 * The URL of a worker's file beside the module that starts it: `workerUrl(import.meta.url, './x-worker.js')`.
 * Node 20 cannot load TypeScript, so sources under test start the worker of the build in dist/
 * (`npm test` builds first; after a change run `npm run build` before a single test file).
 */
export function workerUrl(moduleUrl: string, relative: string): URL {
  const beside = new URL(relative, moduleUrl)
  if (!moduleUrl.endsWith('.ts')) return beside
  const root = findPackageRoot(moduleUrl)
  const built = new URL(`dist/${beside.href.slice(root.href.length)}`, root)
  if (!existsSync(built)) throw new Error(`${fileURLToPath(built)} is missing: build first (npm run build)`)
  return built
}

/** Functions that a worker serves. Arguments and results must be structured-cloneable. */
export type Served = { [name: string]: (...args: never[]) => unknown }
export type Name<S extends Served> = keyof S & string
/** What a call gives. */
export type Result<S extends Served, N extends Name<S>> =
  Exclude<Awaited<ReturnType<S[N]>>, Moved<unknown>> | MovedValue<Awaited<ReturnType<S[N]>>>
type MovedValue<T> = T extends Moved<infer V> ? V : never

/** A result whose buffers move to the caller instead of being copied. */
export class Moved<T> {
  constructor(
    readonly value: T,
    readonly transfer: ArrayBuffer[],
  ) {}
}

interface Request {
  id: number
  name: string
  args: unknown[]
}
type Response = { id: number; value: unknown } | { id: number; error: SentError }
export interface SentError {
  name: string
  message: string
  code: unknown
  stack: string | undefined
}

/** In the worker: answers calls one after the other, in the order in which they came; `atOnce`: each as soon as it can. */
export function serve<S extends Served>(functions: S, { atOnce = false } = {}): void {
  const port = parentPort
  if (!port) throw new Error('serve() is for worker threads')
  const answer = async ({ id, name, args }: Request) => {
    try {
      const call = functions[name] as ((...args: unknown[]) => unknown) | undefined
      if (!call) throw new Error(`This thread serves no "${name}"`)
      const value = await call(...args)
      if (value instanceof Moved) port.postMessage({ id, value: value.value } satisfies Response, value.transfer)
      else port.postMessage({ id, value } satisfies Response)
    } catch (error) {
      port.postMessage({ id, error: sentError(error) } satisfies Response)
    }
  }
  let before: Promise<void> = Promise.resolve()
  port.on('message', (request: Request) => {
    before = atOnce ? answer(request) : before.then(() => answer(request))
  })
}

/** An error as it crosses between threads; the other side makes one of it again (ErrorReviver). */
export function sentError(error: unknown): SentError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), code: undefined, stack: undefined }
  return { name: error.name, message: error.message, code: (error as { code?: unknown }).code, stack: error.stack }
}

export interface Thread<S extends Served> {
  call<N extends Name<S>>(name: N, ...args: Parameters<S[N]>): Promise<Result<S, N>>
  /** Like `call`; the buffers in `transfer` move to the thread and are empty here afterwards. */
  callMoving<N extends Name<S>>(transfer: Transferable[], name: N, ...args: Parameters<S[N]>): Promise<Result<S, N>>
  /** calls that wait for an answer */
  readonly pending: number
  /** false once the thread has ended, by itself or stopped */
  readonly alive: boolean
  stop(): Promise<void>
}

/**
 * For threads whose short-lived data are mostly arrays, which rest outside of V8's young generation: by itself it grows to 48 MB in
 * each thread, and the more it holds the later arrays that nobody needs any more are given back.
 */
export const FEW_YOUNG = { maxYoungGenerationSizeMb: 12 }

/** Makes the error that the caller sees out of what came across; the default is a plain Error with the code. */
export type ErrorReviver = (error: SentError) => Error

/** Starts a worker. It keeps the process alive only while calls wait for an answer. */
export function startThread<S extends Served>(
  file: URL,
  options: WorkerOptions = {},
  revive: ErrorReviver = plainError,
): Thread<S> {
  const worker = new Worker(file, options)
  const waiting = new Map<number, { at: number; resolve: (value: never) => void; reject: (error: Error) => void }>()
  let lastId = 0
  let ended: Error | null = null
  let activeMs = 0
  const unwatch = watchThread({
    kind: kindOf(file),
    waiting: () => waiting.size,
    oldestMs() {
      const [oldest] = waiting.values()
      return oldest ? performance.now() - oldest.at : 0
    },
    // a thread that has ended tells nothing any more
    activeMs: () => (activeMs = Math.max(activeMs, worker.performance.eventLoopUtilization().active)),
  })

  const end = (error: Error) => {
    ended ??= error
    unwatch()
    for (const call of waiting.values()) call.reject(ended)
    waiting.clear()
  }
  worker.on('message', (response: Response) => {
    const call = waiting.get(response.id)
    waiting.delete(response.id)
    if (waiting.size === 0) worker.unref()
    if ('error' in response) call?.reject(revive(response.error))
    else call?.resolve(response.value as never)
  })
  worker.on('error', (error) => end(threadEnded(file, error)))
  worker.on('exit', (status) => end(threadEnded(file, `exit status ${status}`)))
  worker.unref()

  function callMoving<N extends Name<S>>(
    transfer: Transferable[],
    name: N,
    ...args: Parameters<S[N]>
  ): Promise<Result<S, N>> {
    if (ended) return Promise.reject(ended)
    return new Promise((resolve, reject) => {
      const id = ++lastId
      worker.postMessage({ id, name, args } satisfies Request, transfer)
      waiting.set(id, { at: performance.now(), resolve, reject })
      worker.ref()
    })
  }
  return {
    call: (name, ...args) => callMoving([], name, ...args),
    callMoving,
    get pending() {
      return waiting.size
    },
    get alive() {
      return ended === null
    },
    async stop() {
      await worker.terminate()
      end(threadEnded(file, 'it was stopped'))
    },
  }
}

/** `…/sqlite/reader-worker.js` → `sqlite/reader` */
function kindOf(file: URL): string {
  return file.pathname
    .split('/')
    .slice(-2)
    .join('/')
    .replace(/-worker\.js$/, '')
}

function plainError(error: SentError): Error {
  const out = new Error(error.message)
  out.name = error.name
  if (error.stack) out.stack = error.stack
  return error.code === undefined ? out : Object.assign(out, { code: error.code })
}

function threadEnded(file: URL, why: Error | string): Error {
  const name = file.pathname.slice(file.pathname.lastIndexOf('/') + 1)
  const reason = typeof why === 'string' ? why : why.message
  const message = `The thread ${name} ended (${reason}): what it had not answered is lost`
  return Object.assign(new Error(message, typeof why === 'string' ? {} : { cause: why }), { code: 'THREAD_ENDED' })
}
