/**
 * Who fails, minute by minute: out of error counts told apart by client, the number of different clients, those that are new
 * to it, and the clumps of single clients that fail again and again.
 */
import type { Counts } from '../../schema/store/query.js'
import { statusClassOf } from '../../schema/status/status-class.js'
import type { Source, TroubleClass } from './detect/index.js'

/**
 * A newcomer had no such answer for this long, minutes. Of the code, not of the class: on a site of few hundred clients that ask all
 * day nearly each has some 404 every hour, and a limit that then hits all of them would have no newcomer at all.
 */
const NEW_AFTER = 60
/** A client that pauses for longer begins anew, minutes. */
const CLUMP_PAUSE = 15
/** So many requests of one client, if they come this fast (a minute), are told; what lasts longer is told when it ends. */
export const MANY_OF_CLUMP = 200
export const FAST_OF_CLUMP = 10
/** So many failures of one that was served before are no retry loop that anybody has. */
export const SOME_OF_CLUMP = 25
/** Fewer requests of one client are nobody's business. */
const LEAST_OF_CLUMP = 5

/** One client's errors of one class in a row. Minutes since the first of the traffic. */
export interface Clump {
  /** the number of its address, see `Counts.values` */
  client: number
  statusClass: TroubleClass
  first: number
  last: number
  requests: number
  /** requests of it before the first minute: read so that a run of errors is known as one, and counted in the stretch before */
  earlier: number
  /** the minute in which it had so many that it is told; null: it never had */
  many: number | null
  /** the minute in which it had so many that whoever was served before is a victim; null: it never had */
  some: number | null
  /** requests by `status source` and by host */
  codes: Map<string, number>
  hosts: Map<string, number>
}

/** One that may go on. Most are of one code and one host and very short: only what has several of them takes a table. */
interface OpenClump extends Omit<Clump, 'codes' | 'hosts'> {
  code: string
  host: string
  codes?: Map<string, number>
  hosts?: Map<string, number>
}

/** Different clients in a cell, and those of them that are new. */
export interface Heads {
  heads: number
  newcomers: number
}

export interface ClientReader {
  /** To be called with each cell in the order of time. `site`: a client counts once a minute over all hosts. */
  read(
    minute: number,
    code: string,
    host: string,
    client: number,
    requests: number,
    records: number,
  ): { site: Heads; host: Heads }
  clumps(): Clump[]
}

const NOBODY: Heads = { heads: 0, newcomers: 0 }
const ONE_AGAIN: Heads = { heads: 1, newcomers: 0 }
const ONE_NEW: Heads = { heads: 1, newcomers: 1 }

/** What is known of one client in one class; dropped when nothing befell it for an hour. */
interface Known {
  /** the last minute in which something befell it */
  last: number
  /** the first code that it got, and the last minute with it; nearly always the only one */
  code: string
  lastOfCode: number
  others: Map<string, number> | null
  clump: OpenClump | null
}

export function clientReader(): ClientReader {
  const known: { [statusClass in TroubleClass]: Map<number, Known> } = {
    '4xx': new Map(),
    '499': new Map(),
    '5xx': new Map(),
  }
  const classes = new Map<string, TroubleClass>()
  const done: Clump[] = []
  let tidied = 0

  function tidy(minute: number): void {
    tidied = minute
    for (const ofClass of Object.values(known))
      ofClass.forEach((one, client) => {
        if (one.clump && one.clump.last < minute - CLUMP_PAUSE) {
          close(one.clump)
          one.clump = null
        }
        if (one.last < minute - NEW_AFTER) ofClass.delete(client)
      })
  }

  function close(open: OpenClump): void {
    if (open.requests === 0 || open.requests + open.earlier < LEAST_OF_CLUMP) return
    const { code, host, ...clump } = open
    const { codes = new Map([[code, clump.requests]]), hosts = new Map([[host, clump.requests]]) } = clump
    done.push({ ...clump, codes, hosts })
  }

  function classOf(code: string): TroubleClass {
    let statusClass = classes.get(code)
    if (statusClass === undefined)
      classes.set(code, (statusClass = statusClassOf(Number(code.slice(0, 3))) as TroubleClass))
    return statusClass
  }

  function addToClump(of: Known, minute: number, code: string, host: string, client: number, requests: number): void {
    let one = of.clump
    if (one && one.last < minute - CLUMP_PAUSE) {
      close(one)
      one = null
    }
    one ??= of.clump = {
      client,
      statusClass: classOf(code),
      first: minute,
      last: minute,
      requests: 0,
      earlier: 0,
      many: null,
      some: null,
      code,
      host,
    }
    if (one.codes === undefined && code !== one.code) one.codes = new Map([[one.code, one.requests]])
    if (one.hosts === undefined && host !== one.host) one.hosts = new Map([[one.host, one.requests]])
    one.last = minute
    if (minute < 0) one.earlier += requests
    else one.requests += requests
    const all = one.requests + one.earlier
    if (one.many === null && all >= MANY_OF_CLUMP && all >= FAST_OF_CLUMP * (minute - one.first + 1)) one.many = minute
    if (one.some === null && all >= SOME_OF_CLUMP) one.some = minute
    if (minute < 0) return
    one.codes?.set(code, (one.codes.get(code) ?? 0) + requests)
    if (one.hosts && (one.hosts.size < MOST_HOSTS_OF_CLUMP || one.hosts.has(host)))
      one.hosts.set(host, (one.hosts.get(host) ?? 0) + requests)
  }

  return {
    read(minute, code, host, client, requests, records) {
      // nobody knows who it was: each record may be another
      if (client === 0) {
        const each = { heads: records, newcomers: records }
        return { site: each, host: each }
      }
      if (minute - tidied >= NEW_AFTER) tidy(minute)
      const ofClass = known[classOf(code)]
      let one = ofClass.get(client)
      let before = -Infinity
      if (one === undefined)
        ofClass.set(client, (one = { last: minute, code, lastOfCode: minute, others: null, clump: null }))
      else {
        before = one.code === code ? one.lastOfCode : (one.others?.get(code) ?? -Infinity)
        one.last = minute
        if (one.code === code) one.lastOfCode = minute
        else (one.others ??= new Map()).set(code, minute)
      }
      addToClump(one, minute, code, host, client, requests)
      const own = before < minute - NEW_AFTER ? ONE_NEW : ONE_AGAIN
      return { site: before === minute ? NOBODY : own, host: own }
    },
    clumps() {
      for (const ofClass of Object.values(known)) for (const { clump } of ofClass.values()) if (clump) close(clump)
      for (const ofClass of Object.values(known)) ofClass.clear()
      return done
    },
  }
}

const MOST_HOSTS_OF_CLUMP = 20

/** Whether the answer tells clients apart at all; an export without addresses has one number, that of nobody. */
export function tellsClients({ values }: Counts): boolean {
  return values !== null && values.some((client) => client !== 0)
}

/** What `code` of a reader is called. */
export const codeOf = (status: string, source: string): string => `${status} ${source}`

export function partsOfCode(code: string): { status: number; source: Source } {
  const [status, source] = code.split(' ')
  return { status: Number(status), source: source as Source }
}
