/** What people change. Every change makes an evaluation that is under way start again. */
import type { StoredMaintenance, StoredNotifier, StoredRule, StoredSilence } from '../../store/alert-log.js'
import type { Connection } from '../database.js'

export function editTables(db: Connection) {
  const bump = db.prepare('update alert_revision set counter = counter + 1')
  const putRule =
    db.prepare(`insert into alert_rule (id, origin, draft, created_at, updated_at) values (@id, @origin, @draft, @createdAt, @updatedAt)
    on conflict (id) do update set origin = excluded.origin, draft = excluded.draft, updated_at = excluded.updated_at`)
  const deleteRule = db.prepare('delete from alert_rule where id = ?')
  const putSilence = db.prepare(
    'insert into alert_silence (id, ends_at, doc) values (?, ?, ?) on conflict (id) do update set ends_at = excluded.ends_at, doc = excluded.doc',
  )
  const deleteSilence = db.prepare('delete from alert_silence where id = ?')
  const putMaintenance = db.prepare(
    'insert into alert_maintenance (id, doc) values (?, ?) on conflict (id) do update set doc = excluded.doc',
  )
  const deleteMaintenance = db.prepare('delete from alert_maintenance where id = ?')
  const putNotifier = db.prepare(`insert into alert_notifier (id, doc, secrets, changed_at) values (?, ?, ?, ?)
    on conflict (id) do update set doc = excluded.doc, secrets = excluded.secrets, changed_at = excluded.changed_at`)
  const wake = db.prepare(
    "update alert_notice set due_at = min(due_at, @now) where notifier = @notifier and state = 'queued'",
  )
  const deleteNotifier = db.prepare('delete from alert_notifier where id = ?')
  const cancel = db.prepare(
    "update alert_notice set state = 'cancelled', leased_until = null where notifier = ? and state = 'queued'",
  )
  const forgetGroups = db.prepare('delete from alert_group where notifier = ?')

  function edit<T>(work: () => T): T {
    return db
      .transaction(() => {
        const result = work()
        bump.run()
        return result
      })
      .immediate()
  }

  return {
    putRules: (rules: StoredRule[], removed: string[]): void =>
      edit(() => {
        for (const id of removed) deleteRule.run(id)
        for (const rule of rules) putRule.run({ ...rule, draft: JSON.stringify(rule.draft) })
      }),
    putSilence: (silence: StoredSilence): void =>
      edit(() => {
        putSilence.run(silence.id, silence.endsAt, JSON.stringify(silence))
      }),
    deleteSilence: (id: string): boolean => edit(() => deleteSilence.run(id).changes > 0),
    putMaintenance: (window: StoredMaintenance): void =>
      edit(() => {
        putMaintenance.run(window.id, JSON.stringify(window))
      }),
    deleteMaintenance: (id: string): boolean => edit(() => deleteMaintenance.run(id).changes > 0),
    putNotifier: ({ secrets, ...notifier }: StoredNotifier, now: number): void =>
      edit(() => {
        putNotifier.run(notifier.id, JSON.stringify(notifier), JSON.stringify(secrets), now)
        wake.run({ now, notifier: notifier.id })
      }),
    deleteNotifier: (id: string): boolean =>
      edit(() => {
        cancel.run(id)
        forgetGroups.run(id)
        return deleteNotifier.run(id).changes > 0
      }),
  }
}
