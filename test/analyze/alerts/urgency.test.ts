/** A surge is as severe as the spike that it is. */
import { afterEach, expect, it } from 'vitest'
import { atMost } from '../../../analyze/alerts/life/urgency.js'
import type { SurgeEpisode } from '../../../analyze/alerts/signals/find-surges.js'
import type { Urgency } from '../../../schema/store/alert-log.js'
import { MINUTE, START } from './kit/series.js'
import { makeWorld, type World } from './kit/world.js'

let world: World
afterEach(() => world.close())

const surge: SurgeEpisode = {
  status: 503,
  statusClass: '5xx',
  source: 'origin',
  host: null,
  start: START + 2 * MINUTE,
  end: START + 30 * MINUTE,
  detectedAt: START + 3 * MINUTE,
  ongoing: true,
  observed: 40,
  expected: 1,
  score: 9,
}

async function given(severities: ('critical' | 'warning' | 'info')[], urgencyAt: (minute: number) => Urgency | null) {
  world = await makeWorld({
    rules: [{ expr: { kind: 'surge' }, severity: 'critical' }],
    notifier: { severities },
    service: {
      findSurges: async () => [surge],
      explain: async ({ language }) => {
        const severity = urgencyAt((world.now - START) / MINUTE)
        return {
          cause: null,
          firstCheck: null,
          spike: 's1',
          urgency: severity && { severity, reason: language === 'fr' ? '3 clients' : '3 clients, for 4 min' },
        }
      },
    },
  })
}

it('what few suffer wakes nobody, until many do', async () => {
  await given(['critical'], (minute) => (minute < 12 ? 'note' : 'page'))
  await world.pass(10)
  expect(world.said).toEqual([])
  expect(await world.episodes()).toMatchObject([
    { severity: 'info', urgency: 'note', labels: { severity: 'critical' } },
  ])
  await world.pass(6)
  expect(world.said).toEqual(['12:12 firing Rule status=503 class=5xx source=origin'])
  expect(world.receiver.received[0].body).toMatchObject({
    alerts: [{ severity: 'critical', urgency: { severity: 'page', reason: '3 clients, for 4 min' } }],
  })
  expect(JSON.stringify(world.receiver.received[0].body)).toContain('Urgency: look now: 3 clients, for 4 min')
})

it('once told as a page it is not taken back; what nobody judged keeps the severity of its rule', async () => {
  await given([], (minute) => (minute < 6 ? null : 'note'))
  await world.pass(5)
  expect(world.said).toHaveLength(1)
  expect(await world.episodes()).toMatchObject([{ severity: 'critical' }])
})

it('a rule that is a warning stays one', () => {
  expect(atMost('warning', 'page')).toBe('warning')
  expect(atMost('critical', 'ticket')).toBe('warning')
  expect(atMost('info', 'ticket')).toBe('info')
})
