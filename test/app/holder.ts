/** Another process that has the file of a store open, as a shell or a backup would. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'

const PROGRAM = `
import { Database } from ${JSON.stringify(new URL('../../dist/schema/sqlite/driver/index.js', import.meta.url).href)}
const db = new Database(process.argv[1])
db.exec(process.argv[2])
if (process.argv[3]) db.prepare(process.argv[3]).all()
console.log('held')
process.stdin.resume().once('end', () => process.exit())
`

/** Runs `sql`, then asks `question`, and stays as it is until it is let go. */
export async function hold(path: string, sql: string, question = ''): Promise<{ letGo(): Promise<void> }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, path, sql, question], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return {
    async letGo() {
      const gone = once(child, 'exit')
      child.stdin.end()
      await gone
    },
  }
}
