/** The store on ClickHouse, in a process of its own: it is measured with the store itself and not with the built product. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ROOT } from './processes.js'
import type { Row } from './table.js'

/** `millions`: of records over 30 days. */
export async function clickhouse(millions: number, rounds: number, asks: number): Promise<Row[]> {
  const project = join(ROOT, 'test/bench/store/tsconfig.json')
  for (const args of [
    [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', project],
    [join(ROOT, 'dist/test/bench/store/clickhouse.js'), String(millions), String(rounds), String(asks)],
  ]) {
    const { status, stdout } = spawnSync(process.execPath, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}`)
    if (args[0].endsWith('clickhouse.js')) return JSON.parse(stdout) as Row[]
  }
  return []
}
