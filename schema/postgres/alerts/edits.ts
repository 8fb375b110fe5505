/** What people change. Every change makes an evaluation that is under way start again. */
import type { AlertLog } from '../../store/alert-log.js'
import type { Asked, Database } from '../database.js'
import { bump } from './common.js'

type Edits = Pick<
  AlertLog,
  | 'putRules'
  | 'putSilence'
  | 'deleteSilence'
  | 'putMaintenance'
  | 'deleteMaintenance'
  | 'putNotifier'
  | 'deleteNotifier'
>

export function edits(db: Database): Edits {
  const edit = <T>(tried: string, work: (ask: Asked) => Promise<T>): Promise<T> =>
    db.commit(`${tried} in`, 'alerts', async (ask) => {
      const result = await work(ask)
      await bump(ask, { edited: true, news: true })
      return result
    })
  const remove = (table: string, id: string) =>
    edit('delete', async (ask) => (await ask.run(`delete from ${table} where id = @id`, { id })) > 0)

  return {
    putRules: (rules, removed) =>
      edit('change rules', async (ask) => {
        await ask.run('delete from alert_rule where id = any(@removed)', { removed })
        for (const rule of rules)
          await ask.run(
            `insert into alert_rule (id, origin, draft, created_at, updated_at) values (@id, @origin, @draft, @createdAt, @updatedAt)
            on conflict (id) do update set origin = excluded.origin, draft = excluded.draft, updated_at = excluded.updated_at`,
            { ...rule, draft: JSON.stringify(rule.draft) },
          )
      }),
    putSilence: (silence) =>
      edit('keep a silence', async (ask) => {
        await ask.run(
          `insert into alert_silence (id, ends_at, doc) values (@id, @endsAt, @doc)
          on conflict (id) do update set ends_at = excluded.ends_at, doc = excluded.doc`,
          { id: silence.id, endsAt: silence.endsAt, doc: JSON.stringify(silence) },
        )
      }),
    deleteSilence: (id) => remove('alert_silence', id),
    putMaintenance: (window) =>
      edit('keep a maintenance window', async (ask) => {
        await ask.run(
          'insert into alert_maintenance (id, doc) values (@id, @doc) on conflict (id) do update set doc = excluded.doc',
          { id: window.id, doc: JSON.stringify(window) },
        )
      }),
    deleteMaintenance: (id) => remove('alert_maintenance', id),
    putNotifier: ({ secrets, ...notifier }, now) =>
      edit('keep a notifier', async (ask) => {
        await ask.run(
          `insert into alert_notifier (id, doc, secrets, changed_at) values (@id, @doc, @secrets, @now)
          on conflict (id) do update set doc = excluded.doc, secrets = excluded.secrets, changed_at = excluded.changed_at`,
          { id: notifier.id, doc: JSON.stringify(notifier), secrets: JSON.stringify(secrets), now },
        )
        await ask.run(
          "update alert_notice set due_at = least(due_at, @now::bigint) where notifier = @id and state = 'queued'",
          { now, id: notifier.id },
        )
      }),
    deleteNotifier: (id) =>
      edit('delete a notifier', async (ask) => {
        await ask.run(
          "update alert_notice set state = 'cancelled', leased_until = null where notifier = @id and state = 'queued'",
          { id },
        )
        await ask.run('delete from alert_group where notifier = @id', { id })
        return (await ask.run('delete from alert_notifier where id = @id', { id })) > 0
      }),
  }
}
