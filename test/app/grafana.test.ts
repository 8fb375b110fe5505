/** The dashboard for Grafana asks for nothing that /metrics does not give. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startService, type TestService } from './service.js'

interface GrafanaPanel {
  title: string
  gridPos: { x: number; w: number }
  targets: { expr: string; legendFormat: string }[]
}
const file = new URL('../../deploy/grafana-dashboard.json', import.meta.url)
const { panels, templating } = JSON.parse(readFileSync(file, 'utf8')) as {
  panels: GrafanaPanel[]
  templating: { list: { name: string; query: string }[] }
}
let service: TestService
let metrics: string

beforeAll(async () => {
  service = await startService()
  await service.get('/api/v1/summary')
  metrics = (await service.get('/metrics')).body
})
afterAll(() => service.stop())

it.each(panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr])))(
  '%s: every metric of %s exists, with the labels it is grouped by',
  (_, expr) => {
    const names = [...expr.matchAll(/\bfaultline_\w+/g)].map(([name]) => name)
    expect(names.length).toBeGreaterThan(0)
    for (const name of names) {
      const family = name.replace(/_(?:bucket|count|sum)$/, '')
      expect(metrics).toMatch(new RegExp(`^# TYPE (?:${name}|${family}) `, 'm'))
    }
  },
)

it('groups by labels that there are', () => {
  const http = /^faultline_http_request_seconds_count\{([^}]*)\}/m.exec(metrics)?.[1] ?? ''
  // a counter without a count yet shows no label: its help names them
  const known = new Set([...[...http.matchAll(/(\w+)="/g)].map(([, label]) => label), 'le', 'channel', 'outcome'])
  expect(metrics).toMatch(/# HELP faultline_alert_deliveries_total .*by channel and outcome/)
  for (const { targets } of panels)
    for (const { expr } of targets)
      for (const label of (/by \(([^)]*)\)/.exec(expr)?.[1] ?? 'le').split(', ')) expect(known).toContain(label)
})

it('fits the screen and asks for variables that it has', () => {
  const variables = templating.list.map(({ name }) => name)
  for (const { gridPos, targets } of panels) {
    expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24)
    for (const { expr } of targets) for (const [, name] of expr.matchAll(/\$(\w+)/g)) expect(variables).toContain(name)
  }
})
