/** GET POST PUT DELETE /rules, export as YAML, validate and preview a draft. */
import { randomUUID } from 'node:crypto'
import { Type } from 'typebox'
import { PreviewSchema, RuleProblemSchema, RuleWarningSchema, type RuleDraft } from '../../../schema/api/alerts.js'
import { badRequest, notFound, RequestError } from '../../../schema/api/errors.js'
import type { StoredRule } from '../../../schema/store/alert-log.js'
import { preview } from '../backtest/backtest.js'
import { ARRIVALS, WATERMARK } from '../life/evaluate.js'
import { delaysOf, keptArrivals } from '../life/watermark.js'
import { langParameter, languageOf } from '../../http/parameters.js'
import { describeKinds, RuleKindsSchema } from '../kinds/describe.js'
import { RuleDraftSchema, RuleSchema, RulesSchema } from '../kinds/index.js'
import { checkRule } from '../rules/check.js'
import type { Rule } from '../rules/rule.js'
import { warningsOf } from '../rules/settled-share.js'
import { problemsInWords, sentencesOf } from '../rules/mistakes/in-words.js'
import { pathText } from '../rules/mistakes/mistake.js'
import { exportRules, MOST_SENT_BYTES, parseRules } from '../rules/yaml.js'
import { BODY_LIMIT, checkedByHand, described, fieldsOf, idParams, TAGS, type AlertRoutes } from './common.js'
import { rangeOfBody } from './range.js'
import type { Language } from '../../../schema/words/languages.js'
import { iso, isoOrNull } from '../../../schema/words/iso.js'
import { ruleView } from './views.js'

const inLanguage = Type.Object({ lang: langParameter })

const noSuchRule = (id: string) => notFound('NO_SUCH_RULE', `There is no rule ${id}. GET /api/v1/rules lists them.`)

/** Mistakes that a refusal names; /rules/validate tells all. */
const MOST_TOLD = 5

/** A draft in a body; throws the first mistakes as one RequestError. */
export function ruleOfBody(body: unknown, id: string, lang: Language): { rule: Rule; draft: RuleDraft } {
  const checked = checkRule(body, id)
  if (checked.rule) return checked
  throw badRequest('BAD_RULE', sentencesOf(checked.problems.slice(0, MOST_TOLD), lang))
}

export function ruleRoutes({ app, service }: AlertRoutes): void {
  const { log } = service

  async function view(id: string, lang: Language) {
    const { snapshot } = await service.rules()
    const stored = snapshot.rules.find((r) => r.id === id)
    if (!stored) throw noSuchRule(id)
    return ruleView(stored, snapshot, watermarkOf(snapshot.settings), service.problemsOf(id), lang)
  }

  async function changeable(id: string): Promise<StoredRule> {
    const stored = (await log.load()).rules.find((r) => r.id === id)
    if (!stored) throw noSuchRule(id)
    if (stored.origin === 'file') {
      throw new RequestError(
        409,
        'RULE_FROM_FILE',
        `"${stored.draft.name}" comes from the rules file ${service.rulesFile()?.path ?? ''}: change it there, it is read again at once.`,
      )
    }
    return stored
  }

  async function refuseTwin(name: string, id: string): Promise<void> {
    const twin = (await log.load()).rules.find((r) => r.draft.name === name && r.id !== id)
    if (twin) {
      throw new RequestError(409, 'NAME_TAKEN', `Another rule is called "${name}" already. Give this one another name.`)
    }
  }

  app.get(
    '/rules',
    {
      schema: {
        description: 'All rules with their state, and up to when logs are complete',
        tags: TAGS,
        querystring: inLanguage,
        response: { 200: RulesSchema },
      },
    },
    async (request) => {
      const lang = languageOf(request.query)
      const { snapshot } = await service.rules()
      const at = watermarkOf(snapshot.settings)
      const arrivals = keptArrivals(snapshot.settings[ARRIVALS])
      const file = service.rulesFile()
      return {
        rules: snapshot.rules.map((stored) => ruleView(stored, snapshot, at, service.problemsOf(stored.id), lang)),
        file: file && {
          path: file.path,
          loadedAt: isoOrNull(file.loadedAt),
          rules: file.rules.length,
          problems: problemsInWords(file.problems, lang),
        },
        watermark: isoOrNull(at),
        delays: delaysOf(arrivals, service.delay).map(({ input, ms, learned, lastAt }) => ({
          input,
          seconds: Math.round(ms / 1000),
          learned,
          lastArrival: iso(lastAt),
        })),
      }
    },
  )

  app.get(
    '/rules/kinds',
    {
      schema: {
        description: 'The kinds of rules there are, with the fields of each, for an editor',
        tags: TAGS,
        querystring: inLanguage,
        response: { 200: RuleKindsSchema },
      },
    },
    async (request) => describeKinds(languageOf(request.query)),
  )

  app.get(
    '/rules/:id',
    {
      schema: {
        description: 'One rule with its state',
        tags: TAGS,
        params: idParams,
        querystring: inLanguage,
        response: { 200: RuleSchema },
      },
    },
    async (request) => view(request.params.id, languageOf(request.query)),
  )

  app.post(
    '/rules',
    {
      ...checkedByHand,
      schema: {
        description: 'A new rule',
        tags: TAGS,
        querystring: inLanguage,
        body: described(RuleDraftSchema),
        response: { 201: RuleSchema },
      },
    },
    async (request, reply) => {
      const id = `rule-${randomUUID().slice(0, 13)}`
      const lang = languageOf(request.query)
      const { draft } = ruleOfBody(request.body, id, lang)
      await refuseTwin(draft.name, id)
      await log.putRules([{ id, origin: 'person', draft, createdAt: service.now(), updatedAt: service.now() }], [])
      service.nudge()
      return reply.code(201).send(await view(id, lang))
    },
  )

  app.put(
    '/rules/:id',
    {
      ...checkedByHand,
      schema: {
        description: 'Changes a rule. Its alerts live on where they still fit',
        tags: TAGS,
        params: idParams,
        querystring: inLanguage,
        body: described(RuleDraftSchema),
        response: { 200: RuleSchema },
      },
    },
    async (request) => {
      const stored = await changeable(request.params.id)
      const lang = languageOf(request.query)
      const { draft } = ruleOfBody(request.body, stored.id, lang)
      await refuseTwin(draft.name, stored.id)
      await log.putRules([{ ...stored, draft, updatedAt: service.now() }], [])
      service.nudge()
      return view(stored.id, lang)
    },
  )

  app.delete(
    '/rules/:id',
    {
      schema: {
        description: 'Deletes a rule; what fires of it is told as ended',
        tags: TAGS,
        params: idParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const stored = await changeable(request.params.id)
      await log.putRules([], [stored.id])
      service.nudge()
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/rules/export',
    {
      schema: {
        description: 'All rules as a YAML file',
        tags: TAGS,
      },
    },
    async (_request, reply) => {
      const { rules } = await log.load()
      return reply
        .type('application/yaml; charset=utf-8')
        .header('content-disposition', 'attachment; filename="faultline-rules.yaml"')
        .send(exportRules(rules.map((r) => r.draft)))
    },
  )

  app.post(
    '/rules/validate',
    {
      ...checkedByHand,
      schema: {
        description: 'Is this a rule? Takes a draft, or {"yaml": "…"} with a whole file',
        tags: TAGS,
        querystring: inLanguage,
        body: described(Type.Union([RuleDraftSchema, Type.Object({ yaml: Type.String() })])),
        response: {
          200: Type.Object({
            valid: Type.Boolean(),
            problems: Type.Array(RuleProblemSchema),
            warnings: Type.Array(RuleWarningSchema, { description: 'What can hardly be meant. Such rules are valid' }),
            rules: Type.Array(RuleDraftSchema),
          }),
        },
      },
    },
    async (request) => {
      const { yaml } = fieldsOf(request.body)
      const lang = languageOf(request.query)
      if (typeof yaml === 'string') {
        const { rules, problems } = parseRules(yaml, MOST_SENT_BYTES)
        return {
          valid: problems.length === 0,
          problems: problemsInWords(problems, lang),
          warnings: rules.flatMap((r) => warningsOf(r.rule, lang)),
          rules: rules.map((r) => r.draft),
        }
      }
      const { rule, draft, problems } = checkRule(request.body, 'draft')
      return {
        valid: draft !== null,
        rules: draft ? [draft] : [],
        warnings: rule ? warningsOf(rule, lang) : [],
        problems: problemsInWords(
          problems.map(({ path, mistake }) => ({
            path: pathText(path),
            line: null,
            column: null,
            rule: null,
            mistake,
          })),
          lang,
        ),
      }
    },
  )

  app.post(
    '/rules/preview',
    {
      ...checkedByHand,
      bodyLimit: BODY_LIMIT,
      schema: {
        description: 'What a draft would have done: its value over time, and every episode',
        tags: TAGS,
        querystring: inLanguage,
        body: described(
          Type.Object({
            rule: RuleDraftSchema,
            from: Type.Optional(Type.String()),
            to: Type.Optional(Type.String()),
          }),
        ),
        response: { 200: PreviewSchema },
      },
    },
    async (request) => {
      const body = fieldsOf(request.body)
      const lang = languageOf(request.query)
      const { rule } = ruleOfBody(body.rule, 'draft', lang)
      const range = await rangeOfBody(body, service.tools.store.records)
      return preview(rule, range, service.tools, lang)
    },
  )
}

export function watermarkOf(settings: { [name: string]: string }): number | null {
  return settings[WATERMARK] === undefined ? null : Number(settings[WATERMARK])
}
