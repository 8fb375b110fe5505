/** What an evaluation reads and what it changes, each in one transaction. */
import type {
  AlertCommit,
  AlertSnapshot,
  Episode,
  NoticeGroup,
  RuleMemory,
  StoredMaintenance,
  StoredNotifier,
  StoredSilence,
} from '../../store/alert-log.js'
import type { Connection } from '../database.js'
import { episodeOf, parsed, ruleOf, type RuleRow } from '../../store/rows/alerts.js'
import { insertNotice } from './queue.js'

export function evaluationTables(db: Connection) {
  const revision = db.prepare('select counter from alert_revision').pluck()
  const rules = db.prepare('select * from alert_rule order by created_at, id')
  const docs = (sql: string) => db.prepare(sql).pluck()
  const memories = docs('select doc from alert_memory')
  const episodes = docs(`select doc from alert_episode where settled = 0
    or resolved_at >= (select min(checkpoint) from alert_memory) order by fired_at, id`)
  const silences = docs('select doc from alert_silence order by ends_at, id')
  const maintenance = docs('select doc from alert_maintenance order by id')
  const notifiers = db.prepare('select doc, secrets from alert_notifier order by id')
  const groups = docs('select doc from alert_group')
  const settings = db.prepare('select name, value from alert_setting')

  const bump = db.prepare('update alert_revision set counter = counter + 1')
  const putMemory = db.prepare(`insert into alert_memory (rule, checkpoint, doc) values (@rule, @checkpoint, @doc)
    on conflict (rule) do update set checkpoint = excluded.checkpoint, doc = excluded.doc`)
  const forgetMemory = db.prepare('delete from alert_memory where rule = ?')
  const putGroup = db.prepare(
    'insert into alert_group (notifier, key, doc) values (?, ?, ?) on conflict (notifier, key) do update set doc = excluded.doc',
  )
  const forgetGroup = db.prepare('delete from alert_group where notifier = ? and key = ?')
  const putSetting = db.prepare(
    'insert into alert_setting (name, value) values (?, ?) on conflict (name) do update set value = excluded.value',
  )
  const putEpisode = episodeWriter(db)
  const putNotice = insertNotice(db)

  return {
    load: (): AlertSnapshot =>
      db
        .transaction(() => ({
          revision: revision.get() as number,
          rules: (rules.all() as RuleRow[]).map(ruleOf),
          memories: parsed<RuleMemory>(memories.all()),
          episodes: (episodes.all() as string[]).map(episodeOf),
          silences: parsed<StoredSilence>(silences.all()),
          maintenance: parsed<StoredMaintenance>(maintenance.all()),
          notifiers: (notifiers.all() as { doc: string; secrets: string }[]).map(
            (row) => ({ ...JSON.parse(row.doc), secrets: JSON.parse(row.secrets) }) as StoredNotifier,
          ),
          groups: parsed<NoticeGroup>(groups.all()),
          settings: Object.fromEntries(
            (
              settings.all() as {
                name: string
                value: string
              }[]
            ).map((row) => [row.name, row.value]),
          ),
        }))
        .deferred(),

    commit: (change: AlertCommit): boolean =>
      db
        .transaction(() => {
          if (revision.get() !== change.revision) return false
          for (const memory of change.memories) {
            putMemory.run({ rule: memory.rule, checkpoint: memory.checkpoint, doc: JSON.stringify(memory) })
          }
          for (const rule of change.forgottenMemories) forgetMemory.run(rule)
          for (const episode of change.episodes) putEpisode(episode)
          for (const group of change.groups) putGroup.run(group.notifier, group.key, JSON.stringify(group))
          for (const group of change.forgottenGroups) forgetGroup.run(group.notifier, group.key)
          for (const notice of change.notices) putNotice(notice)
          for (const [name, value] of Object.entries(change.settings)) putSetting.run(name, value)
          bump.run()
          return true
        })
        .immediate(),

    setSetting: (name: string, value: string): void => {
      putSetting.run(name, value)
    },
  }
}

export function episodeWriter(db: Connection): (episode: Episode) => void {
  const put = db.prepare(`insert into alert_episode (id, rule, state, settled, fired_at, resolved_at, seen_at, doc)
    values (@id, @rule, @state, @settled, @firedAt, @resolvedAt, @seenAt, @doc)
    on conflict (id) do update set state = excluded.state, settled = excluded.settled, fired_at = excluded.fired_at,
      resolved_at = excluded.resolved_at, doc = excluded.doc`)
  return (e) => {
    put.run({
      id: e.id,
      rule: e.rule,
      state: e.state,
      settled: e.settled ? 1 : 0,
      firedAt: e.firedAt,
      resolvedAt: e.resolvedAt,
      seenAt: e.seenAt,
      doc: JSON.stringify(e),
    })
  }
}
