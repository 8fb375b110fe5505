/** How much it matters: from who suffers, how much and how long. */
import type { Source } from '../../../schema/words/sources.js'

export const SEVERITIES = ['page', 'ticket', 'note'] as const
/** Somebody has to look now; during the day; or may know. */
export type Severity = (typeof SEVERITIES)[number]

/** What decides; the reason is said in these figures. */
export interface Suffering {
  kind: 'many' | 'party' | 'strangers' | 'elsewhere' | 'client' | 'pattern' | 'victim' | 'slow' | 'stale'
  /** different addresses; null: the export has none */
  clients: number | null
  /** above the expectation */
  extra: number
  /** 0–1 of all requests of its place meanwhile */
  share: number
  /** the hosts, countries … whose requests those are; none: the whole site */
  place?: readonly { dimension: string; value: string }[]
  /** of a victim: who it is; the share is of its own requests */
  address?: string
  minutes: number
  ongoing: boolean
  statusClass: string
  source: Source | null
  /** of slowness: how long answers take, ms */
  slow?: { now: number; before: number }
}

export interface Judgement extends Suffering {
  severity: Severity
}

/** What only so few suffer is nobody's night: clients, and requests where clients are not known. */
const FEW_CLIENTS = 12
const FEW_REQUESTS = 25
/** Part of the requests of its scope from which trouble pages: failures, and answers that the visitor may be the reason of. */
const PAGE_SHARE = 0.02
const PAGE_SHARE_OF_4XX = 0.2
/** So many pages in any case. */
const PAGE_CLIENTS = 150
/** What is over this soon and was small is for the day. */
const SHORT_MINUTES = 3
const CLIENT_TICKET = 5_000
/** Visitors leave who wait this long (ms), and so many times as long as they are used to; of so many of the site's requests. */
const PAGE_WAIT_MS = 2_000
const PAGE_TIMES = 3
const PAGE_SHARE_OF_SLOW = 0.2
const NEARLY_EVERYTHING = 0.5

export function judge(s: Suffering): Judgement {
  return { ...s, severity: severityOf(s) }
}

function severityOf({ kind, clients, extra, share, minutes, ongoing, statusClass, slow }: Suffering): Severity {
  if (kind === 'pattern') return 'note'
  // whoever got an old copy got an answer
  if (kind === 'victim' || kind === 'stale') return 'ticket'
  if (kind === 'slow') {
    const isLong = slow !== undefined && slow.now >= PAGE_WAIT_MS && slow.now >= PAGE_TIMES * slow.before
    // where nearly everything is slow, few are everybody
    const many = (clients ?? extra) >= FEW_CLIENTS || share >= NEARLY_EVERYTHING
    return isLong && share >= PAGE_SHARE_OF_SLOW && many ? 'page' : 'ticket'
  }
  if (kind === 'client' || kind === 'party') return extra >= CLIENT_TICKET && share >= 0.3 ? 'ticket' : 'note'
  if (kind === 'strangers' || kind === 'elsewhere') return (clients ?? extra) >= PAGE_CLIENTS ? 'ticket' : 'note'
  const few = clients === null ? extra < FEW_REQUESTS : clients < FEW_CLIENTS
  const short = !ongoing && minutes <= SHORT_MINUTES
  // where nearly everything fails, few are everybody
  if (few) return share >= NEARLY_EVERYTHING && !short ? 'page' : 'ticket'
  if (short && (clients ?? extra) < PAGE_CLIENTS) return share >= 0.3 ? 'page' : 'ticket'
  if (statusClass === '4xx') return share >= PAGE_SHARE_OF_4XX ? 'page' : 'ticket'
  return share >= PAGE_SHARE || (clients ?? extra) >= PAGE_CLIENTS ? 'page' : 'ticket'
}
