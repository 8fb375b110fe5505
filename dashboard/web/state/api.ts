/** Asking the service: one request for each question, the one before given up, what went wrong as a value. */
import { useEffect, useLayoutEffect, useState } from 'preact/hooks'
import type { ApiError } from '../../../schema/api/reports.js'
import { createStore } from './store.js'

/** `absent`: this service does not have it (yet): the feature hides. `offline`: no answer at all. */
export interface Problem {
  kind: 'refused' | 'absent' | 'offline' | 'failed'
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

function toLogin(): void {
  location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`)
}

/** Throws ProblemError, or the AbortError of a question given up. */
export async function ask<T>(path: string, init: RequestInit = {}): Promise<T> {
  let response: Response
  try {
    response = await fetch(`/api/v1/${path}`, { headers: { accept: 'application/json' }, ...init })
  } catch (error) {
    if (init.signal?.aborted) throw error
    reachable.set(false)
    throw new ProblemError({ kind: 'offline', status: 0, code: '', message: '' })
  }
  reachable.set(true)
  if (response.status === 401) toLogin()
  if (!response.ok) throw new ProblemError(problemFrom(response.status, await response.text()))
  return (response.status === 204 ? null : await response.json()) as T
}

/** Questions on their way: while there are some, live data does not ask again, or slow answers would never arrive. */
let open = 0
export const isAsking = (): boolean => open > 0

export interface Answer<T> {
  data: T | null
  problem: Problem | null
  /** the data belongs to an earlier question and the new answer is on its way */
  loading: boolean
  /** the question that `data` answers */
  path: string | null
}

/** Answers of before, so that Back paints at once; they are asked for again all the same. */
const memory = new Map<string, unknown>()
const remembered = 40

function keep(path: string, data: unknown): void {
  memory.delete(path)
  memory.set(path, data)
  if (memory.size > remembered) memory.delete(memory.keys().next().value as string)
}

/**
 * The answer to a question, kept on screen while the next is on its way. `path` null asks nothing.
 * A new `turn` asks the same again (live data). `subject` names what the answer is about: where that changes,
 * the old answer would be wrong to show and goes. `urgent` questions leave before the others: a browser keeps only six
 * connections to one place, and what is read first shall not queue behind the tables. Constant for each caller.
 */
export function useAnswer<T>(path: string | null, turn = 0, subject = '', urgent = false): Answer<T> {
  const effect = urgent ? useLayoutEffect : useEffect
  const [answer, setAnswer] = useState<Answer<T> & { subject: string }>({
    data: null,
    problem: null,
    loading: path !== null,
    path: null,
    subject,
  })
  effect(() => {
    if (path === null) {
      setAnswer((old) => ({ ...old, loading: false }))
      return
    }
    const stop = new AbortController()
    const known = memory.get(path) as T | undefined
    setAnswer((old) =>
      known !== undefined
        ? { data: known, problem: null, loading: true, path, subject }
        : { ...old, data: old.subject === subject ? old.data : null, problem: null, loading: true, subject },
    )
    open += 1
    ask<T>(path, { signal: stop.signal })
      .finally(() => {
        open -= 1
      })
      .then(
        (data) => {
          keep(path, data)
          setAnswer({ data, problem: null, loading: false, path, subject })
        },
        (error: unknown) => {
          if (stop.signal.aborted) return
          const problem =
            error instanceof ProblemError
              ? error.problem
              : { kind: 'failed' as const, status: 0, code: '', message: String(error) }
          setAnswer((old) => ({ ...old, problem, loading: false }))
        },
      )
    return () => stop.abort()
  }, [path, turn, subject])
  return answer.subject === subject ? answer : { data: null, problem: null, loading: path !== null, path: null }
}
