/** `faultline spikes` in a terminal: the sentence, the causes with their evidence, what to check first. */
import type { Spikes } from '../../schema/api/spikes.js'
import type { Paint } from '../../schema/command-line/print.js'
import { shown } from '../../schema/command-line/shown.js'
import { SENTENCES } from './sentences/languages/index.js'
import type { ScopeDimension } from './sentences/say.js'
import { SPEECH, type Language } from '../../schema/words/languages.js'

const WORDS: {
  [lang in Language]: {
    none: (from: string, to: string) => string
    check: string
    phantoms: (n: number) => string
    severity: { [severity in 'page' | 'ticket' | 'note']: string }
  }
} = {
  en: {
    none: (from, to) => `Nothing unusual from ${from} to ${to}.`,
    check: 'check first',
    phantoms: (n) => `${n} records left out because no visitor saw them.`,
    severity: { page: 'page', ticket: 'ticket', note: 'note' },
  },
  fr: {
    none: (from, to) => `Rien d’inhabituel de ${from} à ${to}.`,
    check: 'à vérifier d’abord',
    phantoms: (n) => `${n} enregistrements laissés de côté, aucun visiteur ne les a vus.`,
    severity: { page: 'alerte', ticket: 'ticket', note: 'note' },
  },
  zh: {
    none: (from, to) => `${from} 至 ${to} 期间没有异常。`,
    check: '首先检查',
    phantoms: (n) => `已排除 ${n} 条没有访客看到的记录。`,
    severity: { page: '告警', ticket: '工单', note: '提示' },
  },
}

/** Causes printed of each spike. */
const SHOWN_CAUSES = 2

export function spikesInWords(report: Spikes, lang: Language, paint: Paint): string {
  const [words, say] = [WORDS[lang], SENTENCES[lang]]
  const lines: string[] = []
  if (report.notice) lines.push(report.notice, '')
  if (report.spikes.length === 0) lines.push(words.none(report.from ?? '?', report.to ?? '?'))
  for (const spike of report.spikes) {
    lines.push(paint('bold', `▲ ${shown(spike.summary)}`))
    const scope = Object.entries(spike.scope).map(
      ([name, value]) => `${say.scope[name as ScopeDimension] ?? name} ${shown(say.scopeValue(name, value))}`,
    )
    if (scope.length > 0) lines.push(`  ${scope.join(' · ')}`)
    if (spike.severity)
      lines.push(`  ${words.severity[spike.severity]}${SPEECH[lang].colon}${shown(spike.severityReason ?? '')}`)
    for (const cause of spike.causes.filter((c) => c.confidence > 0).slice(0, SHOWN_CAUSES)) {
      lines.push(`  ${paint('cyan', `${Math.round(cause.confidence * 100)} %  ${cause.title}`)}  [${cause.id}]`)
      for (const evidence of cause.evidence) lines.push(`        ${shown(evidence.text)}`)
    }
    const first = spike.causes[0]
    if (first) {
      lines.push(`  ${words.check}${SPEECH[lang].colon.trimEnd()}`)
      first.check.forEach((step, i) => lines.push(`    ${i + 1}. ${step}`))
      lines.push(`    ${first.url}`)
    }
    lines.push('')
  }
  if (report.phantoms > 0) lines.push(words.phantoms(report.phantoms))
  return `${lines.join('\n').trimEnd()}\n`
}
