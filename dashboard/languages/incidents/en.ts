/** Explanations of any window, annotations and incidents, in English: the texts to translate. */
import { pluralOf } from '../plural.js'

const plural = pluralOf('en')

export const incidents = {
  brush: {
    label: (interval: string) => `Selected: ${interval}`,
    zoom: 'Zoom in',
    explain: 'What changed?',
    annotate: 'Annotate',
    compare: 'Compare with this time',
    freeze: 'Freeze as incident',
  },
  explain: {
    title: 'What changed',
    why: (value: string) => `Why ${value}?`,
    calm: 'No errors in this time and with these filters: there is nothing to explain.',
    against: 'compared with the time before',
  },
  annotations: {
    title: 'Annotations',
    lead: 'What happened besides: deployments, campaigns, maintenance. They stand on every chart, and spikes say what came shortly before them.',
    write: 'New annotation',
    change: 'Annotation',
    text: 'Text',
    textNeeded: 'Say what happened.',
    timeNeeded: 'Say when it was.',
    kind: 'Kind',
    kinds: ['deploy', 'config', 'campaign', 'maintenance', 'incident'],
    kindHint: 'A word of your own to find them by',
    everyKind: 'Every kind',
    url: 'Link',
    urlWrong: 'A link begins with https:// or http://.',
    hostHint: 'Empty: it concerns all hosts',
    author: 'By',
    by: (author: string, time: string) => (author === '' ? `Written ${time}` : `Written by ${author}, ${time}`),
    search: 'Search annotations',
    none: 'Nothing has been written yet.',
    figures: 'The figures around it',
    ci: 'From your deployment',
    ciHint: 'One command at the end of the pipeline. Without a token on this service, leave out the first header.',
  },
  count: (n: number, text: string) => `${text} ${plural(n, { one: 'incident', other: 'incidents' })}`,
}

export type IncidentTexts = typeof incidents
