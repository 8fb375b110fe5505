/**
 * Errors by minute and series, gathered sparsely: of a month and forty hosts most minutes of most series are empty, and laid
 * out in full they would take hundreds of MB. Only those that are watched are laid out.
 */
import { statusClassOf } from '../../schema/status/status-class.js'
import { codeOf, partsOfCode, type Heads } from './clients.js'
import type { MinuteSeries, TroubleClass } from './detect/index.js'

class SparseSeries {
  private readonly minutes: number[] = []
  private readonly counts: number[] = []
  private readonly heads: number[] = []
  private readonly newcomers: number[] = []

  constructor(
    private readonly code: string,
    private readonly host: string | null,
  ) {}

  /** In the order of time, which makes one cell of each minute; otherwise it may be several. */
  add(minute: number, requests: number, { heads, newcomers }: Heads): void {
    let i = this.minutes.length - 1
    if (i < 0 || this.minutes[i] !== minute) {
      i++
      this.minutes.push(minute)
      this.counts.push(0)
      this.heads.push(0)
      this.newcomers.push(0)
    }
    this.counts[i] += requests
    this.heads[i] += heads
    this.newcomers[i] += newcomers
  }

  /** The most requests in so many minutes in a row. */
  mostIn(width: number): number {
    let most = 0
    let sum = 0
    let first = 0
    for (let i = 0; i < this.minutes.length; i++) {
      sum += this.counts[i]
      for (; this.minutes[first] <= this.minutes[i] - width; first++) sum -= this.counts[first]
      if (sum > most) most = sum
    }
    return most
  }

  laidOut(minutes: number, ofClients: boolean): MinuteSeries {
    const { status, source } = partsOfCode(this.code)
    const over = (values: readonly number[]) => {
      const all = new Float64Array(minutes)
      for (let i = 0; i < values.length; i++) all[this.minutes[i]] += values[i]
      return all
    }
    return {
      status,
      statusClass: statusClassOf(status) as TroubleClass,
      source,
      host: this.host,
      counts: over(this.counts),
      ...(ofClients ? { heads: over(this.heads), newcomers: over(this.newcomers) } : {}),
    }
  }
}

/** A group of cells (status, source, host), and the series that it counts in; `own` where its host is watched. */
export interface GroupSeries {
  code: string
  host: string
  site: SparseSeries
  own: SparseSeries | null
}

export class SeriesSums {
  private readonly all = new Map<string, SparseSeries>()

  constructor(private readonly hosts: ReadonlySet<string>) {}

  of([status, source, host]: readonly string[]): GroupSeries {
    const code = codeOf(status, source)
    return { code, host, site: this.one(code, null), own: this.hosts.has(host) ? this.one(code, host) : null }
  }

  /** Those that are worth it, minute by minute. */
  series(minutes: number, ofClients: boolean, isWorthIt: (one: SparseSeries) => boolean): MinuteSeries[] {
    return [...this.all.values()].filter(isWorthIt).map((one) => one.laidOut(minutes, ofClients))
  }

  private one(code: string, host: string | null): SparseSeries {
    const key = `${code} ${host ?? ''}`
    let one = this.all.get(key)
    if (!one) this.all.set(key, (one = new SparseSeries(code, host)))
    return one
  }
}
