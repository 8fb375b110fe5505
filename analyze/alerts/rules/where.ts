/** Filters under their names in the API, to the filters of the store and back. */
import type { Scope, Where } from '../../../schema/api/rule-fields.js'
import { DIMENSIONS, isDimension, type Dimension, type Selection } from '../../../schema/store/query.js'
import { amountProblem, MOST_VALUES, valueProblem } from '../../http/filter-values.js'
import type { Complain } from './mapping.js'
import type { Path } from './mistakes/mistake.js'
import { nearest } from '../../../schema/words/nearest.js'

/** `{ status: [403, 429], 'not.host': 'x', visitor: 'all' }`. What is wrong goes to `complain` with its path. */
export function scopeOf(where: unknown, path: Path, complain: Complain): Scope {
  const scope: Scope = { filters: [], audience: 'visitors' }
  if (where === undefined || where === null) return scope
  if (typeof where !== 'object' || Array.isArray(where)) {
    complain(path, { what: 'no-where' })
    return scope
  }
  for (const [name, value] of Object.entries(where)) {
    const at = [...path, name]
    const values = valuesOf(value)
    if (values === null) {
      complain(at, { what: 'no-values' })
      continue
    }
    if (name === 'visitor') {
      scope.audience = audienceOf(values, at, complain)
      continue
    }
    const not = name.startsWith('not.')
    const dimension = not ? name.slice(4) : name
    if (!isDimension(dimension) || dimension === 'visitor') {
      complain(at, { what: 'no-filter', name, near: meant(name), known: DIMENSIONS })
      continue
    }
    if (values.length === 0) complain(at, { what: 'empty-list' })
    if (values.length > MOST_VALUES) complain(at, { what: 'too-many-values', count: values.length, most: MOST_VALUES })
    checkValues(dimension, values, at, complain)
    scope.filters.push(not ? { dimension, values, not } : { dimension, values })
  }
  const patterns = amountProblem(scope.filters.filter(({ values }) => values.length <= MOST_VALUES))
  if (patterns) complain(path, patterns)
  return scope
}

export function whereOf(scope: Scope): Where {
  const where: Where = Object.fromEntries(
    scope.filters.map((f) => [`${f.not ? 'not.' : ''}${f.dimension}`, f.values.length === 1 ? f.values[0] : f.values]),
  )
  if (scope.audience === 'all') where.visitor = 'all'
  if (scope.audience === 'internal') where.visitor = 'false'
  return where
}

function valuesOf(value: unknown): string[] | null {
  const list = Array.isArray(value) ? value : [value]
  const plain = list.every(
    (v) => typeof v === 'string' || typeof v === 'boolean' || (typeof v === 'number' && Number.isFinite(v)),
  )
  return plain ? list.map(String) : null
}

function audienceOf(values: string[], path: Path, complain: Complain): Selection['audience'] {
  const words = new Set(values.map((v) => v.toLowerCase()))
  if (words.has('all') || (words.has('true') && words.has('false'))) return 'all'
  if (words.size === 1 && words.has('false')) return 'internal'
  if (!(words.size === 1 && words.has('true'))) {
    complain(path, { what: 'no-audience', found: values.join() })
  }
  return 'visitors'
}

function checkValues(dimension: Dimension, values: string[], path: Path, complain: Complain): void {
  for (const value of values) {
    const problem = valueProblem(dimension, value)
    if (problem) complain(path, problem)
  }
}

function meant(name: string): string | null {
  const near = nearest(name.replace(/^not\./, ''), DIMENSIONS)
  return near && `${name.startsWith('not.') ? 'not.' : ''}${near}`
}
