/** What an evaluation reads and what it changes, each in one transaction. */
import {
  notLeading,
  type AlertLog,
  type NoticeGroup,
  type RuleMemory,
  type StoredMaintenance,
  type StoredNotifier,
  type StoredSilence,
} from '../../store/alert-log.js'
import { episodeOf, ruleOf, type RuleRow } from '../../store/rows/alerts.js'
import type { Asked, Database } from '../database.js'
import { holds } from '../leases.js'
import { hashOf } from '../hash.js'
import { bump, putEpisode, putNotice } from './common.js'

export function evaluation(db: Database): Pick<AlertLog, 'load' | 'commit' | 'setSetting'> {
  return {
    load: () =>
      db.read('read the alerts of', async (ask) => {
        const docs = async <T>(sql: string, of: (doc: string) => T = (doc) => JSON.parse(doc) as T) =>
          (await ask.rows<{ doc: string }>(sql)).map(({ doc }) => of(doc))
        const notifiers = await ask.rows<{ doc: string; secrets: string }>(
          'select doc, secrets from alert_notifier order by id',
        )
        const settings = await ask.rows<{ name: string; value: string }>('select name, value from alert_setting')
        return {
          revision: await revisionOf(ask),
          rules: (await ask.rows<RuleRow>('select * from alert_rule order by created_at, id')).map(ruleOf),
          memories: await docs<RuleMemory>('select doc from alert_memory'),
          episodes: await docs(
            `select doc from alert_episode where not settled
            or resolved_at >= (select min(checkpoint) from alert_memory) order by fired_at, id`,
            episodeOf,
          ),
          silences: await docs<StoredSilence>('select doc from alert_silence order by ends_at, id'),
          maintenance: await docs<StoredMaintenance>('select doc from alert_maintenance order by id'),
          notifiers: notifiers.map(
            ({ doc, secrets }) => ({ ...JSON.parse(doc), secrets: JSON.parse(secrets) }) as StoredNotifier,
          ),
          groups: await docs<NoticeGroup>('select doc from alert_group'),
          settings: Object.fromEntries(settings.map(({ name, value }) => [name, value])),
        }
      }),
    commit: (change) =>
      db.commit('keep an evaluation in', 'alerts', async (ask) => {
        if (change.fence && !(await holds(ask, change.fence))) throw notLeading()
        if ((await revisionOf(ask)) !== change.revision) return false
        for (const memory of change.memories)
          await ask.run(
            `insert into alert_memory (rule, checkpoint, doc) values (@rule, @checkpoint, @doc)
            on conflict (rule) do update set checkpoint = excluded.checkpoint, doc = excluded.doc`,
            { rule: memory.rule, checkpoint: memory.checkpoint, doc: JSON.stringify(memory) },
          )
        await ask.run('delete from alert_memory where rule = any(@rules)', { rules: change.forgottenMemories })
        for (const episode of change.episodes) await putEpisode(ask, episode)
        for (const group of change.groups)
          await ask.run(
            `insert into alert_group (notifier, hash, doc) values (@notifier, @hash, @doc)
            on conflict (notifier, hash) do update set doc = excluded.doc`,
            { notifier: group.notifier, hash: hashOf(group.key), doc: JSON.stringify(group) },
          )
        for (const { notifier, key } of change.forgottenGroups) {
          const forget = 'delete from alert_group where notifier = @notifier and hash = @hash'
          await ask.run(forget, { notifier, hash: hashOf(key) })
        }
        for (const notice of change.notices) await putNotice(ask, notice)
        for (const [name, value] of Object.entries(change.settings)) await keep(ask, name, value)
        await bump(ask, { news: change.episodes.length > 0 || change.notices.length > 0 })
        return true
      }),
    setSetting: (name, value) => db.commit('keep a setting in', 'alerts', (ask) => keep(ask, name, value)),
  }
}

async function revisionOf(ask: Asked): Promise<number> {
  return (await ask.value<number>('select counter from alert_revision')) as number
}

async function keep(ask: Asked, name: string, value: string): Promise<void> {
  await ask.run(
    'insert into alert_setting (name, value) values (@name, @value) on conflict (name) do update set value = excluded.value',
    { name, value },
  )
}
