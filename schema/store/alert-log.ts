/**
 * Where alerting keeps what must outlive the process: rules, how far each was evaluated, episodes, silences,
 * maintenance windows, notifiers with their secrets, and notices that wait for delivery.
 * What evaluation changes, and the notices about it, are committed together or not at all.
 * Times are epoch ms; "event time" is the time of the records, "wall time" is ours.
 */
import type { BurnWindow, MaintenanceDraft, Matcher, RuleDraft, Severity } from '../api/alerts.js'
import type { Fence } from './leases.js'
import type { Page, PageQuery } from './paging.js'
import type { Language } from '../words/languages.js'

export type Labels = { [name: string]: string }

export interface StoredRule {
  id: string
  origin: 'person' | 'starter' | 'file'
  draft: RuleDraft
  createdAt: number
  updatedAt: number
}

/** One alert of a rule (one group of its `by`) as the evaluation remembers it. Absent: inactive, and nothing to remember. */
export interface Instance {
  phase: 'inactive' | 'pending' | 'firing'
  /** event time: broken since; moves on while nobody can tell */
  pendingAt: number
  firedAt: number
  /** event time since when it is over while it is kept firing; null while broken */
  calmAt: number | null
  /** event time since when nobody can tell; null while the logs tell */
  unknownSince: number | null
  /** event times of recent firings, to recognise flapping */
  starts: number[]
  flapping: boolean
  /** id of the episode while firing */
  episode: string | null
  /** highest value since pending */
  peak: number
}

/** How far a rule was evaluated. Evaluation goes on from the checkpoint, so that late data still counts. */
export interface RuleMemory {
  rule: string
  /** what the rule asked for when this was written: another text means that the rule was changed */
  condition: string
  /** event time of the checkpoint, and the instances as they were then */
  checkpoint: number
  before: { [key: string]: Instance }
  /** event time of the last evaluation that succeeded, and the instances then */
  evaluatedTo: number
  now: { [key: string]: Instance & { value: number | null } }
  /** wall time of the last evaluation, whether it succeeded or not */
  evaluatedAt: number
  error: { code: string; message: string } | null
  noDataSince: number | null
}

export type EndReason = 'recovered' | 'no-data' | 'withdrawn' | 'rule-changed' | 'rule-off' | 'rule-deleted'

/** How a value is to be read. */
export type Unit = 'requests' | 'share' | 'burn' | 'score' | 'minutes' | 'ms'

/** What was seen when it fired, for the notices: plain figures, put into words later. */
export interface Finding {
  unit: Unit
  /** the value that broke the rule (the highest) */
  value: number
  threshold: number | null
  /** what is usual; null where nobody can tell */
  expected: number | null
  /** ms of the window behind the value; null for surges and absence */
  window: number | null
  /** requests behind a share */
  requests: number | null
  burn: BurnWindow | null
  objective: number | null
  /** of durations, 0–1 */
  percentile?: number
  surge: {
    status: number | null
    statusClass: string
    source: string | null
    host: string | null
    start: number
  } | null
}

/** Requests of a surge, whose value is a score; null for every other kind, whose value says it. */
export const observedOf = ({ unit, requests }: Finding): number | null => (unit === 'score' ? requests : null)

/** One firing of one instance. */
export interface Episode {
  id: string
  rule: string
  name: string
  kind: string
  severity: Severity
  /** of a surge, as its spike was judged: `severity` is no higher than this says; absent: not judged */
  urgency?: Urgency
  /** all labels: the rule's, the group's, alertname and the rule's severity */
  labels: Labels
  /** the group alone: which instance of the rule */
  key: string
  state: 'firing' | 'resolved'
  pendingAt: number
  firedAt: number
  resolvedAt: number | null
  reason: EndReason | null
  finding: Finding
  flapping: boolean
  noData: boolean
  /** wall time at which it was first seen: much later than firedAt when the logs came late */
  seenAt: number
  acknowledged: { at: number; by: string; note: string } | null
  muted: string | null
  /**
   * What was last queued for each notifier, and how often, to make ids of notices. Who was told is another matter:
   * `tellings` says what was taken.
   */
  queued: { [notifier: string]: { phase: 'firing' | 'resolved'; at: number; acknowledged: boolean; times: number } }
  /** nothing is left to tell or to watch */
  settled: boolean
}

export interface StoredSilence {
  id: string
  matchers: Matcher[]
  startsAt: number
  endsAt: number
  reason: string
  by: string
}
export interface StoredMaintenance extends MaintenanceDraft {
  id: string
}

export interface StoredNotifier {
  id: string
  name: string
  /** a channel; of another version's it may be one that is not known here */
  type: string
  enabled: boolean
  language: Language
  timeZone: string
  severities: Severity[]
  matchers: Matcher[]
  sendResolved: boolean
  groupBy: string[]
  groupWait: number
  groupInterval: number
  repeatInterval: number
  settings: { [name: string]: unknown }
  /** never leaves the service but towards its receiver */
  secrets: { [name: string]: unknown }
  /** why its secrets can not be read; they are empty then */
  unreadable?: string
}

/** What was last said about a group of alerts to a notifier, wall time. */
export interface NoticeGroup {
  notifier: string
  key: string
  waitingSince: number | null
  lastNoticeAt: number | null
}

export type NoticePhase = 'firing' | 'resolved' | 'acknowledged' | 'passed'

/** How much it matters, from who suffers, how much and how long: somebody has to look now, during the day, or may know. */
export type Urgency = 'page' | 'ticket' | 'note'

export interface Explanation {
  /** null: none is likely enough to be told */
  cause: { id: string; title: string; explanation: string; confidence: number | null; url: string | null } | null
  firstCheck: string | null
  /** of the spike, with its reason in the language asked for; absent or null where nobody judged it */
  urgency?: { severity: Urgency; reason: string } | null
  spike: string | null
}

/** An alert as a notice tells it: everything needed to put it into words, so that a retry says the same. */
export interface NoticeAlert {
  episode: string
  rule: string
  name: string
  kind: string
  severity: Severity
  labels: Labels
  where: { dimension: string; values: string[]; not: boolean }[]
  phase: NoticePhase
  /** false: told before and unchanged, listed since it still fires */
  changed: boolean
  pendingAt: number
  firedAt: number
  resolvedAt: number | null
  reason: EndReason | null
  finding: Finding
  flapping: boolean
  noData: boolean
  note: string
  runbook: string
  acknowledged: { by: string; note: string } | null
  explanation: Explanation | null
  links: { alert: string | null; spike: string | null }
}

export interface Notice {
  /** stable: the same on every attempt, never used twice */
  id: string
  notifier: string
  group: string
  groupLabels: Labels
  reason: 'change' | 'repeat' | 'acknowledged' | 'test'
  language: Language
  createdAt: number
  alerts: NoticeAlert[]
}

export interface Attempt {
  at: number
  ok: boolean
  status: number | null
  error: string | null
  milliseconds: number
}

export interface Delivery {
  notice: Notice
  state: 'queued' | 'sending' | 'sent' | 'failed' | 'cancelled'
  dueAt: number
  attempts: Attempt[]
  sentAt: number | null
}

/** What became of one notice about one episode. Told means: the receiver took it. */
export interface Telling {
  episode: string
  notifier: string
  notice: string
  phase: NoticePhase
  state: Delivery['state']
  /** wall times */
  queuedAt: number
  sentAt: number | null
  /** the next attempt; null: none */
  dueAt: number | null
  /** attempts that failed, and why the last one did */
  failures: number
  error: string | null
}

/** A notifier whose receiver does not take what it is sent. */
export interface Failing {
  /** wall time of the first failed attempt since it last took something, or was changed */
  since: number
  /** notices that it did not take */
  notices: number
  error: string | null
}

/** What one attempt led to. `retryAt` null: sent, or given up. */
export interface AttemptOutcome {
  attempt: Attempt
  state: 'sent' | 'queued' | 'failed'
  retryAt: number | null
}

/** All that one evaluation reads, as of one moment. */
export interface AlertSnapshot {
  /** changes with everything that evaluation depends on; commit() takes it back */
  revision: number
  rules: StoredRule[]
  memories: RuleMemory[]
  /** not settled, or not over before the oldest checkpoint */
  episodes: Episode[]
  silences: StoredSilence[]
  maintenance: StoredMaintenance[]
  notifiers: StoredNotifier[]
  groups: NoticeGroup[]
  settings: { [name: string]: string }
}

/** All that one evaluation changes. */
export interface AlertCommit {
  revision: number
  /** of many nodes the one that evaluates; left out where there is one */
  fence?: Fence | null
  memories: RuleMemory[]
  episodes: Episode[]
  groups: NoticeGroup[]
  /** groups of which nothing is left to say */
  forgottenGroups: { notifier: string; key: string }[]
  /** memories of rules that are off or gone */
  forgottenMemories: string[]
  notices: Notice[]
  settings: { [name: string]: string }
}

export interface EpisodeQuery extends PageQuery {
  /** those that fire at some time of the range */
  from: number | null
  to: number | null
  rule: string | null
  state: 'firing' | 'resolved' | null
}
export interface DeliveryQuery extends PageQuery {
  notifier: string | null
  state: Delivery['state'] | null
}

/** Another node evaluates and notifies: what this one planned is void. */
export const notLeading = () =>
  Object.assign(new Error('Another node evaluates the rules now: this one has lost its lease and writes nothing.'), {
    code: 'NOT_LEADING',
  })

export interface AlertLog {
  load(): Promise<AlertSnapshot>
  /**
   * False: something changed since the snapshot was taken, nothing was written. Load and evaluate again. Rejects with `NOT_LEADING`
   * where the fence says that another node evaluates now.
   */
  commit(change: AlertCommit): Promise<boolean>

  putRules(rules: StoredRule[], removed: string[]): Promise<void>
  putSilence(silence: StoredSilence): Promise<void>
  deleteSilence(id: string): Promise<boolean>
  putMaintenance(window: StoredMaintenance): Promise<void>
  deleteMaintenance(id: string): Promise<boolean>
  /** Waiting notices of the notifier become due at once: the change may have mended it. */
  putNotifier(notifier: StoredNotifier, now: number): Promise<void>
  /** Its waiting notices are cancelled. */
  deleteNotifier(id: string): Promise<boolean>

  /** Newest first. */
  episodes(query: EpisodeQuery): Promise<Page<Episode>>
  episode(id: string): Promise<Episode | null>
  acknowledge(id: string, by: { at: number; by: string; note: string } | null): Promise<Episode | null>

  /**
   * Takes the next due notice of each notifier that is not in `busy`, and nobody else gets it until `now + lease`:
   * if this process dies, it is due again then. Notices of one group keep their order. None where the fence is an old one.
   */
  claim(ask: { now: number; lease: number; busy: string[]; fence?: Fence | null }): Promise<Notice[]>
  /**
   * Right before it is sent: is it still to be, and by us? Then it is nobody else's until `until`. False where it was taken over,
   * or the fence is an old one: it must not be sent.
   */
  confirm(id: string, until: number, fence: Fence | null): Promise<boolean>
  /** Wall time of the next notice that waits; null: none. */
  nextDue(): Promise<number | null>
  finish(id: string, outcome: AttemptOutcome): Promise<void>
  /** Gives a claimed notice back unattempted. */
  release(id: string): Promise<void>
  /** Taken by the caller until `leasedUntil`, as if claimed. */
  enqueue(notice: Notice, leasedUntil: number): Promise<void>
  /** Of these episodes, in the order in which the notices were queued. */
  tellings(episodes: string[]): Promise<Telling[]>
  /** The latest first. */
  deliveries(query: DeliveryQuery): Promise<Page<Delivery>>
  delivery(id: string): Promise<Delivery | null>
  /** Makes a waiting or failed notice due at once. False: there is none such. */
  retry(id: string, now: number): Promise<boolean>
  /** After the clock was set back: what waits for a time far ahead is due now. */
  hurry(now: number): Promise<void>
  counts(): Promise<{
    [notifier: string]: {
      queued: number
      failed: number
      last: { at: number; ok: boolean; error: string | null } | null
      failing: Failing | null
    }
  }>

  setSetting(name: string, value: string): Promise<void>
  /** Forgets what was over and delivered before this wall time. */
  expire(before: number): Promise<void>
}
