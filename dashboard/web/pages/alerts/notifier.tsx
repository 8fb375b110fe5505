/** A notifier: which channel, exactly its fields, in which language, for which alerts. */
import { useState } from 'preact/hooks'
import type { Matcher, NotifierDraft, NotifierJson, Severity } from '../../../../schema/api/alerts.js'
import { LANGS } from '../../../languages/index.js'
import { Confirm } from '../../parts/alerts/confirm.js'
import { Deliveries } from '../../parts/alerts/deliveries.js'
import { Check, FormFoot, SelectField, TextField } from '../../parts/alerts/fields.js'
import { MatcherEditor } from '../../parts/alerts/matcher-editor.js'
import { SendTest } from '../../parts/alerts/send-test.js'
import { SettingField, settingOf, textOf, type SettingText } from '../../parts/alerts/setting-field.js'
import { spoken } from '../../parts/announcer.js'
import { Icon } from '../../parts/icon.js'
import { PageHead } from '../../parts/page-head.js'
import { ProblemNote } from '../../parts/problem.js'
import { useWords } from '../../parts/words.js'
import { SEVERITIES } from '../../state/alerts-lists.js'
import { written } from '../../state/alerts-matchers.js'
import { parseDuration } from '../../../../schema/words/duration.js'
import { act, pathOfNotifier, problemOf, useChannels, useNotifiers, type ChannelType } from '../../state/alerts.js'
import type { Problem } from '../../state/api.js'
import { change, linkTo } from '../../state/router.js'

export function NotifierPage({ id }: { id: string }) {
  const { w, f } = useWords()
  const n = w.alerts.notifiers
  const notifiers = useNotifiers()
  const channels = useChannels(f.lang)
  const problem = notifiers.problem ?? channels.problem
  const isNew = id === 'new' || id.startsWith('new:')
  const notifier = notifiers.data?.notifiers.find((x) => x.id === id) ?? null
  const channel = channels.data?.types.find((t) => t.type === (isNew ? id.slice(4) : notifier?.type))
  const title = notifier
    ? notifier.name
    : isNew && channel
      ? n.newTitle(channel.label)
      : isNew
        ? n.pick
        : w.alerts.pages.notifier
  if (problem && (!notifiers.data || !channels.data))
    return (
      <>
        <PageHead title={title} />
        <ProblemNote problem={problem} />
      </>
    )
  if (!notifiers.data || !channels.data)
    return (
      <>
        <PageHead title={title} />
        <i class="skeleton tall" />
      </>
    )
  if (!isNew && !notifier)
    return (
      <>
        <PageHead title={title} />
        <div class="empty-range">
          <h1>{n.notFound}</h1>
        </div>
      </>
    )
  if (!channel)
    return (
      <>
        <PageHead title={title} />
        <Channels types={channels.data.types} />
      </>
    )
  return <Editor notifier={notifier} channel={channel} title={title} />
}

function Channels({ types }: { types: readonly ChannelType[] }) {
  return (
    <ul class="channels">
      {types.map((t) => (
        <li key={t.type}>
          <a href={linkTo({ name: 'notifier', id: `new:${t.type}` })}>
            <strong>{t.label}</strong>
            <small>{t.about}</small>
          </a>
        </li>
      ))}
    </ul>
  )
}

/** Just made: its page begins with the way to try it. */
let created: string | null = null

interface Form {
  name: string
  enabled: boolean
  language: string
  timeZone: string
  severities: Severity[]
  matchers: Matcher[]
  sendResolved: boolean
  groupBy: string
  groupWait: string
  groupInterval: string
  repeatInterval: string
  settings: { [name: string]: SettingText | undefined }
}

function formOf(notifier: NotifierJson | null, channel: ChannelType, lang: string, zone: string): Form {
  const settings = Object.fromEntries(
    channel.settings.map((field) => [
      field.name,
      textOf(field, (field.secret ? notifier?.secrets : notifier?.settings)?.[field.name]),
    ]),
  )
  if (notifier) return { ...notifier, groupBy: notifier.groupBy.join(', '), settings }
  return {
    name: channel.label,
    enabled: true,
    language: lang,
    timeZone: zone,
    severities: [],
    matchers: [],
    sendResolved: true,
    groupBy: 'alertname',
    groupWait: '0s',
    groupInterval: '5m',
    repeatInterval: '4h',
    settings,
  }
}

function draftOf(form: Form, channel: ChannelType): NotifierDraft {
  const { settings, groupBy, matchers, name, ...rest } = form
  const given = channel.settings.flatMap((field): [string, unknown][] => {
    const value = settingOf(field, settings[field.name])
    return value === undefined ? [] : [[field.name, value]]
  })
  const { enabled, language, timeZone, severities, sendResolved, groupWait, groupInterval, repeatInterval } = rest
  return {
    name: name.trim(),
    type: channel.type,
    enabled,
    language,
    timeZone,
    severities,
    matchers: written(matchers),
    sendResolved,
    groupBy: groupBy
      .split(',')
      .map((x) => x.trim())
      .filter((x) => x !== ''),
    groupWait,
    groupInterval,
    repeatInterval,
    settings: Object.fromEntries(given),
  }
}

const TIMES = ['groupWait', 'groupInterval', 'repeatInterval'] as const

function Editor({ notifier, channel, title }: { notifier: NotifierJson | null; channel: ChannelType; title: string }) {
  const { w, f } = useWords()
  const n = w.alerts.notifiers
  const [form, setForm] = useState<Form>(() => formOf(notifier, channel, f.lang, f.zone))
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [done, setDone] = useState<string | null>(null)
  const [deleting, setDeleting] = useState(false)
  const set = (part: Partial<Form>): void => {
    setDone(null)
    setForm({ ...form, ...part })
  }
  const missing = (field: ChannelType['settings'][number]): boolean =>
    field.required &&
    !(notifier?.secrets[field.name] != null && form.settings[field.name] === undefined) &&
    (form.settings[field.name] ?? '') === ''
  const badTime = (text: string): string | null =>
    parseDuration(text) === null ? w.alerts.editor.problems.duration : null
  const bad =
    form.name.trim() === '' || channel.settings.some(missing) || TIMES.some((name) => badTime(form[name]) !== null)

  async function save(): Promise<void> {
    setTried(true)
    if (bad) return
    setBusy(true)
    setProblem(null)
    try {
      const saved = await (notifier
        ? act<NotifierJson>('PUT', pathOfNotifier(notifier.id), draftOf(form, channel))
        : act<NotifierJson>('POST', 'notifiers', draftOf(form, channel)))
      const gone = channel.settings.filter((s) => saved.dropped?.includes(s.name)).map((s) => s.label)
      const told = gone.length > 0 ? n.dropped(f.list(gone)) : notifier ? n.saved : n.created
      spoken.set(told)
      setDone(gone.length > 0 ? told : n.saved)
      created = saved.id
      // what was typed is a secret now: it is not kept here either
      setForm(formOf(saved, channel, f.lang, f.zone))
      setTried(false)
      if (!notifier) change({ page: { name: 'notifier', id: saved.id } }, 'replace')
    } catch (error) {
      setProblem(problemOf(error))
    }
    setBusy(false)
  }

  return (
    <div class="notifier-page">
      <PageHead title={title} sub={notifier ? channel.label : undefined}>
        {notifier && (
          <button type="button" class="control danger" data-needs="admin" onClick={() => setDeleting(true)}>
            <Icon name="trash" />
            {w.alerts.common.delete}
          </button>
        )}
      </PageHead>
      {notifier && (
        <div class="narrow-form try-it">
          {notifier.id === created && <p role="status">{n.created}</p>}
          <SendTest id={notifier.id} name={notifier.name} primary={notifier.id === created} />
        </div>
      )}
      <form
        class="form narrow-form"
        noValidate
        onSubmit={(e) => {
          e.preventDefault()
          void save()
        }}
      >
        <TextField
          label={n.name}
          hint={n.nameHint}
          value={form.name}
          onInput={(name) => set({ name })}
          required
          problem={tried && form.name.trim() === '' ? w.alerts.editor.problems.missing : null}
        />
        <section>
          <h2>{n.connection}</h2>
          {channel.settings.map((field, i) => (
            <SettingField
              key={field.name}
              field={field}
              value={form.settings[field.name]}
              saved={notifier?.secrets[field.name] ?? null}
              first={i === 0 && !notifier}
              problem={tried && missing(field) ? w.alerts.editor.problems.missing : null}
              onChange={(value) => set({ settings: { ...form.settings, [field.name]: value } })}
            />
          ))}
        </section>
        <section>
          <div class="field-pair">
            <SelectField
              label={n.language}
              hint={n.languageHint}
              value={form.language}
              choices={LANGS.map((value) => ({
                value: value as string,
                text: new Intl.DisplayNames(value, { type: 'language' }).of(value) ?? value,
              }))}
              onChange={(language) => set({ language })}
            />
            <TextField
              label={n.zone}
              value={form.timeZone}
              onInput={(timeZone) => set({ timeZone })}
              list={['UTC', ...Intl.supportedValuesOf('timeZone')]}
            />
          </div>
        </section>
        <section>
          <h2>{n.which}</h2>
          <fieldset class="field">
            <legend class="field-label">{n.severities}</legend>
            <div class="tick-row">
              {SEVERITIES.map((s) => (
                <Check
                  key={s}
                  label={w.alerts.severities[s]}
                  checked={form.severities.includes(s)}
                  onChange={(on) =>
                    set({ severities: on ? [...form.severities, s] : form.severities.filter((x) => x !== s) })
                  }
                />
              ))}
            </div>
            <p class="field-hint">{n.severitiesHint}</p>
          </fieldset>
          <MatcherEditor label={n.matchers} value={form.matchers} onChange={(matchers) => set({ matchers })} />
          <Check label={n.resolved} checked={form.sendResolved} onChange={(sendResolved) => set({ sendResolved })} />
        </section>
        <details class="more-fields">
          <summary>{n.grouping}</summary>
          <TextField
            label={n.groupBy}
            hint={n.groupByHint}
            value={form.groupBy}
            onInput={(groupBy) => set({ groupBy })}
          />
          <div class="field-pair">
            <TextField
              label={n.groupWait}
              value={form.groupWait}
              onInput={(groupWait) => set({ groupWait })}
              problem={badTime(form.groupWait)}
            />
            <TextField
              label={n.groupInterval}
              value={form.groupInterval}
              onInput={(groupInterval) => set({ groupInterval })}
              problem={badTime(form.groupInterval)}
            />
            <TextField
              label={n.repeat}
              value={form.repeatInterval}
              onInput={(repeatInterval) => set({ repeatInterval })}
              problem={badTime(form.repeatInterval)}
            />
          </div>
        </details>
        <Check label={n.enabled} checked={form.enabled} onChange={(enabled) => set({ enabled })} />
        {problem && <ProblemNote problem={problem} />}
        {done && (
          <p class="test-outcome good" role="status">
            {done}
          </p>
        )}
        <div data-needs="admin">
          <FormFoot busy={busy} submit={notifier ? w.alerts.common.save : n.create2} />
        </div>
      </form>
      {notifier && <Deliveries notifier={notifier.id} />}
      {deleting && notifier && (
        <Confirm
          title={n.deleteTitle}
          text={n.deleteText(notifier.name)}
          submit={w.alerts.common.delete}
          run={() => act('DELETE', pathOfNotifier(notifier.id))}
          onClose={() => setDeleting(false)}
          onDone={() => change({ page: { name: 'notifiers' } }, 'replace')}
        />
      )}
    </div>
  )
}
