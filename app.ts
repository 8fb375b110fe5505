/**
 * The map. One Faultline is a store, the plugins that fill it, ask it and show it, and a door that lets in
 * only whom it should.
 */
import compress from '@fastify/compress'
import { Registry } from 'prom-client'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { alertPlugin } from './analyze/alerts/plugin.js'
import { explainBySpikes } from './analyze/alerts/notices/cause-of.js'
import { alertsIn } from './analyze/alerts/alerts-in.js'
import { createAlertService, type AlertService, type AlertServiceOptions } from './analyze/alerts/service.js'
import { surgeFinder } from './analyze/alerts/signals/surge-finder.js'
import { annotationPlugin } from './analyze/annotations/plugin.js'
import { exportPlugin } from './analyze/export/plugin.js'
import { incidentPlugin } from './analyze/incidents/plugin.js'
import { createInputHealth } from './analyze/inputs/health.js'
import { witnessPlugin } from './analyze/inputs/witness/plugin.js'
import { createWitness, witnessedZone, type WitnessedZone } from './analyze/inputs/witness/witness.js'
import type { WitnessApi } from './analyze/inputs/witness/graphql.js'
import { mcpPlugin } from './analyze/mcp/plugin.js'
import { analyzePlugin } from './analyze/plugin.js'
import { createDetector } from './analyze/spikes/detect-thread.js'
import { spikePlugin } from './analyze/spikes/plugin.js'
import { createSpikeService } from './analyze/spikes/service.js'
import { createViews } from './analyze/views.js'
import { trafficOf } from './analyze/spikes/traffic.js'
import { auditRoutes } from './dashboard/access/audit-routes.js'
import { authorOf, nameOf, waitsAs, zonesOf } from './dashboard/access/identity.js'
import { accessPlugin, isClosed, type AccessOptions } from './dashboard/access/plugin.js'
import { providersOf } from './dashboard/access/providers/settings.js'
import { accessRoutes } from './dashboard/access/routes.js'
import { createReaderLanguage } from './dashboard/access/reader-language.js'
import { docsPlugin } from './dashboard/docs.js'
import { keepHouse } from './dashboard/housekeeping.js'
import { logBatch, logRefusals, watchBatches } from './dashboard/service-log.js'
import { createLiveHub } from './dashboard/live/hub.js'
import { createSpikeNews } from './dashboard/live/spike-news.js'
import { livePlugin } from './dashboard/live/plugin.js'
import { operationsPlugin } from './dashboard/operations.js'
import { registerBatchMetrics } from './dashboard/work-metrics.js'
import type { Service, ServiceSettings } from './dashboard/commands/service.js'
import type { OpenQuietly } from './dashboard/commands/mcp.js'
import { retentionPlugin } from './dashboard/privacy/retention.js'
import { privacyPlugin, type KeepingSettings } from './dashboard/privacy/plugin.js'
import { dashboardPlugin } from './dashboard/plugin.js'
import { BACKLOG, createServer, listeningText, PACKED_ANSWERS, type ServerOptions } from './dashboard/server.js'
import { createGate } from './ingest/gate.js'
import { readInputsFile } from './ingest/inputs-file.js'
import { createInputStates } from './ingest/inputs/states.js'
import { ingestPlugin, type ConfiguredJob } from './ingest/plugin.js'
import { readSettings, type ReadingOptions } from './ingest/commands/reading.js'
import type { ReadSettings } from './ingest/reader/normalise.js'
import { createReaderPool, type ReaderPool } from './ingest/reader/pool.js'
import { systemClock, type WaitingClock } from './schema/runtime/clock.js'
import { version } from './schema/runtime/version.js'
import { answerElsewhere, answerError, answerNotFound } from './schema/api/errors.js'
import { openStore } from './schema/open-store.js'
import { lead } from './schema/store/leading.js'
import type { Leases } from './schema/store/leases.js'
import { ledgerClock } from './schema/store/ledger-clock.js'
import { cannotKeepCounts } from './schema/store/expiry.js'
import { isLayered } from './schema/store/kept.js'
import { onlyWhole, sinceWhole } from './schema/store/since-whole.js'
import { zoneLimitsOf } from './schema/store/zone-limits.js'
import { keyFileOf, openKeys } from './schema/store/secrets/keys.js'
import { sealSecrets } from './schema/store/secrets/sealed-notifiers.js'
import { loadCatalogue } from './schema/status/catalogue.js'
import type { ReadStore, Store } from './schema/store/store.js'
import type { NodeRole } from './schema/words/node-roles.js'

export interface AppOptions extends Partial<Pick<ServerOptions, 'tls' | 'log'>> {
  store: Store
  readers: ReaderPool
  access: AccessOptions
  settings?: Partial<ReadSettings>
  /** null: nobody evaluates rules here */
  alerting?: AlertSettings | null
  /** what the inputs that fetch by themselves were told to fetch */
  jobs?: readonly ConfiguredJob[]
  /** reads them again, where a file says them; throws what is wrong */
  readJobs?: () => readonly ConfiguredJob[]
  /** theirs; tests tell it */
  clock?: WaitingClock
  /** whom Cloudflare's own count is asked of, and for which zones */
  witness?: { api: WitnessApi; zones: readonly WitnessedZone[] } | null
  /** the key that secrets rest under; null: of the file beside the store */
  secretKey?: string | null
  /** how long and in which form things are kept, for those who ask */
  keeping?: KeepingSettings
  /** may assistants change something? */
  mcpWrites?: boolean
  /** what this node does; ingest: no page, no questions, no rules */
  role?: NodeRole
  /** one of several nodes: who of them evaluates and fetches. Silent for so many ms one is replaced */
  nodes?: { leases: Leases; leaseMs: number } | null
  /** false: rules are not evaluated and nobody is told, though both can be asked about */
  watching?: boolean
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Reads files that may have changed at once, which are looked at every few seconds anyhow. */
    reload(): Promise<void>
  }
}

export type AlertSettings = Pick<
  AlertServiceOptions,
  'publicUrl' | 'allowAddresses' | 'rulesFile' | 'language' | 'delay' | 'clock' | 'everyMs'
>

/** Whoever is waited for here is a sender or a page, who can come again: another process that holds the store is waited for no longer, ms. */
const WAIT_MS = 3_000
/** By then the first page is answered. */
const WARM_UP_AFTER_MS = 2_000

/** Posts that are being taken in when the service is told to stop have so long to end; then they are cut off. */
const STOP_WITHIN_MS = 20_000

export async function buildApp({
  store: opened,
  readers,
  access,
  settings,
  alerting = {},
  jobs,
  readJobs,
  clock,
  witness = null,
  secretKey = null,
  keeping = { clientAddresses: 'whole', queryStrings: false, retentionDays: null, retentionGb: null },
  tls = null,
  mcpWrites = false,
  role = 'all',
  nodes = null,
  watching = true,
  log = false,
}: AppOptions): Promise<FastifyInstance> {
  const { app, lookAtCertificate } = createServer({
    tls,
    trustedProxies: access.trustedProxies,
    connections: access.connections,
    log,
  })
  app.decorate('reload', async () => {
    lookAtCertificate()
    alerts?.nudge()
    await states.kept.look()
  })
  const registry = new Registry()
  const countBatch = registerBatchMetrics([registry])
  const store: Store = {
    ...opened,
    batches: watchBatches(opened.batches, (report) => {
      logBatch(app.log, report)
      countBatch(report)
    }),
  }
  logRefusals(app)
  app.setErrorHandler(answerError)
  app.setNotFoundHandler(role === 'ingest' ? answerElsewhere : answerNotFound)
  const hub = createLiveHub()
  const catalogue = loadCatalogue()
  const detector = createDetector()
  const spikesIn = (seen: ReadStore) =>
    createSpikeService({ store: seen, catalogue, run: detector.run, band: detector.band })
  const views = createViews(store, spikesIn)
  const { spikes } = views.of(null)
  const viewFor = (request: FastifyRequest) => views.of(zonesOf(request))
  const news = createSpikeNews({
    find: spikes.find,
    newest: async () => (await store.records.extent()).to,
    isHeard: () => hub.listeners > 0,
    publish: (ids) => hub.publish('spikes', { at: new Date().toISOString(), spikes: ids }),
    onError: (error) => app.log.error(error),
  })
  const states = createInputStates()
  const health = createInputHealth({
    reports: store.ledger.reports,
    alertLog: alerting && store.alerts,
    delay: alerting?.delay,
    now: () => (alerting?.clock ?? systemClock).now(),
  })
  const stopListening = store.onChange((change) => {
    views.forget()
    if (change.batch !== null) health.forget(change.batch)
    hub.publish('data', change)
    news.stir()
  })
  const reader = createReaderLanguage()
  const alertLog = sealSecrets(store.alerts, openKeys({ given: secretKey, file: keyFileOf(store.url) }))
  const leading =
    nodes && alerting && watching
      ? lead({ leases: nodes.leases, lease: 'rules', ms: nodes.leaseMs, onTaken: () => alerts?.nudge() })
      : null
  const alerts: AlertService | null =
    alerting &&
    createAlertService({
      leading,
      language: reader.current,
      store: { ...store, records: sinceWhole(store.records) },
      log: alertLog,
      onChange: (listener) => store.onChange(listener),
      ...alerting,
      findSurges: surgeFinder(onlyWhole(store.patient), { trafficOf, run: detector.run }),
      explain: explainBySpikes(spikes),
      onAlerts: () => hub.publish('alerts', { at: new Date().toISOString() }),
      onError: (error) => app.log.error(error),
      onWarning: (text) => app.log.warn(text),
    })
  const stopHearing = store.onAlerts((edited) => {
    hub.publish('alerts', { at: new Date().toISOString() })
    if (edited) alerts?.nudge()
  })
  app.addHook('onReady', async () => {
    if (!watching) return
    await alertLog.sealOld(Date.now())
    await alerts?.start()
  })
  const gate = createGate()
  app.addHook('preClose', async () => {
    const left = await gate.drain(STOP_WITHIN_MS)
    if (left > 0) app.log.warn(`${left} posts were cut off at the stop: what was answered 200 is stored`)
  })
  app.addHook('onClose', async () => {
    stopListening()
    stopHearing()
    await news.stop()
    await alerts?.stop()
    await leading?.stop()
    await detector.close()
  })

  await app.register(accessPlugin, { ...access, ledger: store.ledger })
  app.addHook('onRequest', async (request) => reader.note(request))
  await app.register(docsPlugin)
  await app.register(operationsPlugin, {
    registry,
    store,
    alerts,
    gate: gate.state,
    inputs: () => health.of(states.list()),
  })
  await app.register(
    async (api) => {
      await api.register(compress, PACKED_ANSWERS)
      await api.register(ingestPlugin, {
        store,
        readers,
        gate,
        settings,
        jobs: role === 'web' ? [] : jobs,
        readJobs: role === 'web' ? undefined : readJobs,
        clock,
        ...(nodes && {
          lead: (job: string) => lead({ leases: nodes.leases, lease: `input/${job}`, ms: nodes.leaseMs }),
        }),
        zonesOf,
        senderOf: nameOf,
        waitsAs,
        states,
        healthOf: health.of,
        onProgress: (report) => hub.publish('batch', report),
      })
      if (role === 'ingest') return
      await api.register(witnessPlugin, {
        records: store.records,
        witness: createWitness({ records: store.records, api: witness?.api ?? null, zones: witness?.zones ?? [] }),
        completeTo: health.completeTo,
      })
      await api.register(analyzePlugin, { recordsFor: (request) => viewFor(request).records })
      await api.register(exportPlugin, { recordsFor: (request) => viewFor(request).records })
      await api.register(spikePlugin, {
        recordsFor: (request) => sinceWhole(viewFor(request).records),
        spikesFor: (request) => viewFor(request).spikes,
        settings: store.ledger.settings,
        catalogue,
      })
      await api.register(annotationPlugin, { annotationsFor: (request) => viewFor(request).annotations, authorOf })
      await api.register(incidentPlugin, { store, spikes, alertsIn: alertsIn(store.alerts), authorOf })
      if (alerts) await api.register(alertPlugin, { service: alerts, authorOf })
      await api.register(livePlugin, {
        hub,
        isLimited: (request) => zonesOf(request) !== null,
        isStillKnown: (request) => app.isStillKnown(request),
      })
      await api.register(accessRoutes, { ledger: store.ledger, asked: isClosed(access) })
      await api.register(privacyPlugin, { store, trail: app.trail, keeping })
      await api.register(retentionPlugin, {
        records: store.records,
        limits: {
          days: keeping.retentionDays,
          countsDays: keeping.retentionCountsDays ?? null,
          zones: keeping.retentionZones,
          gb: keeping.retentionGb,
        },
      })
      await api.register(auditRoutes, { audit: store.ledger.audit, trail: app.trail })
    },
    { prefix: '/api/v1' },
  )
  if (role === 'ingest') return app
  await app.register(mcpPlugin, { version: version(), writes: mcpWrites })
  await app.register(dashboardPlugin)
  return app
}

/** A whole service by its settings: the store and its readers, the app, and what is done daily. */
export async function openService(settings: ServiceSettings & ReadingOptions): Promise<Service> {
  const { token = null, trustedProxies, retentionDays, retentionGb, lang, tlsCert, tlsKey, role } = settings
  const { retentionCountsDays = 0, retentionZones = [] } = settings
  const zones = zoneLimitsOf(retentionZones)
  if (typeof zones === 'string') throw new Error(zones)
  const allowedHosts = (settings.allowedHosts ?? []).map((name) => name.toLowerCase())
  // what is wrong with it is told before anything is opened
  const { inputs } = settings
  const readJobs = inputs === undefined ? undefined : () => readInputsFile(inputs)
  const jobs = readJobs?.() ?? []
  const door = { token, allowedHosts, ...providersOf(settings) }
  const store = await openStore(settings.store, undefined, {
    namedValues: settings.namedValues,
    waitMs: WAIT_MS,
    warmUpAfterMs: WARM_UP_AFTER_MS,
  })
  if (
    isLayered({ days: retentionDays ?? null, countsDays: retentionCountsDays, zones, bytes: null }) &&
    !store.records.keepsCounts
  ) {
    await store.close()
    throw cannotKeepCounts()
  }
  const { leases } = store
  const clock = leases === null ? null : await ledgerClock(leases)
  const readers = createReaderPool()
  const app = await buildApp({
    store,
    readers,
    jobs,
    readJobs,
    role,
    nodes: leases && { leases, leaseMs: settings.leaseSeconds * 1000 },
    ...(clock && { clock }),
    settings: readSettings(settings),
    log: settings.logLevel,
    witness:
      settings.cloudflareToken === undefined || settings.witnessZones === undefined
        ? null
        : { api: { token: settings.cloudflareToken }, zones: settings.witnessZones.map(witnessedZone) },
    secretKey: settings.secretKey ?? null,
    keeping: {
      clientAddresses: settings.dropClientIp ? 'none' : settings.clientAddresses,
      queryStrings: settings.keepQuery,
      retentionDays: retentionDays ?? null,
      retentionCountsDays: retentionCountsDays === 0 ? null : retentionCountsDays,
      retentionZones: zones,
      retentionGb: retentionGb ?? null,
    },
    tls: tlsCert !== undefined && tlsKey !== undefined ? { cert: tlsCert, key: tlsKey } : null,
    mcpWrites: settings.mcpWrites,
    alerting:
      role === 'ingest'
        ? null
        : {
            publicUrl: settings.url ?? null,
            allowAddresses: settings.allowAddresses ?? [],
            rulesFile: settings.rules ?? null,
            ...(lang === undefined ? {} : { language: () => lang }),
            ...(clock && { clock }),
          },
    access: { ...door, allowedHosts: !isClosed(door) || allowedHosts.length > 0 ? allowedHosts : null, trustedProxies },
  })
  const house = role === 'ingest' ? null : keepHouse(store, settings, zones, app.log)
  return {
    storeUrl: store.url,
    listen: (address) => app.listen({ ...address, backlog: BACKLOG, listenTextResolver: listeningText }),
    reload: () => app.reload(),
    async close() {
      await app.close()
      await house?.stop()
      await readers.close()
      clock?.stop()
      await store.close()
    },
  }
}

/** The API over a store for one asker of this machine: it listens nowhere, watches nothing, takes no logs in. */
export const openQuietly: OpenQuietly = async (settings) => {
  const store = await openStore(settings.store, undefined, { toRead: !settings.mcpWrites })
  const readers = createReaderPool()
  const app = await buildApp({
    store,
    readers,
    access: { token: null, allowedHosts: [] },
    secretKey: settings.secretKey ?? null,
    mcpWrites: settings.mcpWrites,
    watching: false,
  })
  return {
    app,
    async close() {
      await app.close()
      await readers.close()
      await store.close()
    },
  }
}
