/** What a command of the command line is. Each is one file in the room that it belongs to, and a line in main.ts. */
import type { Static, TObject, TProperties } from 'typebox'

export const EXIT = {
  done: 0,
  /** some lines or files were refused; the output says which */
  refused: 1,
  /** wrong usage, or a setting that is not right */
  usage: 2,
  /** the store or a file could not be used */
  unusable: 3,
} as const
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT]

export interface Argument {
  /** as the help shows it: `path` */
  name: string
  /** completes "the command needs …" */
  needs: string
  many?: boolean
  /** the only values there are; completed by the shell */
  choices?: readonly string[]
}

export interface Example {
  line: string
  says: string
}

/**
 * `options` is one TypeBox schema each (see option.ts): flag, validator, type and help in one. What is run gets them
 * checked. Whatever a command needs beyond that it imports when it runs, so that the others start quickly.
 */
export interface Command<Options extends TProperties = TProperties> {
  name: string
  /** one line, lower case, for the list of commands */
  summary: string
  /** what one should know beyond that, for its own help */
  about?: string
  arguments?: readonly Argument[]
  options: Options
  /** what is wrong with options that are each right; they are told together with all that is wrong */
  problems?(options: Partial<Static<TObject<Options>>>): string[]
  examples: readonly Example[]
  run(options: Static<TObject<Options>>, args: readonly string[]): Promise<ExitStatus>
}

/** Several commands under one word, like `token create`. */
export interface CommandGroup {
  name: string
  summary: string
  commands: readonly Command[]
}

/** The commands by name. Each is loaded when it is asked for. */
export type CommandList = { readonly [name: string]: () => Promise<Command | CommandGroup> }

/** Gives the options of a command their types. */
export function defineCommand<Options extends TProperties>(command: Command<Options>): Command {
  return command as unknown as Command
}
