import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { defineConfig, type Plugin } from 'vite'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Below this many bytes a compressed copy saves nothing: it fits one packet anyway. */
const minBytes = 1200

/** Writes .gz and .br beside every text file, so that the server never compresses while someone waits. */
function precompress(): Plugin {
  return {
    name: 'faultline-precompress',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const file of Object.values(bundle)) {
          const body = Buffer.from(file.type === 'chunk' ? file.code : file.source)
          if (body.length < minBytes || !/\.(js|css|svg)$/.test(file.fileName)) continue
          this.emitFile({ type: 'asset', fileName: `${file.fileName}.gz`, source: gzipSync(body, { level: 9 }) })
          const params = { [constants.BROTLI_PARAM_QUALITY]: 11 }
          this.emitFile({
            type: 'asset',
            fileName: `${file.fileName}.br`,
            source: brotliCompressSync(body, { params }),
          })
        }
      },
    },
  }
}

/** The charts' chunk is asked for with the page's own, and runs once there is something to draw. */
function preloadCharts(): Plugin {
  return {
    name: 'faultline-preload-charts',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle = {} }) {
        return Object.values(bundle)
          .filter((file) => file.type === 'chunk' && file.facadeModuleId?.endsWith('/charts/setup.ts'))
          .map(({ fileName }) => ({
            tag: 'link',
            attrs: { rel: 'modulepreload', crossorigin: true, href: `/${fileName}` },
            injectTo: 'head' as const,
          }))
      },
    },
  }
}

/** What gives the modules of a build their chunks. */
interface Modules {
  getModuleInfo(id: string): { isEntry: boolean; importers: readonly string[] } | null
}

/**
 * What the first page needs in any case comes in one piece. Left to itself each module that a later page shares with it would travel
 * alone, and the head of an answer weighs more than most of them.
 */
const first = new Map<string, boolean>()
function isOfFirstPage(id: string, modules: Modules, asking = new Set<string>()): boolean {
  const known = first.get(id)
  if (known !== undefined) return known
  if (asking.has(id)) return false
  asking.add(id)
  const info = modules.getModuleInfo(id)
  const is = info !== null && (info.isEntry || info.importers.some((from) => isOfFirstPage(from, modules, asking)))
  // a circle may have hidden the way
  if (is) first.set(id, true)
  return is
}

/** `npm run dev`: the page comes from here, all else from the service beside it. */
const service = `http://127.0.0.1:${process.env.FAULTLINE_PORT ?? 8080}`

export default defineConfig({
  root: here('./web'),
  plugins: [precompress(), preloadCharts()],
  // the same whoever builds: under a test runner vite would take it for development
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact', development: false } },
  server: {
    port: 5173,
    strictPort: true,
    proxy: {
      '^/(api|docs|healthz|readyz|metrics|openapi\\.json|login|logout)\\b': { target: service, changeOrigin: true },
    },
  },
  build: {
    outDir: here('../dist/dashboard/web'),
    emptyOutDir: true,
    target: 'es2022',
    // the content security policy forbids inline scripts and styles, and data: URLs for anything but images
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [{ name: (id: string, modules: Modules) => (isOfFirstPage(id, modules) ? 'page' : null) }],
        },
      },
    },
  },
})
