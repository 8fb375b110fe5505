import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { needs } from '../needs.js'
import { faultline, MAIN, newFolder } from './command.js'

// each test starts several processes
vi.setConfig({ testTimeout: 120_000 })

const COMMANDS = [
  'serve',
  'ingest',
  'pull',
  'spikes',
  'report',
  'export',
  'backtest',
  'simulate',
  'copy',
  'mcp',
  'backup',
]

describe('help', () => {
  it('lists every command, with and without being asked', async () => {
    for (const args of [[], ['help'], ['--help'], ['-h']]) {
      const { status, stdout, stderr } = await faultline(args)
      expect([status, stderr]).toEqual([0, ''])
      for (const name of COMMANDS) expect(stdout).toContain(`faultline ${name}`)
    }
  })
  it.each(COMMANDS)('%s has a help with options and examples', async (name) => {
    const asked = await faultline([name, '--help'])
    expect(asked).toMatchObject({ status: 0, stderr: '' })
    expect(asked.stdout).toMatch(
      new RegExp(`Usage: faultline ${name}[^]*Options:[^]*Examples:\n  .*faultline ${name} `),
    )
    expect(await faultline(['help', name])).toEqual(asked)
    expect(asked.stdout).not.toContain('\x1b')
  })
  it('prints the version', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
    expect(await faultline(['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' })
  })
  it.each([
    [['ingst'], '"ingst" is no command. Did you mean ingest?', 'faultline help'],
    [['help', 'nothing'], '"nothing" is no command.', 'faultline help'],
    [['spikes', '--form', 'x'], "Unknown option '--form'. Did you mean --from?", 'faultline spikes --help'],
    [['spikes', '--from'], "Option '--from <T>' argument missing.", 'faultline spikes --help'],
    [['backup'], 'backup needs the name of the file to write.', 'faultline backup --help'],
    [['spikes', 'today'], 'Too many arguments', 'faultline spikes --help'],
    [['completion', 'tcsh'], 'bash, zsh, fish', 'faultline completion --help'],
    [['\x1b[2J'], '"\\x1b[2J" is no command.', 'faultline help'],
    [['spikes', '--\x1b[2J\n'], "Unknown option '--\\x1b[2J\\n'.", 'faultline spikes --help'],
  ])('wrong usage %j ends with status 2, says why, and where help is', async (args, reason, help) => {
    const { status, stdout, stderr } = await faultline(args)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(reason)
    expect(stderr).toContain(`\`${help}\``)
    // oxlint-disable-next-line no-control-regex
    expect(stderr).not.toMatch(/[\x00-\x09\x0b-\x1f]/)
  })
})

describe('on a terminal', () => {
  const onTerminal = (line: string, environment: NodeJS.ProcessEnv) => {
    const env: NodeJS.ProcessEnv = { ...process.env, TERM: 'xterm-256color', ...environment }
    if (!('NO_COLOR' in environment)) delete env.NO_COLOR
    delete env.FORCE_COLOR
    // Node takes a terminal with CI set for one without colours
    delete env.CI
    return spawnSync('script', ['-qec', `${process.execPath} ${MAIN} ${line}`, '/dev/null'], { env, encoding: 'utf8' })
      .stdout
  }
  it.runIf(needs('script', 'bsdutils'))('help has colours, unless they are not wanted', () => {
    expect(onTerminal('help', {})).toContain('\x1b[1mUsage:')
    expect(onTerminal('help', { NO_COLOR: '1' })).not.toContain('\x1b')
  })
  it.runIf(needs('script', 'bsdutils'))(
    'the service says in one sentence where it is, and its log is for people',
    async () => {
      const folder = newFolder()
      const serve = `${process.execPath} ${MAIN} serve --port 0 --store sqlite:${join(folder, 'a.sqlite')}`
      const terminal = spawn('script', ['-qec', serve, '/dev/null'], { env: { ...process.env, NO_COLOR: '1' } })
      let said = ''
      const url = new Promise<string>((resolve) => {
        terminal.stdout.on('data', (chunk) => {
          said += chunk
          const [, found] = /^Faultline serves sqlite:\S+ on (http:\S+)\r\n$/.exec(said) ?? []
          if (found) resolve(found)
        })
      })
      const ended = once(terminal, 'close')
      const line = '{"RayID":"8f00000000000001","EdgeStartTimestamp":"2026-05-20T10:00:00Z","EdgeResponseStatus":503}'
      await fetch(`${await Promise.race([url, ended.then(() => expect.fail(said))])}/api/v1/logs`, {
        method: 'POST',
        body: line,
      })
      terminal.stdin.write('\x03')
      await ended
      expect(said).toMatch(/\n\d\d:\d\d:\d\d A batch is stored: batch 1, input upload,.* lines 1, stored 1/)
      expect(said).not.toContain('{"level"')
    },
  )
  it('a name and a line that hold escape sequences are written out', async () => {
    const folder = newFolder()
    const name = 'a\x1b]0;owned\x07.log'
    writeFileSync(join(folder, name), '\x1b[2J\u009b31m is no JSON\n{"EdgeResponseStatus":200}\n')
    const environment = { FAULTLINE_STORE: `sqlite:${join(folder, 'a.sqlite')}` }
    const { stdout, stderr } = await faultline(['ingest', folder], { env: environment })
    expect(stdout).toContain('a\\x1b]0;owned\\x07.log')
    // oxlint-disable-next-line no-control-regex
    expect(stdout + stderr).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/)
    const json = await faultline(['ingest', folder, '--json'], { env: environment })
    // oxlint-disable-next-line no-control-regex
    expect(json.stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/)
  })
})

describe('completion', () => {
  const folder = newFolder()
  const path = `${join(folder, 'bin')}:${process.env.PATH}`
  beforeAll(() => {
    mkdirSync(join(folder, 'bin'))
    chmodSync(MAIN, 0o755)
    symlinkSync(MAIN, join(folder, 'bin', 'faultline'))
  })
  const inShell = (shell: string, args: string[], script: string) =>
    spawnSync(shell, [...args, script], { cwd: folder, env: { ...process.env, PATH: path }, encoding: 'utf8' })

  const bash = (line: string, words: string, index: number) =>
    inShell(
      'bash',
      ['-c'],
      `compopt() { echo "only these"; }; source <(faultline completion bash)
       COMP_LINE='${line}' COMP_POINT=${line.length} COMP_WORDS=(${words}) COMP_CWORD=${index}
       _faultline; printf '%s\\n' "\${COMPREPLY[@]}"`,
    )
      .stdout.trim()
      .split('\n')

  it('bash: commands, options and their values', () => {
    expect(bash('faultline sp', 'faultline sp', 1)).toEqual(['only these', 'spikes'])
    expect(bash('faultline help ba', 'faultline help ba', 2)).toEqual(['only these', 'backtest', 'backup'])
    expect(bash('faultline spikes --la', 'faultline spikes --la', 2)).toEqual(['only these', '--lang'])
    expect(bash('faultline spikes --lang ', "faultline spikes --lang ''", 3)).toEqual(['only these', 'en', 'fr', 'zh'])
    // bash makes three words of this one
    expect(bash('faultline spikes --lang=f', 'faultline spikes --lang = f', 4)).toEqual(['only these', 'fr'])
    expect(bash('faultline spikes --lang=', 'faultline spikes --lang =', 3)).toEqual(['only these', 'en', 'fr', 'zh'])
  })
  it('bash: names of files where a file is meant', () => {
    expect(bash('faultline ingest ', "faultline ingest ''", 2)).toEqual([''])
    expect(bash('faultline serve --rules ', "faultline serve --rules ''", 3)).toEqual([''])
  })
  it('what was typed so far is not run', () => {
    const line = 'faultline ingest $(touch ran) `touch ran` --js'
    expect(bash(line.replaceAll("'", ''), "faultline ingest '$(touch ran)' --js", 3)).toEqual(['only these', '--json'])
    expect(inShell('ls', [], folder).stdout).toBe('bin\n')
  })
  it.runIf(needs('zsh', 'zsh'))('zsh: the same', () => {
    const zsh = (words: string) =>
      inShell(
        'zsh',
        ['-f', '-c'],
        `compdef() {}; _describe() { print -l -- "\${(@P)2}" }; _files() { print files }
         source <(faultline completion zsh); words=(${words}); CURRENT=$#words; _faultline`,
      )
        .stdout.trim()
        .split('\n')
    expect(zsh('faultline sp')).toEqual(['spikes:what surged, and the documented causes'])
    expect(zsh('faultline spikes --lang ""')).toEqual(['en:', 'fr:', 'zh:'])
    expect(zsh('faultline ingest ""')).toEqual(['files'])
    expect(zsh("faultline ingest '$(touch ran)' --js")).toEqual(['--json:print one JSON document and nothing else'])
    expect(inShell('ls', [], folder).stdout).toBe('bin\n')
  })
  it.runIf(needs('fish', 'fish'))('fish: the same', () => {
    const fish = (line: string) =>
      inShell('fish', ['--no-config', '-c'], `faultline completion fish | source; complete -C '${line}'`)
        .stdout.trim()
        .split('\n')
    expect(fish('faultline sp')).toEqual(['spikes\twhat surged, and the documented causes'])
    expect(fish('faultline spikes --lang ')).toEqual(['en', 'fr', 'zh'])
    expect(fish('faultline ingest ')).toEqual(['bin/'])
  })
})
