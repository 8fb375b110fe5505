#!/usr/bin/env node
/** The command line: the list of its commands. Each is one file, in the room that it belongs to. */
import type { CommandList } from './schema/command-line/command.js'
import { beginAnewIfLacking } from './schema/runtime/allocator.js'
import { nodeProblem } from './schema/runtime/node-version.js'

// Each is loaded when it is asked for: the web server alone would cost every other half a second.
const COMMANDS: CommandList = {
  'serve': async () =>
    (await import('./dashboard/commands/serve.js')).serve(async () => (await import('./app.js')).openService),
  'ingest': async () => (await import('./ingest/commands/ingest.js')).ingest,
  'pull': async () => (await import('./ingest/commands/pull.js')).pull,
  'logpush-job': async () => (await import('./ingest/commands/logpush-job.js')).logpushJob,
  'watch': async () => (await import('./ingest/commands/watch.js')).watch,
  'spikes': async () => (await import('./analyze/commands/spikes.js')).spikes,
  'report': async () =>
    (await import('./analyze/commands/report.js')).report(async () => (await import('./ingest/read-logs.js')).readLogs),
  'export': async () => (await import('./analyze/commands/export.js')).exportRecords,
  'mcp': async () =>
    (await import('./dashboard/commands/mcp.js')).mcp(async () => (await import('./app.js')).openQuietly),
  'backtest': async () => (await import('./analyze/commands/backtest.js')).backtest,
  'simulate': async () => (await import('./ingest/commands/simulate.js')).simulate,
  'token': async () => (await import('./dashboard/commands/token.js')).token,
  'privacy': async () => (await import('./dashboard/commands/privacy.js')).privacy,
  'retention': async () => (await import('./dashboard/commands/retention.js')).retention,
  'secrets': async () => (await import('./schema/commands/secrets.js')).secrets,
  'copy': async () => (await import('./schema/commands/copy.js')).copy,
  'backup': async () => (await import('./schema/commands/backup.js')).backup,
  'restore': async () => (await import('./schema/commands/restore.js')).restore,
  'verify': async () => (await import('./schema/commands/verify.js')).verify,
}

// a service lives long, other commands end before it would matter
if (process.argv[2] === 'serve') beginAnewIfLacking()

const problem = nodeProblem(process.version)
if (problem === null) {
  const { runCommandLine } = await import('./schema/command-line/run.js')
  process.exitCode = await runCommandLine(COMMANDS)
} else {
  process.stderr.write(`faultline: ${problem}\n`)
  process.exitCode = 3
}
