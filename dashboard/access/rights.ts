/**
 * Who may do what, once: every route of the service with the role that it needs, what of it someone sees who is limited to
 * zones, and the name under which the audit log notes it. A route that is not here stops the start.
 */
import type { Role } from '../../schema/words/roles.js'

export interface Right {
  /** `stranger`: whoever comes; `someone`: whoever signed in, whatever the role */
  needs: Role | 'stranger' | 'someone'
  /**
   * For somebody limited to zones: `limited` answers from these zones only, `same` says nothing of any zone, and what
   * cannot be limited is `refused`.
   */
  zones: 'limited' | 'same' | 'refused'
  /** its name in the audit log; null: it is not noted */
  noted: string | null
  /** `each` time, or how often it came, summed up: what comes a hundred times a second, or is looked at all day */
  how: 'each' | 'summed'
}

type Rest = Partial<Pick<Right, 'zones' | 'noted' | 'how'>>
const needs =
  (who: Right['needs'], zones: Right['zones']) =>
  (noted: string | null = null, rest: Rest = {}): Right => ({ needs: who, zones, noted, how: 'each', ...rest })

const open = needs('stranger', 'same')
const someone = needs('someone', 'same')
const ingest = needs('ingest', 'refused')
const read = needs('read', 'refused')
const operate = needs('operate', 'refused')
const admin = needs('admin', 'refused')

const LIMITED = { zones: 'limited' } as const
const SAME = { zones: 'same' } as const
/** Looking at single requests, addresses of visitors among them: who did is told, not every look. */
const LOOK = { zones: 'limited', how: 'summed' } as const

export const RIGHTS: { readonly [route: string]: Right } = {
  // the door
  'GET /healthz': open(),
  'GET /login': open(),
  'POST /login': open(),
  'GET /login.css': open(),
  'GET /icon.svg': open(),
  'POST /logout': open(),
  'GET /login/oidc': open(),
  'GET /login/oidc/callback': open(),
  'GET /api/v1/me': someone(),

  // logs
  'POST /api/v1/logs': ingest('logs.post', { zones: 'limited', how: 'summed' }),
  'POST /api/v1/demo': operate('logs.demo'),
  'GET /api/v1/batches': read(),
  'GET /api/v1/batches/:id': read(),
  'GET /api/v1/batches/:id/rejected': read('batch.rejected'),
  'DELETE /api/v1/batches/:id': operate('batch.delete'),
  'GET /api/v1/inputs': read(),
  'GET /api/v1/witness': read(),

  // questions
  'GET /api/v1/summary': read(null, LIMITED),
  'GET /api/v1/timeseries': read(null, LIMITED),
  'GET /api/v1/breakdown': read(null, LIMITED),
  'GET /api/v1/values': read(null, LIMITED),
  'GET /api/v1/dimensions': read(null, LIMITED),
  'GET /api/v1/percentiles': read(null, LIMITED),
  'GET /api/v1/records': read('records.read', LOOK),
  'GET /api/v1/records/:rayId': read('records.read', LOOK),
  'GET /api/v1/export': read('records.export', LIMITED),
  'GET /api/v1/fields': read(null, SAME),

  // spikes, statuses, notes, incidents
  'GET /api/v1/spikes': read(null, LIMITED),
  'GET /api/v1/spikes/:id': read(null, LIMITED),
  'PUT /api/v1/spikes/:id/verdict': operate('verdict.set', LIMITED),
  'DELETE /api/v1/spikes/:id/verdict': operate('verdict.delete'),
  'GET /api/v1/explain': read(null, LIMITED),
  'GET /api/v1/statuses': read(null, SAME),
  'GET /api/v1/statuses/titles': read(null, SAME),
  'GET /api/v1/statuses/:code': read(null, SAME),
  'GET /api/v1/annotations': read(null, LIMITED),
  'GET /api/v1/annotations/:id': read(null, LIMITED),
  'POST /api/v1/annotations': operate('annotation.create', LIMITED),
  'PATCH /api/v1/annotations/:id': operate('annotation.change', LIMITED),
  'DELETE /api/v1/annotations/:id': operate('annotation.delete', LIMITED),
  'GET /api/v1/incidents': read(),
  'GET /api/v1/incidents/:id': read(),
  'POST /api/v1/incidents': operate('incident.create'),
  'DELETE /api/v1/incidents/:id': operate('incident.delete'),

  // alerts: a rule counts over all zones
  'GET /api/v1/rules': read(),
  'GET /api/v1/rules/kinds': read(null, SAME),
  'GET /api/v1/rules/:id': read(),
  'GET /api/v1/rules/export': read(),
  'POST /api/v1/rules': operate('rule.create'),
  'PUT /api/v1/rules/:id': operate('rule.change'),
  'DELETE /api/v1/rules/:id': operate('rule.delete'),
  'POST /api/v1/rules/validate': read(null, SAME),
  'POST /api/v1/rules/preview': read(),
  'POST /api/v1/backtest': read(),
  'GET /api/v1/alerts': read(),
  'GET /api/v1/alerts/:id': read(),
  'GET /api/v1/alerts/would-have-fired': read(),
  'POST /api/v1/alerts/:id/acknowledge': operate('alert.acknowledge'),
  'DELETE /api/v1/alerts/:id/acknowledge': operate('alert.unacknowledge'),
  'GET /api/v1/silences': read(),
  'POST /api/v1/silences': operate('silence.create'),
  'PUT /api/v1/silences/:id': operate('silence.change'),
  'DELETE /api/v1/silences/:id': operate('silence.delete'),
  'GET /api/v1/maintenance': read(),
  'POST /api/v1/maintenance': operate('maintenance.create'),
  'PUT /api/v1/maintenance/:id': operate('maintenance.change'),
  'DELETE /api/v1/maintenance/:id': operate('maintenance.delete'),
  'GET /api/v1/notifiers': read(),
  'GET /api/v1/notifiers/types': read(null, SAME),
  'POST /api/v1/notifiers': admin('notifier.create'),
  'PUT /api/v1/notifiers/:id': admin('notifier.change'),
  'DELETE /api/v1/notifiers/:id': admin('notifier.delete'),
  'POST /api/v1/notifiers/:id/test': operate('notifier.test'),
  'GET /api/v1/notifiers/deliveries': read(),
  'POST /api/v1/notifiers/deliveries/:id/retry': operate('delivery.retry'),
  'GET /api/v1/stream': read(null, LIMITED),

  // tools for assistants: each asks the API again, in the same name
  'POST /mcp': read(null, LIMITED),
  'GET /mcp': read(null, SAME),

  // who may come in, and who did what
  'GET /api/v1/tokens': admin(),
  'POST /api/v1/tokens': admin('token.create'),
  'DELETE /api/v1/tokens/:id': admin('token.revoke'),
  'GET /api/v1/sessions': someone(),
  'DELETE /api/v1/sessions': someone('session.end'),
  'DELETE /api/v1/sessions/:id': someone('session.end'),
  'GET /api/v1/privacy': read(),
  'GET /api/v1/retention': read(),
  'POST /api/v1/erasures': admin('records.erase'),
  'GET /api/v1/audit': admin('audit.read', { how: 'summed' }),

  // for those who run it
  'GET /readyz': read(),
  'GET /metrics': read(),
  'GET /openapi.json': someone(),
}

/** Files of the page and of the API's description, by where they lie: nothing of any log is in them. */
const FILES: readonly [folder: string, right: Right][] = [
  ['/docs', someone()],
  ['/assets/', someone()],
]

/** Pages, which are one document that asks the API, and what is no address of ours. */
const PAGE = read(null, SAME)

/** Null: nobody has said who may. `pages`: the addresses of the page. */
export function rightOf(method: string, url: string, pages: readonly string[]): Right | null {
  const asked = method === 'HEAD' ? 'GET' : method
  const listed = RIGHTS[`${asked} ${url}`]
  if (listed) return listed
  if (asked !== 'GET') return null
  const file = FILES.find(([folder]) => url.startsWith(folder))
  if (file) return file[1]
  return pages.includes(url) ? PAGE : null
}
