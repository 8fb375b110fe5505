/** What a command does not need it does not load: that would cost each run of it more than a small file takes. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { faultline, newFolder } from './command.js'

const SAMPLES = fileURLToPath(new URL('../fixtures/real-shapes.ndjson', import.meta.url))
const folder = newFolder()
const list = join(folder, 'loaded.txt')
const hook = join(folder, 'hook.mjs')
// is started in threads too: what is listed is what they load as well
writeFileSync(
  hook,
  `import { appendFileSync } from 'node:fs'
   import { register } from 'node:module'
   export async function load(url, context, next) {
     appendFileSync(${JSON.stringify(list)}, url + '\\n')
     return next(url, context)
   }
   if (!import.meta.url.includes('?hooks')) register(import.meta.url + '?hooks')`,
)

async function loadedBy(...args: string[]): Promise<string[]> {
  writeFileSync(list, '')
  const env = {
    NODE_OPTIONS: `--import=${pathToFileURL(hook).href}`,
    FAULTLINE_STORE: `sqlite:${join(folder, 'a.sqlite')}`,
  }
  expect(await faultline(args, { env })).toMatchObject({ status: 0, stderr: '' })
  return readFileSync(list, 'utf8').split('\n')
}

// a module stands in a chunk of its name where the build bundles, and in a file of its own where only sources were compiled anew
it.each([
  [
    'ingest',
    ['ingest', SAMPLES],
    [/\/pipeline(-[\w-]+)?\.js$/, /\/dist\/schema\/sqlite\/writer-worker\.js$/],
    [/\/node_modules\/(typebox|fastify)\//, /\/app(-[\w-]+)?\.js$/],
  ],
  [
    'help',
    ['help'],
    [/\/spikes(-[\w-]+)?\.js$/],
    [/\/node_modules\/(typebox|fastify|luxon|better-sqlite3|yaml)\//, /\/app(-[\w-]+)?\.js$/],
  ],
])('%s', async (_name, args, needed, spared) => {
  const loaded = await loadedBy(...args)
  for (const file of needed) expect(loaded.filter((url) => file.test(url))).not.toEqual([])
  for (const file of spared) expect(loaded.filter((url) => file.test(url))).toEqual([])
})
