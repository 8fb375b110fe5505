/**
 * What the audit log is told, on its way there. Changes are written at once, many that come together in one commit; what comes
 * a hundred times a second is summed up, so that neither Logpush nor a flood of guesses fills the store.
 */
import type { FastifyRequest } from 'fastify'
import type { Json } from '../../schema/words/json.js'
import { HOUR, SECOND } from '../../schema/words/duration.js'
import type { Audit, AuditEntry, AuditOutcome } from '../../schema/store/ledger/audit.js'

/** What is summed up is written this long after it began, ms. */
const SUM_MS = 10 * SECOND
/** Sums at once; what comes beyond is told without its address. */
const MOST_SUMS = 200
/**
 * Entries of one kind by one person within an hour; what comes beyond is summed up as well. Questions are noted too, and nobody may
 * remove an entry for 400 days: whoever may only look could fill the disk for good.
 */
const MOST_EACH = 1_000
/** Entries that wait for a store that cannot be written; beyond, the oldest go. */
const MOST_WAITING = 10_000

export interface Deed {
  action: string
  target?: string | null
  outcome: AuditOutcome
  detail?: { readonly [name: string]: Json }
}

export interface Trail {
  note(request: FastifyRequest, deed: Deed): void
  /** `counts` are added up over all deeds of the same kind, actor and address. */
  sum(request: FastifyRequest, deed: Omit<Deed, 'detail'>, counts?: { readonly [name: string]: number }): void
  /** Resolves when all that was told so far is written. */
  flush(): Promise<void>
  close(): Promise<void>
}

type Entry = Omit<AuditEntry, 'id'>
interface Sum extends Entry {
  counts: { [name: string]: number }
}

export function createTrail(audit: Audit, onError: (error: unknown) => void, now: () => number = Date.now): Trail {
  let waiting: Entry[] = []
  const sums = new Map<string, Sum>()
  let writing: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined

  const entryOf = ({ who, ip }: FastifyRequest, { action, target = null, outcome, detail = {} }: Deed): Entry => ({
    time: now(),
    actor: who?.name ?? null,
    role: who?.role ?? null,
    address: ip,
    action,
    target,
    outcome,
    detail,
  })

  function write(): Promise<void> {
    writing = writing.then(async () => {
      if (waiting.length === 0) return
      const entries = waiting
      waiting = []
      try {
        await audit.append(entries)
      } catch (error) {
        waiting = [...entries, ...waiting].slice(-MOST_WAITING)
        onError(error)
      }
    })
    return writing
  }

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    for (const { counts, ...entry } of sums.values()) waiting.push({ ...entry, detail: counts })
    sums.clear()
    return write()
  }

  const each = new Map<string, number>()
  let hour = 0
  /** False: there were enough of these. */
  function isFew({ action, outcome, actor }: Entry): boolean {
    const current = Math.floor(now() / HOUR)
    if (current !== hour) each.clear()
    hour = current
    const key = [action, outcome, actor].join('\0')
    const count = (each.get(key) ?? 0) + 1
    each.set(key, count)
    return count <= MOST_EACH
  }

  const trail: Trail = {
    note(request, { detail, ...deed }) {
      const entry = entryOf(request, { detail, ...deed })
      if (!isFew(entry)) return trail.sum(request, deed)
      waiting.push(entry)
      void write()
    },
    sum(request, deed, counts = {}) {
      const entry = entryOf(request, deed)
      if (sums.size >= MOST_SUMS) entry.address = null
      const key = [entry.action, entry.outcome, entry.actor, entry.address].join('\0')
      let sum = sums.get(key)
      if (!sum) sums.set(key, (sum = { ...entry, counts: { times: 0 } }))
      if (sum.target !== entry.target) sum.target = null
      for (const [name, count] of Object.entries({ times: 1, ...counts }))
        sum.counts[name] = (sum.counts[name] ?? 0) + count
      timer ??= setTimeout(() => void flush(), SUM_MS).unref()
    },
    flush,
    close: flush,
  }
  return trail
}
