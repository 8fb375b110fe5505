/**
 * Puts the command line and the threads into some dozen files under dist/bundled; what stands at dist/main.js and at each
 * thread's file then only loads them. Finding and reading hundreds of small files is most of the time that a command
 * takes to start. Where this was not done all is the same but slower.
 *
 * Each module keeps its address: what it reads beside itself (threads, data) is looked for where it would be unbundled.
 */
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const dist = join(root, 'dist')
const out = join(dist, 'bundled')
const ROOMS = ['schema', 'ingest', 'analyze', 'dashboard']

/** The package of some four hundred files goes into the bundle; all others are found in node_modules when they are asked for. */
const TAKEN_IN = /^(typebox|@fastify\/type-provider-typebox)(\/|$)/

const slashes = (path) => path.split(sep).join('/')

function threadsIn(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : threadsIn(path)
    return entry.name.endsWith('-worker.ts') ? [path.slice(0, -3)] : []
  })
}

const threads = ROOMS.flatMap(threadsIn)
const nameOf = (entry) => entry.replaceAll('/', '-')

/** `import.meta.url` as it is where tsc puts the module. */
const keepAddresses = {
  name: 'keep-addresses',
  transform(code, id) {
    if (!code.includes('import.meta.url') || !id.startsWith(root) || id.includes('node_modules')) return null
    const from = slashes(relative(out, join(dist, relative(root, id)))).replace(/\.ts$/, '.js')
    return {
      code: code.replaceAll('import.meta.url', `new URL(${JSON.stringify(from)}, import.meta.url).href`),
      map: null,
    }
  },
}

/** Names of the files of this build. */
const made = new Set()

/** `more`: how the files are cut. */
async function bundle(inputs, more) {
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    root,
    plugins: [keepAddresses],
    build: {
      ssr: true,
      outDir: out,
      emptyOutDir: false,
      minify: false,
      target: 'node20',
      copyPublicDir: false,
      rollupOptions: {
        input: Object.fromEntries(inputs.map((entry) => [nameOf(entry), join(root, `${entry}.ts`)])),
        external: (id) => isBuiltin(id) || (/^[@a-z]/.test(id) && !TAKEN_IN.test(id)),
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js', ...more },
      },
    },
    ssr: { noExternal: [TAKEN_IN] },
  })
  for (const { output } of [built].flat()) for (const { fileName } of output) made.add(fileName)
}

await bundle(['main'], {})
// a thread loads one file, with nothing in it that others need
for (const thread of threads) await bundle([thread], { codeSplitting: false })

for (const entry of ['main', ...threads]) {
  const file = join(dist, `${entry}.js`)
  const bundled = slashes(relative(dirname(file), join(out, `${nameOf(entry)}.js`)))
  const head = entry === 'main' ? '#!/usr/bin/env node\n' : ''
  writeFileSync(file, `${head}import '${bundled.startsWith('.') ? bundled : `./${bundled}`}'\n`)
}
// at last: what runs meanwhile still finds what it loads
for (const name of readdirSync(out)) if (!made.has(name)) rmSync(join(out, name), { recursive: true })
