import type { Source } from '../../../schema/record.js'
import { formatFor } from './format.js'
import type { SpikeFigures, SpikeSentences } from './sentences.js'

const f = formatFor('fr')

const BY: { [source in Source]: string } = {
  client: ' (clients partis avant la réponse)',
  edge: ' émis par la périphérie',
  'origin-failure': ' écrits par la périphérie parce que le serveur d’origine a échoué',
  cache: ' servis par le cache',
  worker: ' émis par un Worker',
  origin: ' du serveur d’origine',
  undetermined: ' (l’export ne dit pas par qui)',
}

function what({ status, statusClass, source }: SpikeFigures): string {
  if (status === null) return statusClass === '499' ? 'les clients partis avant la réponse (499)' : `les réponses ${statusClass} de codes divers`
  if (status === 499) return 'les 499 (clients partis avant la réponse)'
  return `les ${status}${source === null ? '' : BY[source]}`
}

export const fr: SpikeSentences = {
  summary(s) {
    const usual = s.expected >= 0.5
    const level = s.ongoing
      ? (usual ? `atteignent ${f.times(s.observed / s.expected)} leur niveau habituel` : 'apparaissent là où il n’y en a pas d’habitude')
      : (usual ? `ont atteint ${f.times(s.observed / s.expected)} leur niveau habituel` : 'sont apparus là où il n’y en a pas d’habitude')
    const when = s.ongoing ? `Depuis le ${f.time(s.start)} UTC` : `${f.interval(s.start, s.end)} UTC`
    const where = s.place === null ? '' : ` sur ${s.place}`
    const why = s.cause === null ? '' : ` : ${s.cause.title} (${f.share(s.cause.confidence)})`
    return `${when}, ${what(s)} ${level}${where}${why}. ${f.number(s.observed)} requêtes, ${f.number(s.expected)} attendues, score ${f.number(s.score)}.`
  },
  carries: (share, field, value, before) => `${f.share(share)} portent ${field} = ${value} (avant : ${f.share(before)})`,
  fits: (share, before) => `${f.share(share)} des enregistrements ont l’aspect que laisse cette cause (avant : ${f.share(before)})`,
  slower: (measure, now, before, ratio) => `Les autres réponses des mêmes hôtes sont ${f.times(ratio)} plus lentes : ${measure} ${f.ms(now)} (avant : ${f.ms(before)})`,
  notSlower: (measure, now, before) => `Les autres réponses des mêmes hôtes ne sont pas plus lentes qu’avant : ${measure} ${f.ms(now)} (avant : ${f.ms(before)})`,
  trendUnknown: () => 'Impossible de dire si les autres réponses ont ralenti : l’export porte trop peu de durées (EdgeTimeToFirstByteMs, OriginResponseDurationMs)',
  noEvidence: () => 'Aucun enregistrement ne plaide pour l’une des causes documentées ; voici leur ordre de plausibilité',
  missing: (fields) => `Il manque à l’export ${fields.join(', ')}, qui permettrait de trancher`,
  subRequests: (share, status, before) => `${f.share(share)} des requêtes du Worker vers le serveur d’origine ont fini en ${status} (avant : ${f.share(before)})`,
}
