import { expect, it } from 'vitest'
import { inWords, type LeftOut } from '../../../analyze/alerts/rules/left-out.js'

const ALL: LeftOut[] = [
  { what: 'groups', dimension: 'host', all: 1200, kept: 500 },
  { what: 'fields', fields: ['ClientASN', 'EdgeColoCode'] },
  { what: 'range', days: 400 },
  { what: 'episodes', all: 2345, kept: 2000 },
]

it('what was left out is told with its figures, each in the way of the language', () => {
  expect(inWords(ALL, 'en')).toEqual([
    'Host: of 1,200 values only the 500 with the most requests are watched. Narrow the rule with where, or group by something smaller.',
    'No record of the last day carries ClientASN or EdgeColoCode, which this rule needs. Add the fields to the Logpush job, or change the rule.',
    'The range is longer than 400 days: only its first 400 were looked at.',
    'It would have fired 2,345 times; the first 2,000 are listed.',
  ])
  expect(inWords(ALL, 'fr')).toEqual([
    'Hôte\u202f: sur 1\u202f200 valeurs, seules les 500 qui ont le plus de requêtes sont surveillées. Restreignez la règle (where), ou regroupez par une dimension moins large.',
    'Aucun enregistrement du dernier jour ne porte ClientASN ou EdgeColoCode, dont cette règle a besoin. Ajoutez ces champs à la tâche Logpush, ou modifiez la règle.',
    'La période dépasse 400 jours\u202f: seuls les 400 premiers ont été examinés.',
    'Elle se serait déclenchée 2\u202f345 fois\u202f; les 2\u202f000 premières sont listées.',
  ])
  expect(inWords(ALL, 'zh')).toEqual([
    '主机名共有 1,200 个值，仅监视其中请求最多的 500 个。请用 where 缩小规则范围，或改用取值更少的维度分组。',
    '最近一天没有任何记录带有 ClientASN 或 EdgeColoCode，而此规则需要它。请在 Logpush 任务中加上，或修改规则。',
    '时间范围超过 400 天，仅检查了最初的 400 天。',
    '此规则本会触发 2,345 次，仅列出最初的 2,000 次。',
  ])
})
