/** `faultline completion bash|zsh|fish`: a script for the shell, and the answers that it asks for. */
import { Argument, Command as Program, type Option } from 'commander'
import { print } from './print.js'
import { FILES_TOO, NOTHING_ELSE, SHELLS, type Shell } from './shells.js'

/** Adds both commands to a program that knows all others. */
export function addCompletion(program: Program, prepare: (command: Program) => Program): void {
  const name = program.name()
  program
    .addCommand(
      prepare(new Program('completion'))
        .summary('completion for your shell, printed as a script')
        .description('Completion for your shell, printed as a script.')
        .addArgument(new Argument('<shell>').choices(Object.keys(SHELLS)))
        .addHelpText(
          'after',
          `\nExamples:\n  source <(${name} completion bash)     in ~/.bashrc\n  source <(${name} completion zsh)      in ~/.zshrc, after compinit\n  ${name} completion fish > ~/.config/fish/completions/${name}.fish`,
        )
        .action((shell: Shell) => print(SHELLS[shell](name))),
    )
    .addCommand(
      prepare(new Program('complete'))
        .argument('[words...]')
        .action((words: string[]) => {
          process.stdout.write(answer(program, words))
        }),
      { hidden: true },
    )
}

interface Proposal {
  value: string
  says: string
}

/** What may stand where the last of `words` is being typed; `files`: names of files may. */
export function proposals(program: Program, words: readonly string[]): { proposals: Proposal[]; files: boolean } {
  const typed = words.at(-1) ?? ''
  const { command, awaiting, position } = walk(program, words.slice(0, -1))
  const equals = typed.indexOf('=')
  if (awaiting === null && typed.startsWith('--') && equals > 0) {
    const option = command.options.find(({ long }) => long === typed.slice(0, equals))
    return { proposals: ofValues(option?.argChoices, `${typed.slice(0, equals)}=`), files: false }
  }
  if (awaiting !== null) return { proposals: ofValues(awaiting.argChoices), files: takesFile(awaiting.flags) }
  if (typed.startsWith('-')) {
    const options = command.createHelp().visibleOptions(command)
    return {
      proposals: options.map((option) => ({ value: option.long ?? '', says: option.description })),
      files: false,
    }
  }
  const commands = command.createHelp().visibleCommands(command)
  if (commands.length > 0) {
    return { proposals: commands.map((one) => ({ value: one.name(), says: one.summary() })), files: false }
  }
  const last = command.registeredArguments.at(-1)
  const argument = command.registeredArguments[position] ?? (last?.variadic ? last : undefined)
  return { proposals: ofValues(argument?.argChoices), files: argument !== undefined && takesFile(argument.name()) }
}

/** The command that the words before lead to, the option that awaits its value, and how many arguments were given. */
function walk(program: Program, words: readonly string[]) {
  let command = program
  let awaiting: Option | null = null
  let position = 0
  for (const word of words) {
    if (awaiting !== null) awaiting = null
    else if (word.startsWith('-')) {
      const option = command.options.find(({ long, short }) => long === word || short === word)
      awaiting = option?.required ? option : null
    } else {
      const next: Program | undefined = command.commands.find((one) => one.name() === word)
      if (next) command = next
      else position++
    }
  }
  return { command, awaiting, position }
}

const ofValues = (values: readonly string[] | undefined, before = ''): Proposal[] =>
  (values ?? []).map((value) => ({ value: `${before}${value}`, says: '' }))

/** By the name of what is awaited: <file>, <path...>, --rules <FILE>. */
const takesFile = (name: string) => /\b(file|path|folder|dir)\b/i.test(name)

function answer(program: Program, words: readonly string[]): string {
  const typed = words.at(-1) ?? ''
  const { proposals: all, files } = proposals(program, words)
  const fitting = all.filter(({ value }) => value.startsWith(typed))
  return `${fitting.map(({ value, says }) => `${value}\t${says}\n`).join('')}${files ? FILES_TOO : NOTHING_ELSE}\n`
}
