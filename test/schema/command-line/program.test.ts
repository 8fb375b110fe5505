import { afterEach, expect, it, vi } from 'vitest'
import { defineCommand, EXIT, type CommandList } from '../../../schema/command-line/command.js'
import { proposals } from '../../../schema/command-line/completion.js'
import { choice, text, whole } from '../../../schema/command-line/option.js'
import { print } from '../../../schema/command-line/print.js'
import { runProgram } from '../../../schema/command-line/program.js'
import { Command as Program } from 'commander'

/** A part as anybody would add one: a command, and several under one word. */
const ran: unknown[] = []
const watch = defineCommand({
  name: 'watch',
  summary: 'take in what comes into a folder',
  arguments: [{ name: 'folder', needs: 'the name of a folder' }],
  options: { every: whole({ description: 'seconds between looks', placeholder: 'S', minimum: 1, default: 5 }) },
  examples: [{ line: 'faultline watch logs/', says: 'all that comes into logs/' }],
  run: async (options, args) => {
    ran.push({ options, args })
    print('watched\n')
    return EXIT.refused
  },
})
const create = defineCommand({
  name: 'create',
  summary: 'make one',
  options: {
    role: choice(['read', 'admin'], { description: 'what it may do', needed: true }),
    note: text({ description: 'what it is for' }),
  },
  examples: [{ line: 'faultline token create --role read', says: 'for a dashboard' }],
  run: async (options) => {
    ran.push(options)
    return EXIT.done
  },
})
const COMMANDS: CommandList = {
  watch: async () => watch,
  token: async () => ({ name: 'token', summary: 'who may ask', commands: [create] }),
}

afterEach(() => vi.restoreAllMocks())

async function typed(...args: string[]) {
  let printed = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    printed += String(chunk)
    return true
  })
  ran.length = 0
  const words = { summary: 'A program.', version: '1.2.3', notes: 'Notes.' }
  const { status, error, reached } = await runProgram({ args, environment: {}, commands: COMMANDS, words })
  return { status, reached, printed, error: error === undefined ? null : (error as Error).message }
}

it('is in the help, has a help of its own, and runs with checked options', async () => {
  expect((await typed('help')).printed).toMatch(/faultline watch <folder> +take in what comes/)
  expect((await typed('help', 'watch')).printed).toMatch(
    /Usage: faultline watch \[options\] <folder>[^]*Take in what comes into a folder\.[^]*--every <S> +seconds between looks \(default: 5\)[^]*Examples:\n {2}faultline watch logs\/ {2}all that/,
  )
  expect(await typed('watch', 'logs', '--every', '9')).toMatchObject({ status: EXIT.refused, printed: 'watched\n' })
  expect(ran).toEqual([{ options: { every: 9 }, args: ['logs'] }])
})

it('refuses what is wrong, and knows where help is', async () => {
  expect(await typed('watch')).toMatchObject({ error: 'watch needs the name of a folder.', reached: 'watch' })
  expect(await typed('watch', 'logs', '--every', '0')).toMatchObject({
    error: '--every takes a whole number, not "0".',
  })
  expect(await typed('wacth', 'logs')).toMatchObject({
    error: '"wacth" is no command. Did you mean watch?',
    reached: '',
  })
  expect(ran).toEqual([])
})

it('several under one word', async () => {
  expect((await typed('token', '--help')).printed).toMatch(/faultline token create +make one/)
  expect(await typed('token', 'create', '--role', 'read')).toMatchObject({ status: EXIT.done })
  expect(ran).toEqual([{ role: 'read' }])
  expect(await typed('token', 'create')).toMatchObject({
    error: '--role is needed. It takes read or admin.',
    reached: 'token create',
  })
  expect(await typed('token', 'craete')).toMatchObject({ error: '"craete" is no command. Did you mean create?' })
  expect(await typed('token')).toMatchObject({ status: EXIT.usage, error: 'token needs one of: create.' })
})

it('is completed', () => {
  const program = new Program('faultline')
  const token = program.command('token')
  token.command('create').option('--role <ROLE>', 'what it may do').argument('<file>')
  const values = (...words: string[]) => proposals(program, words).proposals.map(({ value }) => value)
  expect(values('tok')).toEqual(['token', 'help'])
  expect(values('token', 'c')).toEqual(['create', 'help'])
  expect(values('token', 'create', '--r')).toEqual(['--role', '--help'])
  expect(proposals(program, ['token', 'create', '--role', 'read', ''])).toEqual({ proposals: [], files: true })
})
