/** Rules to begin with: fitted to what is usual, once there is enough to tell. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { starterRules } from '../../../analyze/alerts/rules/starters.js'
import { createAlertService, type AlertService } from '../../../analyze/alerts/service.js'
import type { RuleDraft } from '../../../schema/api/alerts.js'
import { openAlertLogHere, type OwnAlertLog } from '../../schema/sqlite/alert-log-of-file.js'
import { memoryStore, type MemoryStore, type Values } from './kit/memory-store.js'

const HOUR = 3_600_000
const START = Date.UTC(2026, 4, 20)
const OK: Values = { class: '2xx', status: '200', source: 'origin' }
const FAILED: Values = { class: '5xx', status: '500', source: 'origin' }
const GONE: Values = { class: '5xx', status: '522', source: 'origin-failure' }

/** Two days of 5,000 requests an hour, `share` of them 5xx, with two hours in which the origin is gone. */
function usualSite(share: number): MemoryStore {
  const store = memoryStore()
  for (let hour = 0; hour < 48; hour++) {
    store.add(START + hour * HOUR, OK, 5_000 * (1 - share))
    store.add(START + hour * HOUR, FAILED, 5_000 * share)
    if (hour === 20 || hour === 21) store.add(START + hour * HOUR, GONE, 4_000)
  }
  return store
}

const objectives = (drafts: RuleDraft[]) => drafts.flatMap(({ expr }) => ('objective' in expr ? [expr.objective] : []))
const thresholds = (drafts: { draft: RuleDraft }[]) =>
  drafts.flatMap(({ draft: { expr } }) => ('above' in expr ? [expr.above] : []))

describe('starter rules', () => {
  it.each([
    [0, 0.999],
    [0.0004, 0.999],
    [0.002, 0.995],
    [0.004, 0.99],
    [0.03, 0.9],
  ])(
    'with %d of 5xx as usual promise %d, so that what is usual burns half of the budget at most',
    async (share, objective) => {
      const { drafts, fitted } = await starterRules(usualSite(share).records, 'en')
      expect(fitted).toBe(true)
      expect(objectives(drafts)).toEqual([objective, objective])
      expect(share).toBeLessThanOrEqual((1 - objective) / 2)
    },
  )

  it('do not take one error in a handful of requests for what is usual', async () => {
    const store = memoryStore()
    store.add(START, OK, 3)
    store.add(START, FAILED, 1)
    const { drafts, fitted } = await starterRules(store.records, 'en')
    expect(fitted).toBe(false)
    expect(thresholds(drafts.map((draft) => ({ draft })))).toEqual([0.02, 0.02, 0.02, 0.02])
    expect(objectives(drafts)).toEqual([0.999, 0.999])
  })
})

describe('a store that began with a sample', () => {
  let folder: string
  let log: OwnAlertLog
  let service: AlertService
  let store: MemoryStore
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'faultline-starters-'))
    log = openAlertLogHere(join(folder, 'store.sqlite'))
    store = memoryStore()
    store.add(START - HOUR, FAILED, 1)
    service = createAlertService({ store, log, onChange: () => () => {}, findSurges: null, explain: null })
  })
  afterEach(async () => {
    await service.stop()
    await log.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('gets its rules fitted when real logs come, but for those that somebody touched', async () => {
    await service.evaluate()
    const { rules } = await log.load()
    expect(thresholds(rules)).toEqual([0.02, 0.02, 0.02, 0.02])
    const [, server, , , , , burn, gone] = rules
    await log.putRules([{ ...burn, draft: { ...burn.draft, name: 'ours' }, updatedAt: burn.updatedAt + 1 }], [gone.id])
    for (let hour = 0; hour < 6; hour++) {
      store.add(START + hour * HOUR, OK, 4_900)
      store.add(START + hour * HOUR, FAILED, 100)
    }
    await service.evaluate()
    const after = (await log.load()).rules
    expect(after.find((r) => r.id === server.id)?.draft).toMatchObject({ enabled: false, expr: { above: 0.1 } })
    expect(after.find((r) => r.id === burn.id)?.draft).toMatchObject({ name: 'ours', expr: { objective: 0.999 } })
    expect(after.some((r) => r.id === gone.id)).toBe(false)
    store.add(START + 7 * HOUR, FAILED, 90_000)
    await service.evaluate()
    expect(thresholds((await log.load()).rules)).toEqual(thresholds(after))
  })
})

describe('a rules file with a mistake, or a rule that can hardly be meant', () => {
  it('is told once on the log of the service, and again when it changes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'faultline-rules-file-'))
    const log = openAlertLogHere(join(folder, 'store.sqlite'))
    const rulesFile = join(folder, 'rules.yaml')
    const told: string[] = []
    writeFileSync(
      rulesFile,
      'groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: {kind: count, window: 5x, above: 1}\n',
    )
    const service = createAlertService({
      store: memoryStore(),
      log,
      onChange: () => () => {},
      findSurges: null,
      explain: null,
      rulesFile,
      onWarning: (text) => told.push(text),
    })
    try {
      await service.evaluate()
      await service.evaluate()
      expect(told).toEqual([expect.stringMatching(/rules\.yaml: line 5: "A" .*"5x" is no duration/)])
      writeFileSync(
        rulesFile,
        'groups:\n  - name: g\n    rules:\n      - alert: Gone\n        expr: {kind: ratio, where: {status: 404}, errors: {class: 4xx}, window: 5m, above: 1%}\n',
      )
      await service.evaluate()
      expect(told[1]).toMatch(/rules\.yaml: "Gone" expr\.where\.status Every request that .* is an error/)
      rmSync(rulesFile)
      await service.evaluate()
      expect(told[2]).toContain('can not be read')
    } finally {
      await service.stop()
      await log.close()
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
