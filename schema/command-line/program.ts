/** The commands as commander's program: what was typed becomes options and arguments, or help, or a reason. */
import {
  Argument as ProgramArgument,
  Command as Program,
  CommanderError,
  Option as ProgramOption,
  type OutputConfiguration,
} from 'commander'
import type { TSchema } from 'typebox'
import { EXIT, type Command, type CommandGroup, type CommandList, type ExitStatus } from './command.js'
import { addCompletion } from './completion.js'
import { UsageError } from './errors.js'
import { flagOf, wordsOf } from './option.js'
import { hasColours, paintFor, print } from './print.js'
import { readOptions, type Environment, type Flags } from './read-options.js'
import { mistyped } from './settings.js'
import { shown } from './shown.js'

export interface ProgramWords {
  summary: string
  version: string
  /** what stands under the list of commands */
  notes: string
}

export interface RunOptions {
  args: readonly string[]
  environment: Environment
  commands: CommandList
  words: ProgramWords
}

export interface Outcome {
  status: ExitStatus
  /** why it did not run to its end */
  error?: unknown
  /** the words that name the command it came to, for whoever wants help: `token create` */
  reached: string
}

/** Runs what was typed. */
export async function runProgram({ args, environment, commands, words }: RunOptions): Promise<Outcome> {
  const run = new Run(environment)
  const named = args[0] !== undefined && Object.hasOwn(commands, args[0]) ? args[0] : null
  const program = run
    .watched(new Program('faultline'))
    .description(words.summary)
    .version(words.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this, or the help of a command')
    .helpCommand('help [command]', 'print this, or the help of a command')
    .addHelpText('after', `\n${words.notes}`)
  for (const [name, load] of Object.entries(commands)) {
    // one that was not asked for need only be known by its name
    program.addCommand(named === null || named === name ? run.programOf(await load()) : bare(new Program(name)))
  }
  addCompletion(program, bare)
  try {
    if (args.length === 0) program.outputHelp()
    else await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) return { status: EXIT.unusable, error, reached: run.path() }
    if (error.exitCode !== 0) return { status: EXIT.usage, error: run.usageError(error, args), reached: run.path() }
  }
  return { status: run.status, reached: run.path() }
}

/** Knows how far the words of the command line led. */
class Run {
  status: ExitStatus = EXIT.done
  private reached: Program | null = null
  private readonly parts = new Map<Program, Command | CommandGroup>()

  constructor(private readonly environment: Environment) {}

  path(): string {
    return this.reached === null ? '' : namesOf(this.reached).slice(1).join(' ')
  }

  watched(program: Program): Program {
    return bare(program).hook('preSubcommand', (_program, next) => {
      this.reached = next
    })
  }

  programOf(part: Command | CommandGroup): Program {
    const program = this.watched(new Program(part.name)).summary(part.summary)
    const summary = sentence(part.summary)
    this.parts.set(program, part)
    if ('commands' in part) {
      program.description(summary)
      for (const one of part.commands) program.addCommand(this.programOf(one))
      return program
    }
    program.description(part.about === undefined ? summary : `${summary}\n\n${part.about}`)
    for (const argument of part.arguments ?? []) program.addArgument(argumentOf(argument))
    for (const [name, schema] of Object.entries(part.options)) {
      if (!wordsOf(schema as TSchema).secret) program.addOption(optionOf(name, schema as TSchema))
    }
    program.addHelpText('after', () => `\n${examples(part)}`)
    return program.action(async () => {
      for (const { name, meant } of mistyped(this.environment))
        print(`${shown(name)} is no setting. Did you mean ${meant}?\n`, process.stderr)
      this.status = await part.run(await readOptions(part, flagsOf(program), this.environment), program.args)
    })
  }

  /** commander's reason in our words: "error: unknown option '--x'\n(Did you mean --y?)" → "Unknown option '--x'. …" */
  usageError(error: CommanderError, args: readonly string[]): UsageError {
    const [, reason, suggestion] = /^(?:error: )?([^]*?)(?:\n\((Did you mean [^]*)\))?$/.exec(error.message) ?? []
    const told = suggestion === undefined ? '' : ` ${shown(suggestion)}`
    const part = this.reached && this.parts.get(this.reached)
    if (error.code === 'commander.help' && part && 'commands' in part) {
      return new UsageError(`${this.path()} needs one of: ${part.commands.map(({ name }) => name).join(', ')}.`)
    }
    if (error.code === 'commander.help' || error.code === 'commander.unknownCommand') {
      const word = /^unknown command '([^]*)'$/.exec(reason)?.[1] ?? args[1] ?? ''
      return new UsageError(`"${shown(word)}" is no command.${told}`)
    }
    if (error.code === 'commander.missingArgument' && part && !('commands' in part)) {
      const missing = part.arguments?.find(({ name }) => reason.endsWith(`'${name}'`))
      if (missing) return new UsageError(`${this.path()} needs ${missing.needs}.`)
    }
    return new UsageError(`${shown(reason[0].toUpperCase() + reason.slice(1)).replace(/\.$/, '')}.${told}`)
  }
}

function argumentOf({ name, many, choices }: NonNullable<Command['arguments']>[number]): ProgramArgument {
  const argument = new ProgramArgument(`<${name}${many ? '...' : ''}>`)
  return choices === undefined ? argument : argument.choices([...choices])
}

/** Only what commander needs to tell flags apart, to print help and to complete: values are checked by `readOptions`. */
function optionOf(name: string, schema: TSchema): ProgramOption {
  const { type, placeholder, description, variable, short, default: fallback, enum: choices } = wordsOf(schema)
  const value = type === 'boolean' ? '' : ` <${placeholder ?? 'VALUE'}>`
  const option = new ProgramOption(`${short === undefined ? '' : `-${short}, `}--${flagOf(name)}${value}`, description)
  if (choices) option.argChoices = [...choices]
  if (fallback !== undefined && type !== 'boolean') option.default(fallback)
  if (variable !== undefined) option.env(variable)
  // a list may be given in one, or flag by flag
  if (type === 'array')
    option.argParser((given: string, before: unknown) => (typeof before === 'string' ? `${before},${given}` : given))
  return option
}

function flagsOf(program: Program): Flags {
  return Object.fromEntries(
    Object.entries(program.opts<{ [name: string]: string | true }>()).filter(
      ([name]) => program.getOptionValueSource(name) === 'cli',
    ),
  )
}

const OUTPUT: OutputConfiguration = {
  writeOut: (text) => print(text),
  // reasons are printed by whoever catches them
  writeErr: () => {},
  getOutHasColors: () => hasColours(process.stdout),
}

/** A program that neither prints its mistakes nor ends the process. */
function bare(program: Program): Program {
  const paint = paintFor(process.stdout)
  return program
    .exitOverride()
    .configureOutput(OUTPUT)
    .showSuggestionAfterError(true)
    .helpOption('-h, --help', 'print this')
    .configureHelp({
      subcommandTerm: (command) => termOf(command),
      styleTitle: (text) => paint('bold', text),
      styleSubcommandTerm: (text) => paint('cyan', text),
      styleOptionTerm: (text) => paint('cyan', text),
    })
}

function termOf(command: Program): string {
  const given = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`
    return argument.required ? `<${name}>` : `[${name}]`
  })
  return [...namesOf(command), ...given].join(' ')
}

/** Its name and those of the commands above. */
function namesOf(command: Program): string[] {
  const names: string[] = []
  for (let one: Program | null = command; one !== null; one = one.parent) names.unshift(one.name())
  // commander's own `help` belongs to nobody
  return command.parent === null && names[0] !== 'faultline' ? ['faultline', ...names] : names
}

function examples({ examples }: Command): string {
  const width = Math.max(...examples.map(({ line }) => line.length))
  return ['Examples:', ...examples.map(({ line, says }) => `  ${line.padEnd(width)}  ${says}`)].join('\n')
}

/** "what surged" → "What surged." */
const sentence = (text: string) => `${text[0].toUpperCase()}${text.slice(1)}.`
