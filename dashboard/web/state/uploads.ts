/** Files on their way to the service: streamed from disk by the browser, two at a time, each with a way to stop it. */
import type { BatchReport } from '../../../schema/api/batches.js'
import { problemFrom, reachable, refusedAsStranger, signedOut, type Problem } from './api.js'
import { arrived, endsSoon } from './live.js'
import { leftMs, paced, startPace } from './pace.js'
import { createStore } from './store.js'

export interface Upload {
  key: number
  /** `demo`: nothing is sent, the service makes the lines up */
  kind: 'file' | 'demo'
  name: string
  size: number
  state: 'waiting' | 'sending' | 'finishing' | 'done' | 'failed' | 'cancelled'
  sent: number
  /** bytes a second */
  speed: number
  /** null: not known yet */
  leftMs: number | null
  report: BatchReport | null
  problem: Problem | null
}

const atOnce = 2
/** What is told of it changes no more often than this, ms. */
const tellEveryMs = 500

export const uploads = createStore<readonly Upload[]>([])
const files = new Map<number, File>()
const requests = new Map<number, XMLHttpRequest>()
let keys = 0

function patch(key: number, part: Partial<Upload>): void {
  uploads.set(uploads.get().map((u) => (u.key === key ? { ...u, ...part } : u)))
}

export function addFiles(list: readonly File[]): void {
  const added = list.map((file): Upload => {
    const key = ++keys
    files.set(key, file)
    return {
      key,
      kind: 'file',
      name: file.name,
      size: file.size,
      state: 'waiting',
      sent: 0,
      speed: 0,
      leftMs: null,
      report: null,
      problem: null,
    }
  })
  uploads.set([...uploads.get(), ...added])
  startNext()
}

/** Has the service load its simulated day; followed like an upload. */
export function addDemo(name: string): void {
  const key = ++keys
  uploads.set([
    ...uploads.get(),
    {
      key,
      kind: 'demo',
      name,
      size: 0,
      state: 'finishing',
      sent: 0,
      speed: 0,
      leftMs: null,
      report: null,
      problem: null,
    },
  ])
  const request = new XMLHttpRequest()
  requests.set(key, request)
  request.open('POST', '/api/v1/demo')
  follow(key, request)
  request.send()
}

export function cancel(key: number): void {
  const request = requests.get(key)
  patch(key, { state: 'cancelled' })
  files.delete(key)
  request?.abort()
  startNext()
}

export function retry(key: number): void {
  if (!files.has(key)) return
  patch(key, { state: 'waiting', sent: 0, speed: 0, leftMs: null, problem: null })
  startNext()
}

/** The files are still here: what failed for want of a session or of the service goes on when that is back. */
function resume(lost: (problem: Problem) => boolean): void {
  for (const u of uploads.get()) {
    const times = resumed.get(u.key) ?? 0
    if (u.kind !== 'file' || u.state !== 'failed' || !u.problem || !lost(u.problem) || times >= mostResumes) continue
    resumed.set(u.key, times + 1)
    retry(u.key)
  }
}

/** A file that breaks the connection each time is left to its reader. */
const mostResumes = 3
const resumed = new Map<number, number>()
reachable.watch((ok) => ok && resume((p) => p.kind === 'offline'))
signedOut.watch((out) => !out && resume((p) => p.status === 401))

/** Takes finished rows off the list. */
export function clearFinished(): void {
  uploads.set(uploads.get().filter((u) => u.state === 'waiting' || u.state === 'sending' || u.state === 'finishing'))
}

export const isActive = (u: Upload): boolean =>
  u.state === 'sending' || u.state === 'finishing' || u.state === 'waiting'

function startNext(): void {
  const list = uploads.get()
  const free =
    atOnce - list.filter((u) => u.kind === 'file' && (u.state === 'sending' || u.state === 'finishing')).length
  for (const upload of list.filter((u) => u.state === 'waiting').slice(0, Math.max(0, free))) send(upload.key)
}

/** XMLHttpRequest, because fetch tells nothing of how much of a body has left. A File body is read from disk as it goes. */
function send(key: number): void {
  const file = files.get(key)
  if (!file) return
  const request = new XMLHttpRequest()
  let pace = startPace(performance.now())
  let told = 0
  requests.set(key, request)
  request.open('POST', `/api/v1/logs?name=${encodeURIComponent(file.name)}`)
  request.setRequestHeader('content-type', 'application/x-ndjson')
  request.setRequestHeader('accept', 'application/json')
  request.upload.onprogress = (event) => {
    const at = performance.now()
    pace = paced(pace, at, event.loaded)
    if (at - told < tellEveryMs) return
    told = at
    patch(key, { sent: event.loaded, speed: pace.speed, leftMs: leftMs(pace, file.size - event.loaded) })
  }
  request.upload.onload = () => {
    endsSoon()
    patch(key, { sent: file.size, state: 'finishing' })
  }
  follow(key, request)
  patch(key, { state: 'sending' })
  request.send(file)
}

function follow(key: number, request: XMLHttpRequest): void {
  request.onload = () => settle(key, request)
  request.onerror = () => {
    end(key, { state: 'failed', problem: { kind: 'offline', status: 0, code: '', message: '' } })
    reachable.set(false)
  }
  request.onabort = () => end(key, {})
}

function settle(key: number, request: XMLHttpRequest): void {
  if (request.status === 401) refusedAsStranger(true)
  if (request.status !== 200) {
    end(key, { state: 'failed', problem: problemFrom(request.status, request.responseText) })
    return
  }
  try {
    const report = JSON.parse(request.responseText) as BatchReport
    files.delete(key)
    end(key, { state: 'done', report })
  } catch {
    end(key, { state: 'failed', problem: { kind: 'failed', status: 200, code: '', message: '' } })
  }
}

function end(key: number, part: Partial<Upload>): void {
  requests.delete(key)
  patch(key, part)
  arrived(part.report?.id ?? null)
  startNext()
}

addEventListener('beforeunload', (event) => {
  if (uploads.get().some(isActive)) event.preventDefault()
})
