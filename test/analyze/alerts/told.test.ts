/** Told means: the receiver took it. What it does not take is seen. */
import { afterEach, describe, expect, it } from 'vitest'
import { checkNotifier } from '../../../analyze/alerts/notices/check-notifier.js'
import { episodeView, failingOf, notifierView } from '../../../analyze/alerts/routes/views.js'
import { openToWrite } from '../../../schema/sqlite/database.js'
import { openAlertLogHere } from '../../schema/sqlite/alert-log-of-file.js'
import { startReceiver } from './kit/receiver.js'
import { START } from './kit/series.js'
import { blockedIn, makeWorld, type World } from './kit/world.js'

let world: World
afterEach(async () => world.close())

async function given(): Promise<World> {
  world = await makeWorld({ rules: [{ expr: { kind: 'count', where: { status: 403 }, window: '1m', above: 10 } }] })
  world.traffic = blockedIn([[5, 200]])
  return world
}

/** As the API shows it. */
async function seen({ log, episodes }: World) {
  const all = await episodes()
  const { notifiers } = await log.load()
  const counts = await log.counts()
  return {
    alert: episodeView(all[0], notifiers, await log.tellings(all.map((e) => e.id))),
    notifiers: notifiers.map((n) => notifierView(n, counts[n.id])),
    failing: failingOf(notifiers, counts),
  }
}

describe('a receiver that answers 500 seven times', () => {
  it('was not told: the alert, the notifier and the head of the page say so, and why', async () => {
    const w = await given()
    let asked = 0
    w.receiver.behave((response) => {
      asked++
      response.writeHead(500).end('oops')
    })
    while (asked < 7) await w.pass(1)
    const { alert, notifiers, failing } = await seen(w)
    expect(alert.notified).toEqual([])
    expect(alert.failing).toEqual([
      {
        notifier: 'hook',
        id: 'hook',
        phase: 'firing',
        since: expect.any(String),
        attempts: 7,
        error: 'answered 500: oops',
        nextAttemptAt: expect.any(String),
      },
    ])
    expect(notifiers[0].failing).toEqual({ since: expect.any(String), notices: 1, error: 'answered 500: oops' })
    expect(failing).toEqual({ notifiers: 1, notices: 1 })
  })

  it('and then takes it was told then, and nothing fails any more', async () => {
    const w = await given()
    w.receiver.behave((response) => response.writeHead(500).end())
    await w.pass(20)
    w.receiver.behave(null)
    await w.pass(60)
    const { alert, notifiers, failing } = await seen(w)
    expect(alert.failing).toEqual([])
    expect(alert.notified).toHaveLength(1)
    expect(alert.notified[0]).toMatchObject({ notifier: 'hook', phase: 'firing' })
    expect(Date.parse(alert.notified[0].at)).toBeGreaterThan(START + 20 * 60_000)
    expect(notifiers[0].failing).toBeNull()
    expect(failing).toEqual({ notifiers: 0, notices: 0 })
  })

  it('and was given up still counts as not told', async () => {
    const w = await given()
    w.receiver.behave((response) => response.writeHead(500).end())
    await w.pass(10)
    for (let hour = 0; hour < 30; hour++) {
      w.jump(3_600_000)
      await w.service.deliver()
    }
    const { alert, failing } = await seen(w)
    expect(alert.notified).toEqual([])
    expect(alert.failing[0].nextAttemptAt).toBeNull()
    expect(failing).toEqual({ notifiers: 1, notices: 1 })
  })

  it('and is turned to another address does not fail while nothing was tried there, and nobody is told before it takes something', async () => {
    const w = await given()
    w.receiver.behave((response) => response.writeHead(500).end())
    await w.pass(10)
    const other = await startReceiver()
    const [before] = (await w.log.load()).notifiers
    const draft = { name: 'hook', type: 'webhook', settings: { url: other.url } }
    await w.log.putNotifier(checkNotifier(draft, before).notifier, w.now)
    expect((await seen(w)).failing).toEqual({ notifiers: 0, notices: 0 })
    expect((await seen(w)).alert.notified).toEqual([])
    await w.pass(1)
    expect((await seen(w)).alert.notified).toMatchObject([{ notifier: 'hook', phase: 'firing' }])
    await other.close()
  })

  it('but took the beginning was told of that, and fails with the end', async () => {
    const w = await given()
    w.traffic = blockedIn([[5, 8]])
    w.receiver.behave((response, { text }) => response.writeHead(text.includes('"phase":"resolved"') ? 500 : 200).end())
    await w.pass(20)
    const { alert } = await seen(w)
    expect(alert.notified).toMatchObject([{ phase: 'firing' }])
    expect(alert.failing).toMatchObject([{ phase: 'resolved', error: 'answered 500' }])
  })
})

describe('a store from before', () => {
  it('says of old notices too who took them', async () => {
    const w = await given()
    await w.pass(10)
    const db = openToWrite(w.path)
    db.exec('drop table alert_telling; alter table alert_notifier drop column changed_at')
    db.exec('update alert_layout set version = 1')
    db.exec(
      "update alert_episode set doc = json_remove(json_set(doc, '$.told', json_extract(doc, '$.queued')), '$.queued')",
    )
    db.close()
    const log = openAlertLogHere(w.path)
    const { items } = await log.episodes({ from: null, to: null, rule: null, state: null, limit: 10, after: null })
    const [e] = items
    expect(Object.keys(e.queued)).toEqual(['hook'])
    const { notifiers } = await log.load()
    const view = episodeView(e, notifiers, await log.tellings([e.id]))
    expect(view.notified).toMatchObject([{ notifier: 'hook', phase: 'firing' }])
    await log.close()
    await w.restart()
    const before = w.said.length
    await w.pass(5)
    expect(w.said.slice(before)).toEqual([])
  })
})
