/** One status: what it means, who can write it, its documented causes; and how it stands in the reader's logs. */
import type { StatusEntry } from '../../../schema/status/entry.js'
import type { Summary } from '../../../schema/api/reports.js'
import { PageHead } from '../parts/page-head.js'
import { ProblemNote } from '../parts/problem.js'
import { SourceTag, Swatch } from '../parts/tags.js'
import { CauseBody, isWeb } from '../parts/cause.js'
import { useWords } from '../parts/words.js'
import { useAnswer } from '../state/api.js'
import { useAsked } from '../state/asked.js'
import { statusClassOf } from '../../../schema/status/status-class.js'
import { questionKey, summaryPath, type Asked } from '../state/questions.js'
import { linkTo } from '../state/router.js'

export function StatusPage({ code }: { code: string }) {
  const { w, f } = useWords()
  const { data, problem } = useAnswer<StatusEntry>(`statuses/${encodeURIComponent(code)}?lang=${f.lang}`, {
    subject: `${code} ${f.lang}`,
  })
  if (problem && !data) {
    const text =
      problem.kind === 'absent'
        ? w.statuses.absent
        : problem.status === 404 || problem.status === 400
          ? w.statuses.notFound
          : null
    return (
      <div class="page">
        <PageHead title={code} />
        {text ? (
          <div class="empty-range">
            <h1>{text}</h1>
          </div>
        ) : (
          <ProblemNote problem={problem} />
        )}
      </div>
    )
  }
  return (
    <div class="page reading status-page">
      <PageHead title={code} sub={data?.title} sign={<Swatch token={`class-${statusClassOf(Number(code))}`} />} />
      {!data && <i class="skeleton tall" />}
      {data && (
        <>
          <p class="lead">{data.meaning}</p>
          <dl class="facts-row">
            <div>
              <dt>{w.statuses.writtenBy}</dt>
              <dd class="tag-list">
                {data.writtenBy.map((s) => (
                  <SourceTag key={s} source={s} />
                ))}
              </dd>
            </div>
            <InYourLogs code={code} />
            {isWeb(data.url) && (
              <div>
                <dt>{w.statuses.source}</dt>
                <dd>
                  <a href={data.url} target="_blank" rel="noreferrer noopener">
                    {new URL(data.url).hostname} ↗
                  </a>
                </dd>
              </div>
            )}
          </dl>
          <h2>{w.statuses.causes}</h2>
          {data.causes.length === 0 && <p class="faint">{w.statuses.noCauses}</p>}
          <ol class="causes">
            {data.causes.map((c) => (
              <li key={c.id} id={c.id}>
                <CauseBody cause={c} />
              </li>
            ))}
          </ol>
        </>
      )}
    </div>
  )
}

function InYourLogs({ code }: { code: string }) {
  const { w, f } = useWords()
  const asked = useAsked()
  const filters = [{ dimension: 'status' as const, not: false, values: [code] }]
  const own = asked && { ...asked, view: { ...asked.view, filters } }
  const { data } = useAnswer<Summary, Asked>(own && summaryPath(own), {
    subject: own ? questionKey(own) : '',
    question: own ?? undefined,
  })
  if (!asked) return null
  return (
    <div>
      <dt>{w.statuses.inData(f.interval(asked.span.from, asked.span.to))}</dt>
      <dd>
        {data ? w.upload.requests(data.requests, f.count(data.requests)) : '…'}
        {data && data.requests > 0 && (
          <>
            {' '}
            · <a href={linkTo({ name: 'overview' }, { filters })}>{w.statuses.seeRequests}</a>
          </>
        )}
      </dd>
    </div>
  )
}
