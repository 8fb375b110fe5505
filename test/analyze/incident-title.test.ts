import { expect, test } from 'vitest'
import { headlineOf, isUnnamed, restOf, titleIn, titleOfHead } from '../../analyze/incidents/title.js'

const long = `Le 27 nov. 2026, 03:26–03:46 UTC, ${'des 522 dus à une panne du serveur d’origine '.repeat(6)}sont apparus`
const summaries = {
  en: '522s appeared. 182 requests, none expected.',
  fr: `${long}. 182 requêtes, aucune attendue.`,
  zh: '平时没有 522。共 182 个请求，预期 0 个。',
}
const frozen = {
  explained: { en: { summary: summaries.en }, fr: { summary: summaries.fr }, zh: { summary: summaries.zh } },
}

test('an incident that nobody named is called by a whole sentence, and what follows says the rest', () => {
  const stored = headlineOf(frozen, 'fr') ?? expect.fail('nothing was explained')
  expect(stored).toHaveLength(200)
  const incident = { title: stored, frozen }
  expect(isUnnamed(incident)).toBe(true)
  expect(titleIn(incident, 'fr')).toBe(long)
  expect(titleOfHead({ title: stored, summaries }, 'fr')).toBe(long)
  expect(restOf(summaries.fr, titleIn(incident, 'fr'))).toBe('182 requêtes, aucune attendue.')
  expect(titleIn(incident, 'en')).toBe('522s appeared')
})

test('a name that somebody gave stays as it is', () => {
  expect(titleIn({ title: 'Origin down', frozen }, 'zh')).toBe('Origin down')
  expect(titleOfHead({ title: 'Origin down', summaries }, 'zh')).toBe('Origin down')
})
