/** What lists give as files: the fields of the API that their rows are made of. */
import type { AuditEntryJson, SessionJson, TokenJson } from '../../../schema/api/access.js'
import type { Backtest, DeliveryJson, EpisodeJson, WouldHaveFired } from '../../../schema/api/alerts.js'
import type { AnnotationJson } from '../../../schema/api/annotations.js'
import type { BatchReport } from '../../../schema/api/batches.js'
import type { WitnessZone } from '../../../schema/api/witness.js'
import type { IncidentHead } from './incidents.js'
import { takingOf, type Taking } from './take.js'

export const takingOfEpisodes = (title: string, rows: readonly EpisodeJson[]): Taking =>
  takingOf(
    title,
    rows,
    'id',
    'rule',
    'name',
    'severity',
    'labels',
    'state',
    'firedAt',
    'resolvedAt',
    'reason',
    'value',
    'unit',
    'threshold',
    'expected',
    'flapping',
    'acknowledged',
    'notified',
  )

export const takingOfDeliveries = (title: string, rows: readonly DeliveryJson[]): Taking =>
  takingOf(
    title,
    rows,
    'id',
    'notifier',
    'notifierName',
    'reason',
    'state',
    'createdAt',
    'sentAt',
    'alerts',
    'attempts',
  )

export const takingOfBacktest = (title: string, { episodes }: Backtest): Taking =>
  takingOf(title, episodes, 'labels', 'firedAt', 'resolvedAt', 'reason', 'value', 'threshold', 'expected', 'observed')

export const takingOfWould = (title: string, { rules }: WouldHaveFired): Taking =>
  takingOf(title, rules, 'id', 'name', 'severity', 'enabled', 'notices', 'episodes')

export const takingOfBatches = (title: string, rows: readonly BatchReport[]): Taking =>
  takingOf(
    title,
    rows,
    'id',
    'receivedAt',
    'name',
    'input',
    'job',
    'sender',
    'senderAddress',
    'state',
    'lines',
    'stored',
    'duplicates',
    'rejected',
    'rejectedByReason',
    'from',
    'to',
    'bytes',
    'lagSeconds',
    'seconds',
  )

export const takingOfAnnotations = (title: string, rows: readonly AnnotationJson[]): Taking =>
  takingOf(title, rows, 'id', 'at', 'from', 'to', 'text', 'kind', 'zone', 'host', 'url', 'author', 'createdAt')

export const takingOfIncidents = (title: string, rows: readonly IncidentHead[]): Taking =>
  takingOf(title, rows, 'id', 'title', 'from', 'to', 'author', 'createdAt')

export const takingOfAudit = (title: string, rows: readonly AuditEntryJson[]): Taking =>
  takingOf(title, rows, 'id', 'time', 'actor', 'role', 'address', 'action', 'target', 'outcome', 'detail')

export const takingOfTokens = (title: string, rows: readonly TokenJson[]): Taking =>
  takingOf(title, rows, 'id', 'name', 'role', 'zones', 'state', 'createdAt', 'createdBy', 'expiresAt', 'lastUsedAt')

export const takingOfSessions = (title: string, rows: readonly SessionJson[]): Taking =>
  takingOf(title, rows, 'id', 'name', 'role', 'zones', 'address', 'userAgent', 'createdAt', 'lastSeenAt')

/** Hours and statuses alike, those that agree too. */
export const takingOfWitness = (title: string, { hours, statuses }: WitnessZone): Taking => ({
  title,
  head: ['from', 'status', 'cloudflare', 'lower', 'upper', 'here', 'agrees'],
  rows: [...hours.map((one) => ({ ...one, status: null })), ...statuses.map((one) => ({ ...one, from: null }))].map(
    ({ from, status, cloudflare, here, agrees }) => [
      from,
      status,
      cloudflare.estimate,
      cloudflare.lower,
      cloudflare.upper,
      here,
      agrees,
    ],
  ),
})
