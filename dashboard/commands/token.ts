/** faultline token create, list, revoke: who may come in, from the command line. */
import { defineCommand, EXIT, type CommandGroup } from '../../schema/command-line/command.js'
import { OutsideError, UsageError } from '../../schema/command-line/errors.js'
import { choice, JSON_FLAG, list, text } from '../../schema/command-line/option.js'
import { print, printJson } from '../../schema/command-line/print.js'
import { settings } from '../../schema/command-line/settings.js'
import { shown } from '../../schema/command-line/shown.js'
import type { TokenJson } from '../../schema/api/access.js'
import type { Store } from '../../schema/store/store.js'
import { parseDuration } from '../../schema/words/duration.js'
import { ROLES, ZONE_PATTERN } from '../../schema/words/roles.js'

const create = defineCommand({
  name: 'create',
  summary: 'a new token; it is shown this once',
  about:
    'ingest sends logs · read looks · operate also changes rules, silences, annotations, and undoes · admin also decides\n' +
    'who may come in. The store keeps a hash: nobody can show the token again. A service on the same store heeds it at once.',
  arguments: [{ name: 'name', needs: 'a name: what the token is for, or whose it is' }],
  options: {
    ...settings('store'),
    role: choice(ROLES, { description: 'what it may do', placeholder: 'ROLE', default: 'read' }),
    zones: list({
      description: 'only these zones, as ZoneName has them, with commas between',
      placeholder: 'ZONES',
      takes: 'names of zones with commas between, like example.com',
      unset: 'all',
    }),
    expires: text({
      description: 'it is valid for so long',
      placeholder: 'TIME',
      takes: 'a duration like 90d',
      unset: 'until it is revoked',
    }),
    ...JSON_FLAG,
  },
  problems({ role, zones = [], expires }) {
    const problems: string[] = []
    if (role === 'admin' && zones.length > 0) problems.push('An admin decides over all zones: leave --zones out.')
    const bad = zones.find((zone) => !new RegExp(ZONE_PATTERN).test(zone))
    if (bad !== undefined) problems.push(`--zones takes names of zones like example.com, not ${shown(bad)}`)
    if (expires !== undefined && !(Number(parseDuration(expires)) > 0))
      problems.push(`--expires takes a duration like 12h or 90d, not ${shown(expires)}`)
    return problems
  },
  examples: [
    { line: 'faultline token create logpush --role ingest --zones example.com', says: 'for a Logpush job' },
    { line: 'faultline token create "on call" --role operate --expires 90d', says: 'for people, for three months' },
  ],
  async run(options, [name]) {
    if (name.trim() === '' || name.length > 100) throw new UsageError('The name has 1 to 100 characters.')
    const { createToken, tokenView } = await import('../access/tokens.js')
    return withStore(options.store, async (store) => {
      const now = Date.now()
      const lasts = options.expires === undefined ? null : parseDuration(options.expires)
      const { made, token } = await createToken(
        store.ledger.tokens,
        { name, role: options.role, zones: options.zones ?? null },
        { expiresAt: lasts === null ? null : now + lasts, createdBy: null, now },
      )
      await note(store, 'token.create', made.id, { name: made.name, role: made.role })
      if (options.json) printJson({ ...tokenView(made, now), token })
      else print(`${token}\n`)
      return EXIT.done
    })
  },
})

const listTokens = defineCommand({
  name: 'list',
  summary: 'the tokens there are, and when they were used last',
  options: { ...settings('store'), ...JSON_FLAG },
  examples: [{ line: 'faultline token list --json', says: 'as one JSON document' }],
  async run(options) {
    const { tokenView } = await import('../access/tokens.js')
    const { everyItem } = await import('../../schema/store/paging.js')
    return withStore(options.store, async (store) => {
      const tokens: TokenJson[] = []
      for await (const token of everyItem((page) => store.ledger.tokens.page(page)))
        tokens.push(tokenView(token, Date.now()))
      if (options.json) printJson({ tokens })
      else print(tokens.length === 0 ? 'There are no tokens.\n' : `${tokens.map(inWords).join('\n')}\n`)
      return EXIT.done
    })
  },
})

const revoke = defineCommand({
  name: 'revoke',
  summary: 'a token opens nothing any more, nor do sessions that it began',
  arguments: [{ name: 'id', needs: 'the id of the token, as "token list" shows it' }],
  options: settings('store'),
  examples: [{ line: 'faultline token revoke 3b0f7a52-…', says: 'at once, also where a service runs' }],
  async run(options, [id]) {
    return withStore(options.store, async (store) => {
      const token = await store.ledger.tokens.get(id)
      if (token === null) throw new OutsideError(`There is no token ${shown(id)}. "faultline token list" shows them.`)
      const done = await store.ledger.tokens.revoke(id, Date.now())
      if (done) await note(store, 'token.revoke', id, { name: token.name })
      print(`The token ${shown(token.name)} ${done ? 'is' : 'was already'} revoked.\n`)
      return EXIT.done
    })
  },
})

export const token: CommandGroup = {
  name: 'token',
  summary: 'who may come in',
  commands: [create, listTokens, revoke],
}

async function withStore<T>(url: string, work: (store: Store) => Promise<T>): Promise<T> {
  const { openStore } = await import('../../schema/open-store.js')
  const store = await openStore(url)
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

const note = (store: Store, action: string, target: string, detail: { [name: string]: string }) =>
  store.ledger.audit.append([
    { time: Date.now(), actor: 'command line', role: 'admin', address: null, action, target, outcome: 'done', detail },
  ])

function inWords({ id, name, role, zones, expiresAt, lastUsedAt, state }: TokenJson): string {
  const day = (time: string) => time.slice(0, 16).replace('T', ' ')
  return [
    id,
    shown(name),
    role,
    zones === null ? 'all zones' : zones.join(' '),
    state === 'valid' ? (expiresAt === null ? 'no end' : `until ${day(expiresAt)}`) : state,
    lastUsedAt === null ? 'never used' : `used ${day(lastUsedAt)}`,
  ].join('  ')
}
