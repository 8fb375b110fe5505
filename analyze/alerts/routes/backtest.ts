/** POST /backtest: what a rule, stored or only drafted, would have done over a range. */
import { Type } from 'typebox'
import { BacktestSchema } from '../../../schema/api/alerts.js'
import { badRequest, notFound } from '../../../schema/api/errors.js'
import { RuleDraftSchema } from '../kinds/index.js'
import { langParameter, languageOf } from '../../http/parameters.js'
import { backtest } from '../backtest/backtest.js'
import { checkedByHand, described, fieldsOf, TAGS, type AlertRoutes } from './common.js'
import { rangeOfBody } from './range.js'
import { ruleOfBody } from './rules.js'

export function backtestRoutes({ app, service }: AlertRoutes): void {
  app.post(
    '/backtest',
    {
      ...checkedByHand,
      schema: {
        description: 'Every episode, the notices and the noise per week, had the rule been on',
        tags: TAGS,
        querystring: Type.Object({ lang: langParameter }),
        body: described(
          Type.Object({
            ruleId: Type.Optional(Type.String({ description: 'Of a stored rule' })),
            rule: Type.Optional(RuleDraftSchema),
            from: Type.Optional(Type.String({ description: 'Default: the first record' })),
            to: Type.Optional(Type.String({ description: 'Default: the last record' })),
          }),
        ),
        response: { 200: BacktestSchema },
      },
    },
    async (request) => {
      const body = fieldsOf(request.body)
      if ((body.ruleId === undefined) === (body.rule === undefined)) {
        throw badRequest('WHICH_RULE', 'Give either "ruleId" of a stored rule or "rule", a draft.')
      }
      const range = await rangeOfBody(body, service.tools.store.records)
      const lang = languageOf(request.query)
      if (body.rule !== undefined)
        return backtest(ruleOfBody(body.rule, 'draft', lang).rule, range, service.tools, lang)
      const { rules } = await service.rules()
      const rule = rules.find((r) => r.id === body.ruleId)
      if (!rule)
        throw notFound('NO_SUCH_RULE', `There is no rule ${String(body.ruleId)}. GET /api/v1/rules lists them.`)
      return backtest(rule, range, service.tools, lang)
    },
  )
}
