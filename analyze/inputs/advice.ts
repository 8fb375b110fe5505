/** Symptom → cause → what to do: what the figures of an input say to whoever runs it. */
import { ADVICE, type Advice, type AdviceId, type InputState } from '../../schema/api/inputs.js'
import { MINUTE } from '../../schema/words/duration.js'
import type { Language } from '../../schema/words/languages.js'
import type { Flow } from './flow.js'
import type { RejectionReason } from '../../schema/words/rejections.js'
import { ADVICE_TEXTS } from './languages/index.js'
import type { AdviceFacts } from './languages/texts.js'

/** Records usually come within five minutes (fact sheet, section 3); twice that at the slow end is late, ms. */
const LATE_MS = 10 * MINUTE
/** Clocks differ by seconds; this much is a wrong one, ms. */
const AHEAD_MS = MINUTE
/** Shares from which something is no accident any more. */
const MANY_RETRIES = 0.05
const MANY_DUPLICATES = 0.05
const MANY_REJECTED = 0.001
const FEWEST_BATCHES = 5

/** With these figures are or may be wrong. */
const SERIOUS: readonly AdviceId[] = ['failing', 'silent', 'gaps', 'clock', 'rejected']

export function adviceOf(state: InputState, flow: Flow, language: Language): Advice[] {
  const { shown } = flow
  const facts: AdviceFacts = {
    sender: state.name === 'logpush' || state.name === 'folder' ? state.name : 'other',
    since: state.since === null ? 0 : Date.parse(state.since),
    until: state.until === null ? null : Date.parse(state.until),
    problem: state.problem ?? '',
    silentSince: flow.silentSince ?? 0,
    everyMs: shown.everyMs,
    gaps: shown.gaps.map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) })),
    lagP95: shown.lagMs?.p95 ?? 0,
    aheadMs: flow.aheadMs,
    batches: shown.batches,
    retries: shown.retries,
    duplicates: shown.duplicates,
    duplicateShare: flow.lines === 0 ? 0 : shown.duplicates / flow.lines,
    rejected: shown.rejected.lines,
    rejectedShare: flow.lines === 0 ? 0 : shown.rejected.lines / flow.lines,
    reasons: Object.entries(shown.rejected.byReason)
      .sort(([, a], [, b]) => b - a)
      .map(([reason]) => reason as RejectionReason),
    interrupted: shown.interrupted,
    fields: shown.missingFields.map(({ field }) => field),
  }
  const enough = facts.batches >= FEWEST_BATCHES
  const holds: { [A in AdviceId]: boolean } = {
    failing: state.state === 'failing',
    silent: flow.silentSince !== null,
    // the one that still lasts is told as silence
    gaps: facts.gaps.length > (flow.silentSince === null ? 0 : 1),
    late: state.live && facts.lagP95 > LATE_MS,
    clock: facts.aheadMs > AHEAD_MS,
    retries: enough && facts.retries / facts.batches > MANY_RETRIES,
    duplicates: state.live && facts.duplicateShare > MANY_DUPLICATES && facts.retries / facts.batches <= MANY_RETRIES,
    rejected: facts.rejectedShare > MANY_REJECTED,
    interrupted: facts.interrupted > 0,
    fields: facts.fields.length > 0,
  }
  const texts = ADVICE_TEXTS[language]
  return ADVICE.filter((id) => holds[id])
    .map((id) => ({ id, serious: SERIOUS.includes(id), ...texts[id](facts) }))
    .sort((a, b) => Number(b.serious) - Number(a.serious))
}
