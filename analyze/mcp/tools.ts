/** Every tool. Adding one: an entry here. */
import { Type } from 'typebox'
import { DIMENSIONS } from '../../schema/store/query.js'
import { PERCENTILE_MEASURES } from '../reports/percentiles.js'
import { LANG, limit, queryOf, RANGE, SELECTION, tool, type Tool } from './tool.js'

const by = (description: string) => Type.Enum([...DIMENSIONS], { description })
const id = (what: string) => Type.String({ minLength: 1, maxLength: 400, description: `Id of ${what}` })
const words = (description: string) => Type.String({ minLength: 1, maxLength: 1_000, description })
const text = (description: string) => Type.Optional(Type.String({ description }))

const FIGURES: Tool[] = [
  tool(
    {
      name: 'figures',
      title: 'Head figures',
      description:
        'How many requests a time and selection had, by status class and by who answered; share of errors (4xx, 499, 5xx), speed, and the period before. "extent" says what time the store covers: ask this first.',
    },
    Type.Object(SELECTION),
    (input) => ({ method: 'GET', path: 'summary', query: queryOf(input) }),
  ),
  tool(
    {
      name: 'timeseries',
      title: 'Requests over time',
      description: 'Requests in steps of time, one series per value of a dimension. Points are [epoch ms, requests].',
    },
    Type.Object({
      by: Type.Optional(by('Default: class')),
      step: text('Whole ms, or hour, day, week. Default: what gives a readable chart'),
      tz: text('Time zone of hour, day and week, like Europe/Paris. Default: UTC'),
      ...limit(50, 12),
      ...SELECTION,
    }),
    ({ by: dimension, step, tz, limit: most = 12, ...selection }) => ({
      method: 'GET',
      path: 'timeseries',
      query: { ...queryOf(selection), by: dimension, step, tz, limit: String(most) },
    }),
  ),
  tool(
    {
      name: 'breakdown',
      title: 'Requests by value',
      description:
        'Which values of a dimension (hosts, paths, countries, networks, rules …) the requests have, the most first, with how many of them were errors; the period before beside it if compare is true; how long the answers took if slowest is true.',
    },
    Type.Object({
      by: by('What to count by'),
      compare: Type.Optional(Type.Boolean({ description: 'Also count the period of the same length before' })),
      slowest: Type.Optional(
        Type.Boolean({
          description:
            'p50 and p95 of each value too, the slowest first byte first: which host, path or country is slow',
        }),
      ),
      ...limit(200, 20),
      ...SELECTION,
    }),
    ({ by: dimension, compare, slowest, limit: most = 20, ...selection }) => ({
      method: 'GET',
      path: 'breakdown',
      query: {
        ...queryOf(selection),
        by: dimension,
        limit: String(most),
        compare: compare ? 'previous' : undefined,
        sort: slowest ? 'p95' : undefined,
      },
    }),
  ),
  tool(
    {
      name: 'values',
      title: 'Search values',
      description: 'Which values of a dimension contain a text: to find how a host, path or agent is written.',
    },
    Type.Object({
      dimension: by('Where to search'),
      contains: words('The text; * stands for anything'),
      ...limit(200, 20),
      ...SELECTION,
    }),
    ({ dimension, contains, limit: most = 20, ...selection }) => ({
      method: 'GET',
      path: 'values',
      query: { ...queryOf(selection), dimension, contains, limit: String(most) },
    }),
  ),
  tool(
    {
      name: 'latency',
      title: 'How long answers took',
      description: 'Median, 95th and 99th percentile of time to first byte, of the origin, or in total; ms.',
    },
    Type.Object({
      measure: Type.Optional(Type.Enum([...PERCENTILE_MEASURES], { description: 'Default: edgeTimeToFirstByteMs' })),
      by: Type.Optional(by('Apart by this dimension')),
      step: text('In steps of time: whole ms, or hour, day, week. Default: the whole range in one'),
      ...SELECTION,
    }),
    ({ measure, by: dimension, step, ...selection }) => ({
      method: 'GET',
      path: 'percentiles',
      query: { ...queryOf(selection), measure, by: dimension, step },
    }),
  ),
]

const CAUSES: Tool[] = [
  tool(
    {
      name: 'spikes',
      title: 'What surged, and why',
      description:
        'Stretches in which errors ran far above what their past predicts: when, which status, who answered, where, how sure which documented cause is with its evidence, and what to check first. Filters on status, class or source choose among them. Start here when something is wrong.',
    },
    Type.Object({ ...SELECTION, ...LANG }),
    ({ lang, ...selection }) => ({ method: 'GET', path: 'spikes', query: { ...queryOf(selection), lang } }),
  ),
  tool(
    {
      name: 'explain',
      title: 'Explain any window',
      description:
        'Any range and filters explained like a spike: what changed against the time before, documented causes with evidence, what to check.',
    },
    Type.Object({ ...SELECTION, ...LANG }),
    ({ lang, ...selection }) => ({ method: 'GET', path: 'explain', query: { ...queryOf(selection), lang } }),
  ),
  tool(
    {
      name: 'status',
      title: 'What a status means',
      description:
        'A status code of the edge or the origin: its meaning, who can write it, its documented causes, checks and links.',
    },
    Type.Object({ code: Type.Integer({ minimum: 0, maximum: 999 }), ...LANG }),
    ({ code, lang }) => ({ method: 'GET', path: `statuses/${code}`, query: { lang } }),
  ),
]

const RECORDS: Tool[] = [
  tool(
    {
      name: 'records',
      title: 'Single requests',
      description:
        'The newest requests of a selection with every field, and why each has its source. Give `next` as `after` for more.',
    },
    Type.Object({ after: text('`next` of the answer before'), ...limit(100, 10), ...SELECTION, ...LANG }),
    ({ after, limit: most = 10, lang, ...selection }) => ({
      method: 'GET',
      path: 'records',
      query: { ...queryOf(selection), limit: String(most), after, lang },
    }),
  ),
  tool(
    {
      name: 'record',
      title: 'One request by its Ray ID',
      description:
        'All that is known of a request: give the Ray ID as a visitor sees it, 7a1f7ad4df2f870a or 7a1f7ad4df2f870a-ORD.',
    },
    Type.Object({ rayId: Type.String({ minLength: 1, maxLength: 200 }), ...LANG }),
    ({ rayId, lang }) => ({ method: 'GET', path: `records/${encodeURIComponent(rayId)}`, query: { lang } }),
  ),
]

const ALERTS: Tool[] = [
  tool(
    {
      name: 'alerts',
      title: 'Alerts',
      description: 'Alerts, newest first, with who was told and who acknowledged. state=firing: what fires now.',
    },
    Type.Object({ ...RANGE, state: Type.Optional(Type.Enum(['firing', 'resolved'] as const)), ...limit(100, 20) }),
    ({ limit: most = 20, ...query }) => ({ method: 'GET', path: 'alerts', query: { ...query, limit: String(most) } }),
  ),
  tool(
    { name: 'rules', title: 'Alert rules', description: 'The rules that make alerts, stored ones and proposals.' },
    Type.Object(LANG),
    ({ lang }) => ({ method: 'GET', path: 'rules', query: { lang } }),
  ),
  tool(
    {
      name: 'rule_kinds',
      title: 'Kinds of rules',
      description: 'Every kind of rule with its fields and limits: needed to draft a rule for `backtest`.',
    },
    Type.Object(LANG),
    ({ lang }) => ({ method: 'GET', path: 'rules/kinds', query: { lang } }),
  ),
  tool(
    {
      name: 'backtest',
      title: 'What a rule would have done',
      description:
        'Replays a stored rule (ruleId) or a draft (rule) over a range: every alert, the noise per week, and why nothing fired. Changes nothing.',
    },
    Type.Object({
      ruleId: Type.Optional(id('a stored rule')),
      rule: Type.Optional(
        Type.Record(Type.String(), Type.Unknown(), {
          description:
            'A draft: {"name": "many 502", "expr": {"kind": "count", "where": {"status": 502}, "window": "5m", "above": 100}}. `rule_kinds` describes each kind',
        }),
      ),
      ...RANGE,
    }),
    (body) => ({ method: 'POST', path: 'backtest', body }),
  ),
  tool(
    { name: 'annotations', title: 'Annotations', description: 'Deployments and other notes on the time line.' },
    Type.Object(RANGE),
    (query) => ({ method: 'GET', path: 'annotations', query }),
  ),
]

const CHANGES: Tool[] = [
  tool(
    {
      name: 'annotate',
      title: 'Write on the time line',
      description: 'Adds a note (a deployment, a finding) that charts and causes show.',
      writes: true,
    },
    Type.Object({
      text: words('What happened'),
      at: text('When: ISO 8601 or epoch ms'),
      from: text('Start, for a range'),
      to: text('End, for a range'),
      url: text('A link'),
      kind: text('deploy, for example'),
      host: text('Only about this host'),
    }),
    (body) => ({ method: 'POST', path: 'annotations', body }),
  ),
  tool(
    {
      name: 'freeze_incident',
      title: 'Freeze an incident',
      description:
        'Keeps a spike (its id), or a range with filters, for good: figures, charts, causes, alerts, records. Gives its id.',
      writes: true,
    },
    Type.Object({ spike: Type.Optional(id('a spike')), title: text('A title'), ...SELECTION }),
    (body) => ({ method: 'POST', path: 'incidents', body }),
  ),
]

export const TOOLS: readonly Tool[] = [...FIGURES, ...CAUSES, ...RECORDS, ...ALERTS, ...CHANGES]
