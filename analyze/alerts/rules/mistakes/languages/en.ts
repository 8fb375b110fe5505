import type { Found } from '../mistake.js'
import type { MistakeTexts } from './texts.js'

const shown = (found: Found): string =>
  found.as === 'text' ? found.text : found.as === 'list' ? 'a list' : 'a mapping'
const meant = ({ near, known }: { near: string | null; known: readonly string[] }, thereAre: string): string =>
  near === null ? ` ${thereAre} ${known.join(', ')}.` : ` Did you mean "${near}"?`

export const en: MistakeTexts = {
  'rule': 'The rule',
  'end': '.',
  'between': '; ',
  'no-rule': ({ name }) => `must be a mapping with at least ${name} and expr`,
  'promql': () =>
    'is a text. Faultline takes fields here, not PromQL: {kind: count, where: {status: 403}, window: 5m, above: 100}',
  'no-expr': () => 'is missing. It says what to watch, like {kind: ratio, errors: {class: 5xx}, window: 5m, above: 5%}',
  'missing'({ reads, description, words, example }) {
    if (reads === 'word') return `is missing: one of ${words.join(', ')}`
    if (reads === 'duration' || reads === 'window') return 'is missing: a duration like 5m'
    if (reads === 'text') return 'is missing'
    const what = `${description.slice(0, 1).toLowerCase()}${description.slice(1)}`
    return `is missing: ${what}${example === null ? '' : `, like ${example}`}`
  },
  'unknown-key': (of) => `"${of.key}" is not known here.${meant(of, 'Known are')}`,
  'no-text': () => 'must be a text',
  'too-long': ({ length, most }) => `has ${length} characters; ${most} is the limit`,
  'no-link': () => 'must be a link that begins with https:// or http://',
  'no-texts': () => 'must be a list of texts',
  'no-flag': () => 'must be true or false',
  'unknown-word': (of) => `"${shown(of.found)}" is not known.${meant(of, 'There are')}`,
  'no-number'({ found, from, to, between, percent }) {
    const wanted = between
      ? `between ${from} and ${to}, like ${between.example}${percent === null ? '' : ` or ${percent}`}`
      : `a number from ${from ?? 0} to ${to ?? 'any'}${percent === null ? '' : `, or a percentage like ${percent}`}`
    return `must be ${wanted}, not ${found}`
  },
  'no-duration': ({ found }) => `${found} is no duration; write it like 90s, 5m or 1h30m`,
  'duration-out-of-range': ({ least, most }) => `must be from ${least} to ${most}`,
  'no-whole-minutes': () => 'must be whole minutes',
  'too-many-dimensions': ({ most }) => `takes at most ${most === 2 ? 'two' : most} dimensions`,
  'no-dimension': (of) => `"${shown(of.found)}" is no dimension.${meant(of, 'There are')}`,
  'no-labels': () => 'must be a mapping of names to texts',
  'no-label-name': () => 'is no label name: letters, digits and _, not beginning with a digit',
  'label-of-rule': ({ name }) => `is set by the rule itself${name === 'severity' ? ': give severity' : ''}`,
  'no-list': ({ least, most, example }) => `must be a list of ${least} to ${most}, like ${example}`,
  'recover-over': ({ above }) => `must not be over the threshold (${above}): the alert would end while it is broken`,
  'no-where': () => 'must be a mapping of filters to values, like {status: 403, host: www.example.com}',
  'no-values': () => 'must be a value or a list of values',
  'no-filter': (of) => `"${of.name}" is no filter.${meant(of, 'Filters are')}`,
  'empty-list': () => 'the list is empty: nothing would match',
  'too-many-values': ({ count, most }) => `${count} values are too many; ${most} is the limit`,
  'no-audience': ({ found }) => `"${found}" is not known; give true, false or all`,
  'visitor-in-errors': () => 'belongs into where',
  'no-errors': () => 'names no filter: every request would be an error',
  'file-unreadable': ({ path, error }) =>
    `The rules file ${path} can not be read (${error.message}). Its rules stay in force as they were.`,
  'file-too-large': ({ kilobytes }) => `The file is larger than ${kilobytes} kB`,
  'no-yaml': ({ message }) => `is no YAML: ${message}`,
  'bad-aliases': ({ message }) => message,
  'no-groups': () => 'groups is missing: a list, each with a name and a list of rules',
  'no-group': () => 'must have a name and a list of rules',
  'interval': () => 'is not used here: rules are evaluated every minute of event time. Leave it out',
  'recording-rule': () => 'is a recording rule: there are only alerts here',
  'name-taken': ({ name }) => `another rule is called "${name}" too`,
}
