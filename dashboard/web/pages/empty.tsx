/** What to do where there is nothing to show. */
import type { Summary } from '../../../schema/api/reports.js'
import { CopyButton } from '../parts/copy.js'
import { FileButton } from '../parts/file-button.js'
import { Icon } from '../parts/icon.js'
import { useWords } from '../parts/words.js'
import { LOGPUSH_FIELDS } from '../../../schema/words/fields.js'
import type { Asked } from '../state/questions.js'
import { change } from '../state/router.js'
import { useStore } from '../state/store.js'
import { addDemo, isActive, uploads } from '../state/uploads.js'

/** Where a job can reach this service: a name, since nobody outside reaches a loopback address. */
function destination(): string {
  const loopback = /^(localhost|127\.|\[::1\])/.test(location.hostname)
  return `https://${loopback ? 'logs.example.com' : location.host}/api/v1/logs?header_Authorization=Bearer%20TOKEN`
}

/** May break after a comma, a slash or a question mark, not within a name. */
function Command({ text }: { text: string }) {
  return (
    <div class="command">
      <code>
        {text.split(/(?<=[,?/])/).map((part, i) => (
          <>
            {i > 0 && <wbr />}
            {part}
          </>
        ))}
      </code>
      <CopyButton text={text} />
    </div>
  )
}

export function EmptyStore() {
  const { w } = useWords()
  const loading = useStore(uploads).some((u) => u.kind === 'demo' && isActive(u))
  return (
    <div class="empty">
      <div class="drop-zone">
        <svg class="drop-art" viewBox="0 0 240 72" aria-hidden="true">
          {[18, 22, 20, 27, 24, 30, 28, 33, 58, 64, 46, 31, 27, 30, 25, 22, 24, 20, 18, 21].map((h, i) => (
            <rect key={i} class={h > 40 ? 'hot' : ''} x={i * 12 + 1} y={72 - h} width="9" height={h} rx="1.5" />
          ))}
        </svg>
        <h1>{w.empty.title}</h1>
        <p>{w.empty.lead}</p>
        <div class="empty-doors">
          <FileButton class="primary">
            <Icon name="upload" />
            {w.empty.choose}
          </FileButton>
          <span>{w.empty.or}</span>
          <button
            type="button"
            class="control"
            data-needs="operate"
            data-all-zones
            disabled={loading}
            onClick={() => addDemo(w.empty.simulating)}
          >
            {w.empty.demo}
          </button>
        </div>
        <p class="faint small" role="status">
          {w.empty.demoHint}
        </p>
      </div>
      <div class="ways">
        <section>
          <h2>{w.empty.cli}</h2>
          <p>{w.empty.cliHint}</p>
          <Command text="node dist/main.js ingest export.gz" />
          <p class="faint small">{w.empty.cliNote}</p>
        </section>
        <section>
          <h2>{w.empty.logpush}</h2>
          <p>{w.empty.logpushHint}</p>
          <Command text={destination()} />
          <p class="faint small">{w.empty.logpushToken}</p>
        </section>
        <section>
          <h2>{w.empty.fieldsTitle}</h2>
          <p>{w.empty.fieldsHint}</p>
          <Command text={LOGPUSH_FIELDS.join(',')} />
        </section>
      </div>
    </div>
  )
}

export function EmptyRange({ summary, asked }: { summary: Summary; asked: Asked }) {
  const { w, f } = useWords()
  const { from, to } = summary.extent
  const filtered = asked.view.filters.length > 0
  return (
    <div class="empty-range">
      <h1>{filtered ? w.empty.noMatch : w.empty.noRange}</h1>
      <p>
        {filtered
          ? w.empty.noMatchLead
          : from && to
            ? w.empty.noRangeLead(f.interval(Date.parse(from), Date.parse(to)))
            : ''}
      </p>
      <div class="empty-doors">
        {filtered && (
          <button type="button" class="primary" onClick={() => change({ filters: [] })}>
            {w.empty.clear}
          </button>
        )}
        <button
          type="button"
          class={filtered ? 'control' : 'primary'}
          onClick={() => change({ range: { kind: 'all' } })}
        >
          {w.empty.showAll}
        </button>
      </div>
    </div>
  )
}
