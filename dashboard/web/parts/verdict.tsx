/** What a person says of a spike: that it was trouble, or none. Kept and shown; it lowers nothing that is told. */
import { useState } from 'preact/hooks'
import type { Spike, Verdict } from '../../../schema/api/spikes.js'
import type { Translated } from '../../../schema/words/languages.js'
import { problemOf } from '../state/alerts.js'
import { ask, type Problem } from '../state/api.js'
import { refresh } from '../state/clock.js'
import { ProblemNote } from './problem.js'
import { useWords } from './words.js'

/** With this part, which comes when a spike is opened. */
const WORDS: Translated<
  { [said in Verdict['verdict']]: string } & { ask: string; said: (at: string) => string; back: string }
> = {
  en: {
    'ask': 'What was it?',
    'confirmed': 'A real problem',
    'not-a-problem': 'Not a problem',
    'said': (at) => `said ${at}; later spikes are told all the same`,
    'back': 'Take back',
  },
  fr: {
    'ask': 'Qu’était-ce\u202f?',
    'confirmed': 'Un vrai problème',
    'not-a-problem': 'Pas un problème',
    'said': (at) => `indiqué le ${at}\u202f; les pics suivants seront signalés quand même`,
    'back': 'Annuler',
  },
  zh: {
    'ask': '这是什么情况？',
    'confirmed': '确实是问题',
    'not-a-problem': '不是问题',
    'said': (at) => `标记于 ${at}；之后的突增仍会照常提示`,
    'back': '撤回',
  },
}

const CHOICES = ['confirmed', 'not-a-problem'] as const

export function VerdictRow({ spike }: { spike: Spike }) {
  const { f } = useWords()
  const t = WORDS[f.lang]
  const [said, setSaid] = useState(spike.verdict ?? null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const path = `spikes/${encodeURIComponent(spike.id)}/verdict`

  async function change(work: () => Promise<Verdict | null>): Promise<void> {
    setBusy(true)
    setProblem(null)
    try {
      setSaid(await work())
      refresh()
    } catch (error) {
      setProblem(problemOf(error))
    }
    setBusy(false)
  }
  const say = (verdict: Verdict['verdict']) =>
    change(() =>
      ask<Verdict>(path, {
        method: 'PUT',
        body: JSON.stringify({ verdict }),
        headers: { 'accept': 'application/json', 'content-type': 'application/json' },
      }),
    )
  const takeBack = () =>
    change(async () => {
      await ask(path, { method: 'DELETE' })
      return null
    })

  return (
    <>
      <p class="after verdict">
        {said ? (
          <>
            <b>{t[said.verdict]}</b>
            <span class="faint">{t.said(f.moment(Date.parse(said.at)))}</span>
            {said.note && <span>{said.note}</span>}
            <button type="button" class="control" data-needs="operate" disabled={busy} onClick={() => void takeBack()}>
              {t.back}
            </button>
          </>
        ) : (
          <>
            <span data-needs="operate">{t.ask}</span>
            {CHOICES.map((one) => (
              <button
                key={one}
                type="button"
                class="control"
                data-needs="operate"
                disabled={busy}
                onClick={() => void say(one)}
              >
                {t[one]}
              </button>
            ))}
          </>
        )}
      </p>
      {problem && <ProblemNote problem={problem} />}
    </>
  )
}
