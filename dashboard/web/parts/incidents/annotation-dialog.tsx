/** Writes an annotation, or changes and deletes one. */
import { useState } from 'preact/hooks'
import { visible } from '../../../../schema/words/visible.js'
import { actOnAnnotation, annotating, endOf, startOf, type Annotating } from '../../state/annotations.js'
import { problemOf } from '../../state/alerts.js'
import type { Problem } from '../../state/api.js'
import { useStore } from '../../state/store.js'
import { fromWall, toWall } from '../../state/wall.js'
import { FormFoot, TextField } from '../alerts/fields.js'
import { knownName, rememberName } from '../alerts/who.js'
import { Dialog } from '../dialog.js'
import { ProblemNote } from '../problem.js'
import { useWords } from '../words.js'

export function AnnotationDialogs() {
  const what = useStore(annotating)
  return what && <AnnotationDialog key={what.kind === 'old' ? what.annotation.id : 'new'} what={what} />
}

const close = (): void => annotating.set(null)

function AnnotationDialog({ what }: { what: Annotating }) {
  const { w, f } = useWords()
  const a = w.incidents.annotations
  const old = what.kind === 'old' ? what.annotation : null
  const start = what.kind === 'old' ? startOf(what.annotation) : what.from
  const end = what.kind === 'old' ? endOf(what.annotation) : what.to
  const [text, setText] = useState(old?.text ?? '')
  const [kind, setKind] = useState(old?.kind ?? '')
  const [from, setFrom] = useState(toWall(start, f.zone))
  const [to, setTo] = useState(end === null ? '' : toWall(end, f.zone))
  const [url, setUrl] = useState(old?.url ?? '')
  const [host, setHost] = useState(old?.host ?? (what.kind === 'new' ? what.host : ''))
  const [by, setBy] = useState(knownName())
  const [busy, setBusy] = useState(false)
  const [tried, setTried] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const first = fromWall(from, f.zone)
  const last = to === '' ? null : fromWall(to, f.zone)
  const wrong = {
    text: text.trim() === '' ? a.textNeeded : null,
    from: Number.isFinite(first) ? null : a.timeNeeded,
    to: last === null || last > first ? null : w.range.invalid,
    url: url === '' || /^https?:\/\/\S+$/.test(url) ? null : a.urlWrong,
  }

  async function run(deed: () => Promise<void>): Promise<void> {
    setBusy(true)
    try {
      await deed()
      close()
    } catch (error) {
      setProblem(problemOf(error))
      setBusy(false)
    }
  }

  async function save(): Promise<void> {
    setTried(true)
    if (Object.values(wrong).some((one) => one !== null)) return
    rememberName(by)
    // a field of minutes knows no seconds: what was not touched stays to the millisecond
    const exact = (wall: string, t: number, was: number | null) =>
      new Date(was !== null && wall === toWall(was, f.zone) ? was : t).toISOString()
    const times =
      last === null ? { at: exact(from, first, start) } : { from: exact(from, first, start), to: exact(to, last, end) }
    const body = { text: text.trim(), ...times }
    const fields = { url: url.trim(), kind: kind.trim(), host: host.trim() }
    await run(() =>
      old
        ? actOnAnnotation('PATCH', `annotations/${encodeURIComponent(old.id)}`, {
            ...body,
            ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value || null])),
          })
        : actOnAnnotation('POST', 'annotations', {
            ...body,
            ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '')),
            ...(by.trim() === '' ? {} : { by: by.trim() }),
          }),
    )
  }

  const optional = (label: string): string => `${label}${f.aside(w.alerts.common.optional)}`
  return (
    <Dialog title={old ? a.change : a.write} onClose={close}>
      <form
        class="form"
        noValidate
        onSubmit={(e) => {
          e.preventDefault()
          void save()
        }}
      >
        <TextField label={a.text} value={text} onInput={setText} required first problem={tried ? wrong.text : null} />
        <TextField label={optional(a.kind)} hint={a.kindHint} value={kind} onInput={setKind} list={a.kinds} />
        <div class="two">
          <TextField
            label={`${w.range.from}${f.aside(f.zoneName(start))}`}
            type="datetime-local"
            value={from}
            onInput={setFrom}
            required
            problem={tried ? wrong.from : null}
          />
          <TextField
            label={optional(w.range.to)}
            type="datetime-local"
            value={to}
            onInput={setTo}
            problem={tried ? wrong.to : null}
          />
        </div>
        <TextField label={optional(a.url)} type="url" value={url} onInput={setUrl} problem={tried ? wrong.url : null} />
        <TextField label={optional(w.dimensions.host.one)} hint={a.hostHint} value={host} onInput={setHost} />
        {old ? (
          <p class="faint small">{a.by(visible(old.author ?? ''), f.full(Date.parse(old.createdAt)))}</p>
        ) : (
          <TextField label={optional(w.alerts.common.by)} value={by} onInput={setBy} />
        )}
        {problem && <ProblemNote problem={problem} />}
        <FormFoot busy={busy} submit={w.alerts.common.save} onCancel={close}>
          {old && (
            <button
              type="button"
              class="control danger"
              data-needs="operate"
              disabled={busy}
              onClick={() => void run(() => actOnAnnotation('DELETE', `annotations/${encodeURIComponent(old.id)}`))}
            >
              {w.alerts.common.delete}
            </button>
          )}
        </FormFoot>
      </form>
    </Dialog>
  )
}
