/** Where logs come from: each input and job, how it goes, and what to do. */
import type { Advice, InputHealth } from '../../../schema/api/inputs.js'
import type { RejectionReason } from '../../../schema/api/batches.js'
import { inputLabel } from '../../../schema/words/inputs.js'
import { visible } from '../../../schema/words/visible.js'
import { Icon } from '../parts/icon.js'
import { ProblemNote } from '../parts/problem.js'
import { saidText } from '../parts/said.js'
import { later } from '../parts/later.js'
import { useWords } from '../parts/words.js'
import { inputName, useInputs } from '../state/inputs.js'
import { linkTo } from '../state/router.js'

/** Asked for where somebody looks whether the picture is complete. */
const WitnessSection = later<object>(async () => (await import('../parts/witness.js')).WitnessSection, true)

/** What was never used, and is not told to fetch, needs no card. */
const isIdle = (input: InputHealth): boolean =>
  input.state === 'ready' && input.lastBatchAt === null && input.advice.length === 0

export function InputsPage() {
  const { w, f } = useWords()
  const { data, problem, loading } = useInputs(f.lang)
  const idle = data?.inputs.filter(isIdle) ?? []
  return (
    <div class="page inputs-page" aria-busy={loading && !data}>
      <header class="page-head">
        <div>
          <h1>{w.inputs.title}</h1>
          <p>{w.inputs.lead}</p>
        </div>
      </header>
      {problem && <ProblemNote problem={problem} />}
      {!data && !problem && <i class="skeleton tall" />}
      {data && (
        <p class="lead">
          {data.completeTo === null
            ? data.inputs.every((one) => one.lastBatchAt === null)
              ? w.inputs.nothing
              : w.inputs.noLive
            : w.inputs.complete(f.full(Date.parse(data.completeTo)))}
        </p>
      )}
      {data?.fileProblem && (
        <div class="problem" role="alert">
          <p>{w.inputs.fileProblem(f.full(Date.parse(data.fileProblem.since)))}</p>
          <pre>{data.fileProblem.message}</pre>
        </div>
      )}
      {data?.inputs
        .filter((input) => !isIdle(input))
        .map((input) => (
          <Card key={`${input.name} ${input.job}`} input={input} />
        ))}
      <WitnessSection />
      {idle.length > 0 && (
        <section>
          <h2>{w.inputs.others}</h2>
          <p class="faint">{f.list(idle.map(({ name }) => inputLabel(name, f.lang)))}</p>
        </section>
      )}
    </div>
  )
}

function Card({ input }: { input: InputHealth }) {
  const { w, f } = useWords()
  const id = `input-${input.name}-${input.job ?? ''}`
  return (
    <section class="input-card" aria-labelledby={id}>
      <header class="input-head">
        <h2 id={id}>{inputName(input, f.lang)}</h2>
        <span class={`state input-${input.state}`}>{w.inputs.states[input.state]}</span>
        <span class="faint">
          {input.since && w.inputs.since(f.near(Date.parse(input.since), Date.now()))}{' '}
          {input.until && w.inputs.until(f.near(Date.parse(input.until), Date.now()))}
        </span>
      </header>
      {input.why && <p class="faint">{visible(input.why)}</p>}
      <Facts input={input} />
      {input.advice.length === 0 ? (
        <p class="faint">
          <Icon name="check" /> {w.inputs.well}
        </p>
      ) : (
        <ul class="advice">
          {input.advice.map((advice) => (
            <AdviceNote key={advice.id} advice={advice} input={input} />
          ))}
        </ul>
      )}
    </section>
  )
}

function Facts({ input }: { input: InputHealth }) {
  const { w, f } = useWords()
  const { lagMs, rejected, gaps } = input
  const counts = [
    w.inputs.batchesOf(input.batches, f.count(input.batches)),
    ...(input.retries > 0 ? [w.inputs.retriesOf(f.count(input.retries))] : []),
    ...(input.duplicates > 0 ? [w.inputs.duplicatesOf(f.count(input.duplicates))] : []),
    ...(rejected.lines > 0 ? [w.inputs.rejectedOf(f.count(rejected.lines))] : []),
  ]
  return (
    <dl class="facts-row">
      <div>
        <dt>{w.inputs.lastBatch}</dt>
        <dd>
          {input.lastBatchAt && input.lastBatch ? (
            <a href={linkTo({ name: 'batch', id: input.lastBatch })}>{f.moment(Date.parse(input.lastBatchAt))}</a>
          ) : (
            w.inputs.never
          )}
          {input.everyMs !== null && <span class="faint"> {w.inputs.every(f.duration(input.everyMs))}</span>}
        </dd>
      </div>
      {lagMs && (
        <div>
          <dt>{w.inputs.lag}</dt>
          <dd>{w.inputs.lagOf(lagText(lagMs.p50), lagText(lagMs.p95))}</dd>
        </div>
      )}
      <div>
        <dt>{w.inputs.pace}</dt>
        <dd>{w.inputs.paceOf(f.short(Math.round(input.recordsPerMinute)), f.bytes(input.bytesPerMinute))}</dd>
      </div>
      <div>
        <dt>{w.inputs.lastDay}</dt>
        <dd>{counts.join(' · ')}</dd>
      </div>
      {input.waitsMs !== null && (
        <div>
          <dt>{w.inputs.waits}</dt>
          <dd>{f.duration(input.waitsMs)}</dd>
        </div>
      )}
      {input.live && (
        <div>
          <dt>{w.inputs.gaps}</dt>
          <dd>
            {gaps.length === 0
              ? w.inputs.noGaps
              : gaps.slice(0, shownGaps).map(({ from, to }) => (
                  <span key={from} class="gap">
                    {f.interval(Date.parse(from), Date.parse(to))}
                  </span>
                ))}
          </dd>
        </div>
      )}
    </dl>
  )

  function lagText(ms: number): string {
    return ms < 60_000 ? f.millis(ms) : f.duration(ms)
  }
}

const shownGaps = 6

function AdviceNote({ advice, input }: { advice: Advice; input: InputHealth }) {
  const speech = useWords()
  const { w } = speech
  const problem = { code: input.code ?? '', message: input.problem ?? '' }
  return (
    <li class={advice.serious ? 'serious' : ''}>
      <h3>{advice.symptom}</h3>
      <p>
        <strong>{w.inputs.cause}</strong> {advice.id === 'failing' ? saidText(problem, speech) : advice.cause}
      </p>
      <p>
        <strong>{w.inputs.todo}</strong> {advice.todo}
      </p>
      {advice.id === 'rejected' && (
        <ul class="tag-list">
          {Object.entries(input.rejected.byReason).map(([reason, n]) => (
            <li key={reason}>
              {w.rejections[reason as RejectionReason].reason + speech.f.aside(speech.f.count(n ?? 0))}
            </li>
          ))}
        </ul>
      )}
      {advice.id === 'fields' && (
        <dl class="spoiled">
          {input.missingFields.map(({ field, spoils }) => (
            <div key={field}>
              <dt>{field}</dt>
              <dd>{w.missing[field as keyof typeof w.missing] ?? spoils}</dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  )
}
