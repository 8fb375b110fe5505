/** GET /api/v1/privacy and POST /api/v1/erasures: what is kept of visitors, who saw it, and the way to erase it. */
import type { FastifyInstance } from 'fastify'
import { instant } from '../../analyze/http/parameters.js'
import { badRequest, RequestError } from '../../schema/api/errors.js'
import { ErasedSchema, ErasureDraftSchema, PrivacySchema, type PrivacyJson } from '../../schema/api/privacy.js'
import { typed } from '../../schema/api/typed.js'
import type { Erasure } from '../../schema/store/erasure.js'
import { everyItem } from '../../schema/store/paging.js'
import type { Ages } from '../../schema/store/kept.js'
import type { Store } from '../../schema/store/store.js'
import type { ClientAddresses } from '../../schema/words/client-addresses.js'
import { DAY } from '../../schema/words/duration.js'
import { iso, isoOrNull } from '../../schema/words/iso.js'
import type { Trail } from '../access/audit-trail.js'
import { AUDIT_DAYS } from '../access/expiry.js'

/** How the service was told to keep things. */
export interface KeepingSettings {
  clientAddresses: ClientAddresses
  queryStrings: boolean
  retentionDays: number | null
  retentionCountsDays?: number | null
  /** by zone in lower case; '' is what has no zone */
  retentionZones?: ReadonlyMap<string, Ages>
  /** of 10^9 bytes */
  retentionGb: number | null
}

export interface PrivacyOptions {
  store: Pick<Store, 'records' | 'ledger'>
  trail: Trail
  keeping: KeepingSettings
  now?: () => number
}

const BODY_LIMIT = 5_000
const SEEN_DAYS = 30
/** What shows single requests, by its name in the audit log. */
export const LOOKS = ['records.read', 'records.export', 'batch.rejected']

export async function privacyPlugin(
  instance: FastifyInstance,
  { store, trail, keeping, now = Date.now }: PrivacyOptions,
): Promise<void> {
  const app = typed(instance)

  app.get(
    '/privacy',
    {
      schema: {
        description: 'What is kept of visitors, how long, and who looked at it',
        tags: ['access'],
        response: { 200: PrivacySchema },
      },
    },
    async () => {
      const { records, from, to } = await store.records.extent()
      const { retentionZones: _, ...kept } = keeping
      return {
        ...kept,
        auditDays: AUDIT_DAYS,
        records,
        from: isoOrNull(from),
        to: isoOrNull(to),
        seenBy: await seenBy(),
        erasable: store.records.erase !== undefined,
      }
    },
  )

  async function seenBy(): Promise<PrivacyJson['seenBy']> {
    await trail.flush()
    const seen = new Map<string, PrivacyJson['seenBy'][number]>()
    for (const action of LOOKS) {
      const from = now() - SEEN_DAYS * DAY
      for await (const entry of everyItem((page) =>
        store.ledger.audit.page({ ...page, action, from, outcome: 'done' }),
      )) {
        const key = JSON.stringify([entry.actor, entry.action])
        const known = seen.get(key) ?? { name: entry.actor, action: entry.action, times: 0, lastAt: iso(entry.time) }
        seen.set(key, { ...known, times: known.times + Number((entry.detail as { times?: number }).times ?? 1) })
      }
    }
    return [...seen.values()].sort((a, b) => (a.lastAt < b.lastAt ? 1 : -1))
  }

  app.post(
    '/erasures',
    {
      bodyLimit: BODY_LIMIT,
      schema: {
        description: 'Erases what is stored of a host, a visitor or a range, with its figures, for good',
        tags: ['access'],
        body: ErasureDraftSchema,
        response: { 200: ErasedSchema },
      },
    },
    async ({ body: { host, clientIp, from, to } }) => {
      const what: Erasure = {
        host,
        clientIp,
        from: from === undefined ? undefined : instant(from, 'from'),
        to: to === undefined ? undefined : instant(to, 'to'),
      }
      if (Object.values(what).every((value) => value === undefined))
        throw badRequest('NOTHING_TO_ERASE', 'Say what to erase: "host", "clientIp", "from", "to", or several of them.')
      if (what.from !== undefined && what.to !== undefined && what.to <= what.from)
        throw badRequest('EMPTY_RANGE', 'The range ends before it begins. Swap "from" and "to".')
      if (store.records.erase === undefined)
        throw new RequestError(501, 'CANNOT_ERASE', 'This kind of store erases by age and by batch only.')
      const { records, samples } = await store.records.erase(what)
      return {
        removed: records,
        samples,
        notReached: ['backups' as const, 'incidents' as const, 'alerts' as const, 'notices' as const],
      }
    },
  )
}
