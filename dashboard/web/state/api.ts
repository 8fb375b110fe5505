/** Asking the service: one request for each question, the one before given up, what went wrong as a value. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { ApiError } from '../../../schema/api/reports.js'
import { turn as everyTurn } from './clock.js'
import { createStore, useStore } from './store.js'

/** `absent`: this service does not have it (yet): the feature hides. `offline`: no answer at all. `silent`: none in time. */
export interface Problem {
  kind: 'refused' | 'absent' | 'offline' | 'silent' | 'failed'
  status: number
  code: string
  /** as the service says it: what was tried, on what, and what to do; empty if it said nothing */
  message: string
  /** of a file without a usable line: what it looks like */
  seen?: string | null
}

export class ProblemError extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.message || problem.code)
    this.name = 'ProblemError'
    this.problem = problem
  }
}

/** False while the service can not be reached; the header says so quietly. */
export const reachable = createStore(true)

/** The service's own error, read from an answer or from an upload's text. */
export function problemFrom(status: number, body: string): Problem {
  let error: Partial<ApiError & { seen: string | null }> = {}
  try {
    error = JSON.parse(body) as typeof error
  } catch {
    /* a proxy's page, or nothing */
  }
  const routeMissing = status === 404 && (error.code === undefined || /ROUTE|NOT_IMPLEMENTED/.test(error.code))
  const kind = status === 501 || routeMissing ? 'absent' : status < 500 ? 'refused' : 'failed'
  return {
    kind,
    status,
    code: error.code ?? '',
    message: typeof error.message === 'string' ? error.message : '',
    seen: error.seen,
  }
}

/** The session ended while the page was open. The page stays, with all that is half done on it. */
export const signedOut = createStore(false)

/** The page asks for the token: once by itself, then only when somebody wants something of it. */
export const askingToken = createStore(false)

/** Somebody was refused for want of a session. `deed`: by doing something, not by looking on. */
export function refusedAsStranger(deed: boolean): void {
  if (deed || !signedOut.get()) askingToken.set(true)
  signedOut.set(true)
}

/** How often somebody signed in while the page was open: what was refused before says nothing of now. */
export const signIns = createStore(0)

/** False: that is not the token. */
export async function signIn(token: string): Promise<boolean> {
  const response = await fetch('/login', { method: 'POST', body: new URLSearchParams({ token }), redirect: 'manual' })
  const ok = response.type === 'opaqueredirect' || response.ok
  if (ok) {
    signedOut.set(false)
    askingToken.set(false)
    signIns.set(signIns.get() + 1)
  }
  return ok
}

/** A question that stays without an answer for so long is said to be, ms. The heaviest ones take seconds. */
const patienceMs = 60_000

/** Answers to what was asked before there was anybody to hear them. */
const early = new Map<string, Promise<unknown>>()

/** Asks at once; who asks the same first gets that answer. */
export function askEarly<T>(path: string): Promise<T> {
  const answer = ask<T>(path)
  // who takes it up hears of it
  answer.catch(() => {})
  early.set(path, answer)
  return answer
}

/** What was asked early and nobody has taken up is not wanted any more. */
export const dropEarly = (): void => early.clear()

/**
 * Gives a question up with whoever asked it, or when nobody has answered for so long. `AbortSignal.timeout` would keep each
 * question of the last minute in memory, hundreds on a page that follows live data.
 */
function patience(asker: AbortSignal | null): { signal: AbortSignal; isLate: () => boolean; end: () => void } {
  const stop = new AbortController()
  let late = false
  const timer = setTimeout(() => {
    late = true
    stop.abort()
  }, patienceMs)
  const give = (): void => stop.abort(asker?.reason)
  if (asker?.aborted) give()
  else asker?.addEventListener('abort', give, { once: true })
  return {
    signal: stop.signal,
    isLate: () => late,
    end() {
      clearTimeout(timer)
      asker?.removeEventListener('abort', give)
    },
  }
}

/** Throws ProblemError, or the AbortError of a question given up. */
export async function ask<T>(path: string, init: RequestInit = {}): Promise<T> {
  const asked = early.get(path)
  if (asked && init.method === undefined) {
    early.delete(path)
    const answer = await asked
    init.signal?.throwIfAborted()
    return answer as T
  }
  const { signal, isLate, end } = patience(init.signal ?? null)
  try {
    const response = await fetch(`/api/v1/${path}`, { headers: { accept: 'application/json' }, ...init, signal })
    reachable.set(true)
    if (response.status === 401) refusedAsStranger((init.method ?? 'GET') !== 'GET')
    if (!response.ok) throw new ProblemError(problemFrom(response.status, await response.text()))
    return (response.status === 204 ? null : await response.json()) as T
  } catch (error) {
    if (error instanceof ProblemError || init.signal?.aborted) throw error
    if (!isLate()) reachable.set(false)
    // an answer that breaks off in the middle is none
    throw new ProblemError({ kind: isLate() ? 'silent' : 'offline', status: 0, code: '', message: '' })
  } finally {
    end()
  }
}

/** Questions on their way: while there are some, live data does not ask again, or slow answers would never arrive. */
let open = 0
export const isAsking = (): boolean => open > 0

/** An answer, with the question that it answers: what is said of the one must come from the other. */
export interface Answer<T, Q = undefined> {
  data: T | null
  /** of the newest try; the data of an earlier one may still be there */
  problem: Problem | null
  /** another answer is on its way */
  loading: boolean
  /** the address that `data` came from */
  path: string | null
  /** the question that `data` answers */
  question: Q | null
  /** when `data` came, epoch ms */
  at: number
}

interface Known {
  data: unknown
  question: unknown
  at: number
}

/** Answers of before, so that Back paints at once; they are asked for again all the same. */
const memory = new Map<string, Known>()
const remembered = 40

function keep(path: string, known: Known): void {
  memory.delete(path)
  memory.set(path, known)
  if (memory.size > remembered) memory.delete(memory.keys().next().value as string)
}

export const noAnswer = { data: null, problem: null, loading: true, path: null, question: null, at: 0 }

export interface AskOptions<Q> {
  /** a new one asks the same again (live data) */
  turn?: number
  /** what the answer is about: where that changes, the old answer would be wrong to show and goes at once */
  subject?: string
  /**
   * Leaves before the others: a browser keeps only six connections to one place, and what is read first shall not queue
   * behind the tables. Constant for each caller.
   */
  urgent?: boolean
  /** kept with the answer */
  question?: Q
}

/**
 * The answer to a question. While the same subject is asked again (a minute later, after new data) the answer of before
 * stays, with the question that it answers. `path` null asks nothing.
 */
export function useAnswer<T, Q = undefined>(path: string | null, options: AskOptions<Q> = {}): Answer<T, Q> {
  const { turn = 0, subject = '', urgent = false } = options
  const effect = urgent ? useLayoutEffect : useEffect
  // what got no answer is asked again whenever anything is
  const again = useStore(everyTurn)
  const failed = useRef(false)
  const held = useRef(again)
  if (failed.current) held.current = again
  // the last answer kept, and what it is about
  const kept = useRef<{ path: string; subject: string } | null>(null)
  const latest = useRef(options.question)
  latest.current = options.question
  const [answer, setAnswer] = useState<Answer<T, Q> & { subject: string }>({
    ...noAnswer,
    loading: path !== null,
    subject,
  })
  effect(() => {
    if (path === null) {
      setAnswer((old) => ({ ...old, loading: false }))
      return
    }
    const stop = new AbortController()
    const question = latest.current ?? null
    const known = memory.get(path) as (Known & { data: T; question: Q | null }) | undefined
    setAnswer((old) =>
      known !== undefined
        ? { ...known, problem: null, loading: true, path, subject }
        : old.subject === subject
          ? { ...old, loading: true }
          : { ...noAnswer, subject },
    )
    open += 1
    failed.current = false
    ask<T>(path, { signal: stop.signal })
      .finally(() => {
        open -= 1
      })
      .then(
        (data) => {
          const at = Date.now()
          // the same a minute later, under the address of that minute: nobody comes back to the one before
          if (kept.current?.subject === subject && kept.current.path !== path) memory.delete(kept.current.path)
          kept.current = { path, subject }
          keep(path, { data, question, at })
          setAnswer({ data, question, at, problem: null, loading: false, path, subject })
        },
        (error: unknown) => {
          if (stop.signal.aborted) return
          const problem =
            error instanceof ProblemError
              ? error.problem
              : { kind: 'failed' as const, status: 0, code: '', message: String(error) }
          failed.current = problem.kind === 'offline' || problem.kind === 'silent' || problem.kind === 'failed'
          held.current = everyTurn.get()
          setAnswer((old) => ({ ...old, problem, loading: false }))
        },
      )
    return () => stop.abort()
  }, [path, turn, subject, held.current])
  return answer.subject === subject ? answer : { ...noAnswer, loading: path !== null }
}
