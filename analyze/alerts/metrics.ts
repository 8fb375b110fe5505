/** Alerting as Prometheus sees it, so that it can be watched by others than itself. */
import { Counter, Gauge, type Registry } from 'prom-client'
import { ruleView } from './routes/views.js'
import { watermarkOf } from './routes/rules.js'
import type { AlertService } from './service.js'

export function registerAlertMetrics(registers: Registry[], service: AlertService): void {
  const gauge = <L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    read: (set: Gauge<L>) => Promise<void> | void,
  ) =>
    new Gauge<L>({
      name,
      help,
      labelNames,
      registers,
      async collect() {
        await read(this)
      },
    })

  gauge(
    'faultline_alerts_firing',
    'Alerts that fire, by rule and severity; 0 for rules that are on and quiet',
    ['rule', 'severity'],
    async (set) => {
      const {
        rules,
        snapshot: { episodes },
      } = await service.rules()
      set.reset()
      for (const { enabled, name, severity } of rules) if (enabled) set.set({ rule: name, severity }, 0)
      for (const { state, name, severity } of episodes) if (state === 'firing') set.inc({ rule: name, severity })
    },
  )
  gauge('faultline_alert_rules', 'Rules, by state', ['state'], async (set) => {
    const { snapshot } = await service.rules()
    set.reset()
    set.set({ state: 'cannot-be-evaluated' }, 0)
    const at = watermarkOf(snapshot.settings)
    for (const stored of snapshot.rules) set.inc({ state: ruleView(stored, snapshot, at, []).state })
  })
  gauge('faultline_alert_notices_queued', 'Notices that wait for their receiver', [], async (set) => {
    set.set(Object.values(await service.log.counts()).reduce((sum, { queued }) => sum + queued, 0))
  })
  gauge(
    'faultline_alert_last_evaluation_timestamp_seconds',
    'When the rules were last evaluated; 0 before the first time',
    [],
    (set) => {
      set.set((service.activity.evaluatedAt ?? 0) / 1000)
    },
  )
  gauge(
    'faultline_alert_watermark_timestamp_seconds',
    'Event time up to which logs are taken as complete; 0 while no live logs come',
    [],
    async (set) => {
      set.set((watermarkOf((await service.log.load()).settings) ?? 0) / 1000)
    },
  )
  const counter = <L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    read: (set: Counter<L>) => void,
  ) =>
    new Counter<L>({
      name,
      help,
      labelNames,
      registers,
      collect() {
        this.reset()
        read(this)
      },
    })
  counter('faultline_alert_evaluations_total', 'Evaluations of all rules', [], (set) =>
    set.inc(service.activity.evaluations),
  )
  counter(
    'faultline_alert_evaluation_errors_total',
    'Evaluations that failed as a whole; of a single rule see faultline_alert_rules',
    [],
    (set) => set.inc(service.activity.errors),
  )
  counter(
    'faultline_alert_deliveries_total',
    'Attempts to deliver a notice, by channel and outcome: sent, retried, failed',
    ['channel', 'outcome'],
    (set) => {
      for (const [key, count] of service.activity.deliveries) {
        const [channel, outcome] = key.split(' ')
        set.inc({ channel, outcome }, count)
      }
    },
  )
}
