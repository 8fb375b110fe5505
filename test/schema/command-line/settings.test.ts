import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { defineCommand, EXIT } from '../../../schema/command-line/command.js'
import { OutsideError, UsageError } from '../../../schema/command-line/errors.js'
import {
  choice,
  fileVariableOf,
  flagOf,
  list,
  number,
  text,
  whole,
  wordsOf,
  yes,
} from '../../../schema/command-line/option.js'
import { readOptions } from '../../../schema/command-line/read-options.js'
import { mistyped, SETTINGS } from '../../../schema/command-line/settings.js'
import { packageRoot } from '../../../schema/runtime/package-root.js'

const README = readFileSync(new URL('README.md', packageRoot), 'utf8')

describe('the table in the README', () => {
  it.each(Object.entries(SETTINGS))('%s', (name, schema) => {
    const { variable, secret, description, unset, default: fallback } = wordsOf(schema)
    const ways = [
      secret ? '' : `\`--${flagOf(name)}\``,
      fileVariableOf(schema) ? `\`${fileVariableOf(schema)}\` names a file with it` : '',
    ]
    const flag = ways.filter((way) => way !== '').join(', ')
    const without = fallback === undefined ? unset : fallback === false ? 'no' : `\`${fallback}\``
    expect(README).toContain(`| \`${variable}\` | ${flag} | ${description} | ${without} |\n`)
  })
  it('lists nothing else', () => {
    const listed = [...README.matchAll(/^\| `(FAULTLINE_\w+)`/gm)].map((match) => match[1])
    expect(listed).toEqual(Object.values(SETTINGS).map((schema) => wordsOf(schema).variable))
  })
})

it('the variable of a setting is its name; a flag that is given once for each of several is one of them', () => {
  for (const [name, schema] of Object.entries(SETTINGS)) {
    const { variable, type } = wordsOf(schema)
    const same = `FAULTLINE_${flagOf(name).replaceAll('-', '_').toUpperCase()}`
    expect(type === 'array' ? [same, `${same}S`] : [same]).toContain(variable)
  }
})

const command = defineCommand({
  name: 'test',
  summary: 'a command with an option of each kind',
  options: {
    name: text({ description: 'a text', variable: 'T_NAME', default: 'nobody' }),
    port: whole({ description: 'a whole number', variable: 'T_PORT', minimum: 1, takes: 'a whole number from 1' }),
    rate: number({ description: 'a number', variable: 'T_RATE', exclusiveMinimum: 0 }),
    hosts: list({ description: 'a list', variable: 'T_HOSTS' }),
    quiet: yes({ description: 'a flag', variable: 'T_QUIET' }),
    lang: choice(['en', 'fr', 'zh'], { description: 'a choice', variable: 'T_LANG' }),
    token: text({
      description: 'a secret',
      variable: 'T_TOKEN',
      secret: true,
      minLength: 4,
      takes: '4 characters',
    }),
  },
  problems: ({ name }) => (name === 'root' ? ['root is nobody here'] : []),
  examples: [],
  run: async () => EXIT.done,
})

async function problem(flags: object, environment: object): Promise<string> {
  try {
    await readOptions(command, { ...flags }, { ...environment })
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError)
    return (error as Error).message
  }
  throw new Error('it was right')
}

describe('options', () => {
  it('take their defaults', async () => {
    expect(await readOptions(command, {}, {})).toEqual({ name: 'nobody', quiet: false })
  })
  it('come from the environment; an empty variable is one that was not set', async () => {
    const environment = { T_NAME: '', T_PORT: ' 80 ', T_RATE: '0.5', T_HOSTS: 'a, b,,', T_QUIET: 'yes', T_LANG: 'zh' }
    expect(await readOptions(command, {}, { ...environment, T_TOKEN: 'secret' })).toEqual({
      name: 'nobody',
      port: 80,
      rate: 0.5,
      hosts: ['a', 'b'],
      quiet: true,
      lang: 'zh',
      token: 'secret',
    })
  })
  it('a flag goes before its variable', async () => {
    const values = await readOptions(command, { port: '1', quiet: true }, { T_PORT: '2', T_QUIET: 'no' })
    expect(values).toMatchObject({ port: 1, quiet: true })
  })
  it.each([
    [{ port: '0' }, {}, '--port takes a whole number from 1, not "0".'],
    [{}, { T_PORT: '1.5' }, 'T_PORT takes a whole number from 1, not "1.5".'],
    [{ port: '' }, {}, '--port takes a whole number from 1, not "".'],
    [{ rate: 'NaN' }, {}, '--rate takes a number, not "NaN".'],
    [{ lang: 'de' }, {}, '--lang takes en, fr or zh, not "de".'],
    [{}, { T_QUIET: 'perhaps' }, 'T_QUIET takes true or false, not "perhaps".'],
    [{ lang: '\x1b[2J\n' }, {}, '--lang takes en, fr or zh, not "\\x1b[2J\\n".'],
    [{ name: 'root' }, {}, 'root is nobody here'],
  ])('%j %j', async (flags, environment, message) => expect(await problem(flags, environment)).toBe(message))
  it('tells everything that is wrong at once, and no secret', async () => {
    const message = await problem({ port: 'x', name: 'root' }, { T_LANG: 'xx', T_TOKEN: 'abc' })
    expect(message.split('\n')).toEqual([
      '4 settings are not right:',
      '  --port takes a whole number from 1, not "x".',
      '  T_LANG takes en, fr or zh, not "xx".',
      '  T_TOKEN takes 4 characters, this has 3.',
      '  root is nobody here',
    ])
  })
})

it('a variable that looks like a setting is told apart from those of others', () => {
  const environment = {
    FAULTLINE_TOKEN: 'x',
    FAULTLINE_TOKEN_FILE: 'x',
    FAULTLINE_RETENTION_DAY: '9',
    FAULTLINE_TOKN_FILE: 'x',
    // Kubernetes sets these beside a Service of that name
    FAULTLINE_SERVICE_HOST: '10.0.0.1',
    FAULTLINE_SERVICE_PORT: '8080',
    FAULTLINE_PORT_8080_TCP: 'tcp://10.0.0.1:8080',
    FAULTLINE_PORT_8080_TCP_ADDR: '10.0.0.1',
    PATH: '/bin',
  }
  expect(mistyped(environment)).toEqual([
    { name: 'FAULTLINE_RETENTION_DAY', meant: 'FAULTLINE_RETENTION_DAYS' },
    { name: 'FAULTLINE_TOKN_FILE', meant: 'FAULTLINE_TOKEN_FILE' },
  ])
})

describe('a secret in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-secret-'))
  const file = join(folder, 'token')
  it('is read without the end of its line', async () => {
    writeFileSync(file, 'out of a file\n')
    expect(await readOptions(command, {}, { T_TOKEN_FILE: file })).toMatchObject({ token: 'out of a file' })
  })
  it('is checked like any other', async () => {
    writeFileSync(file, '\n')
    expect(await problem({}, { T_TOKEN_FILE: file })).toBe('T_TOKEN_FILE takes 4 characters, this has 0.')
  })
  it('does not go beside the variable', async () => {
    expect(await problem({}, { T_TOKEN_FILE: file, T_TOKEN: 'other' })).toMatch(/both set/)
  })
  it('that is not there is trouble outside', async () => {
    const reading = readOptions(command, {}, { T_TOKEN_FILE: join(folder, 'none') })
    await expect(reading).rejects.toThrow(OutsideError)
    await expect(reading).rejects.toThrow(/T_TOKEN_FILE names a file that can not be read: ENOENT/)
  })
})
