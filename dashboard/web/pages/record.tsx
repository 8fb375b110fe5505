/** Everything known of one request, grouped, and why it has its source. */
import type { Dimension } from '../../../schema/words/dimensions.js'
import { FIELD_GROUPS, fieldOf, type Field, type FieldGroup, type FieldName } from '../../../schema/words/fields.js'
import type { RecordJson } from '../../../schema/words/record.js'
import { CopyButton } from '../parts/copy.js'
import { readablePath, visible } from '../../../schema/words/visible.js'
import { PageHead } from '../parts/page-head.js'
import { ProblemNote } from '../parts/problem.js'
import { SourceTag, StatusTag } from '../parts/tags.js'
import { valueText } from '../parts/value.js'
import { useWords } from '../parts/words.js'
import type { RecordsAnswer } from '../state/answers.js'
import { useAnswer } from '../state/api.js'
import { FILTERABLE } from '../state/dimensions.js'
import { linkTo } from '../state/router.js'
import type { UrlFilter } from '../state/url.js'

const GROUPS = Object.keys(FIELD_GROUPS) as FieldGroup[]

/** What the group shows: its heading tells why a record has its source, and a weight of one says nothing. */
const shownOf = (group: FieldGroup, record: RecordJson): readonly Field[] =>
  FIELD_GROUPS[group].filter(({ name }) => name !== 'sourceReason' && (name !== 'weight' || record.weight !== 1))

const aroundMs = 2 * 60_000

export function RecordPage({ ray }: { ray: string }) {
  const { w, f } = useWords()
  const { data, problem } = useAnswer<RecordsAnswer>(`records/${encodeURIComponent(ray)}?lang=${f.lang}`, {
    subject: `${ray} ${f.lang}`,
  })
  if (problem?.status === 404)
    return (
      <div class="page">
        <PageHead title={w.record.title} sub={ray} />
        <div class="empty-range">
          <h1>{w.record.notFound}</h1>
          <p>{w.record.notFoundHint}</p>
        </div>
      </div>
    )
  if (problem && !data)
    return (
      <div class="page">
        <PageHead title={w.record.title} sub={ray} />
        <ProblemNote problem={problem} />
      </div>
    )
  return (
    <div class="page record-page">
      <PageHead title={w.record.title} sub={ray}>
        <CopyButton text={ray} />
      </PageHead>
      {data && data.records.length > 1 && (
        <p class="lead">{w.record.several(data.records.length, f.count(data.records.length))}</p>
      )}
      {!data && (
        <div class="record-card">
          <i class="skeleton tall" />
        </div>
      )}
      {data?.records.map((r, i) => (
        <OneRecord key={i} record={r} />
      ))}
    </div>
  )
}

function OneRecord({ record }: { record: RecordJson }) {
  const { w, f } = useWords()
  const t = Date.parse(record.time)
  const one = (dimension: Dimension, value: string): UrlFilter[] => [{ dimension, not: false, values: [value] }]
  const near = {
    kind: 'span' as const,
    from: Math.floor((t - aroundMs) / 60_000) * 60_000,
    to: Math.ceil((t + aroundMs) / 60_000) * 60_000,
  }
  return (
    <article class="record-card">
      <header>
        <StatusTag status={record.edgeResponseStatus} />
        <h2>
          <span class="method">{record.method ?? ''}</span>{' '}
          <span class="url">
            {visible(record.host ?? '')}
            {readablePath(record.path ?? '')}
          </span>
        </h2>
        <time dateTime={record.time}>{f.full(t)}</time>
      </header>
      <p class="why">
        <SourceTag source={record.source} /> <span>{record.sourceReason}</span>
      </p>
      <div class="fact-groups">
        {GROUPS.map((g) => (
          <section key={g}>
            <h3>{w.record.groups[g]}</h3>
            <dl>
              {shownOf(g, record).map(({ name, filter }) => (
                <Fact
                  key={name}
                  record={record}
                  field={name as FieldName}
                  dimension={FILTERABLE.find((dimension) => dimension === filter) ?? null}
                />
              ))}
            </dl>
          </section>
        ))}
      </div>
      <footer>
        {record.host !== null && (
          <a class="control" href={linkTo({ name: 'records' }, { range: near, filters: one('host', record.host) })}>
            {w.record.around}
          </a>
        )}
        {record.clientIp !== null && (
          <a class="control" href={linkTo({ name: 'overview' }, { filters: one('clientIp', record.clientIp) })}>
            {w.record.sameClient}
          </a>
        )}
        {record.securityRuleId !== null && (
          <a
            class="control"
            href={linkTo({ name: 'overview' }, { filters: one('securityRuleId', record.securityRuleId) })}
          >
            {w.record.rule}
          </a>
        )}
        {record.parentRayId !== null && (
          <a class="control" href={linkTo({ name: 'record', id: record.parentRayId })}>
            {w.record.parent}
          </a>
        )}
        {record.rayId !== null && record.workerStatus !== null && record.workerStatus !== 'unknown' && (
          <a
            class="control"
            href={linkTo({ name: 'records' }, { filters: one('parentRayId', record.rayId), internal: true })}
          >
            {w.record.children}
          </a>
        )}
      </footer>
    </article>
  )
}

function Fact({ record, field, dimension }: { record: RecordJson; field: FieldName; dimension: Dimension | null }) {
  const speech = useWords()
  const { w } = speech
  const value = record[field]
  const text = factText(record, field, speech)
  const shown = dimension && value !== null ? valueText(dimension, String(value), speech) : text
  return (
    <div class={value === null ? 'fact absent' : 'fact'}>
      <dt>{w.fields[field].short}</dt>
      <dd>
        {value === null ? (
          <span title={w.record.notExported}>–</span>
        ) : dimension ? (
          <a
            href={linkTo({ name: 'overview' }, { filters: [{ dimension, not: false, values: [String(value)] }] })}
            title={w.record.filterBy(`${w.dimensions[dimension].one} ${shown}`)}
          >
            {text}
          </a>
        ) : (
          text
        )}
      </dd>
    </div>
  )
}

function factText(record: RecordJson, field: FieldName, speech: ReturnType<typeof useWords>): string {
  const { w, f } = speech
  const value = record[field]
  switch (field) {
    case 'time':
      return f.full(Date.parse(record.time))
    case 'visitor':
      return record.visitor ? w.record.yes : w.record.no
    case 'originResponseStatus':
      return value === 0 ? w.record.zero : String(value)
    case 'source':
      return valueText('source', record.source, speech)
    case 'country':
      return record.country === null ? '' : `${f.country(record.country)}${f.aside(record.country)}`
    case 'asn':
      return `AS${value}`
    case 'edgeResponseBytes':
      return f.bytes(Number(value))
    case 'edgeTimeToFirstByteMs':
    case 'originResponseDurationMs':
    case 'totalMs':
      return f.millis(Number(value))
    case 'weight':
      return w.record.weight(f.count(record.weight))
    default:
      // as it was received, but nothing in it hides
      return fieldOf(field).values?.[String(value)]?.[f.lang] ?? visible(String(value))
  }
}
