import { expect, it } from 'vitest'
import { csvLine, csvText } from '../../../schema/words/csv.js'

it('no cell is a formula, nor is a piece of one where a spreadsheet splits at semicolons, tabs or bars', () => {
  for (const formula of ['=1+1', '+1', '-1', '@A1', '＝1+1', '\t=1'])
    expect(csvText(formula).replace(/^"/, '')).toMatch(/^'/)
  const hostile = ['/a;=1+1;b', '/a; =1+1', '/a;"=1+1"', '/a\t@A1', '/a|-1', '/a\n=1', 'x;;=1']
  for (const text of hostile) {
    const cell = csvText(text).replace(/^"(.*)"$/s, (_, inner: string) => inner.replaceAll('""', '"'))
    for (const piece of cell.split(/[;\t\n|]/)) expect(piece, text).not.toMatch(/^["\s]*[=+\-@]/)
  }
})

it('what is no formula stays as it is', () => {
  const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:120.0) AppleWebKit/537.36'
  for (const text of [agent, 'a=b', 'x-y', 'text/html; q=0.9', '']) expect(csvText(text)).toBe(text)
  expect(csvLine(['a', -1, null, true])).toBe('a,-1,,true\r\n')
})
