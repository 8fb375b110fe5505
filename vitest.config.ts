import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/longest-first.js'

export default defineConfig({
  // as the build has it: in a few files, where the package is four hundred that each file of tests would read anew
  resolve: {
    alias: [
      { find: /^typebox(?=\/|$)/, replacement: fileURLToPath(new URL('dist/node_modules/typebox', import.meta.url)) },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/build-if-stale.ts', 'test/quick-folder.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // what is waited for on a machine with other work is no failure
    expect: { poll: { timeout: 20_000 } },
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    maxWorkers: 2,
    server: { deps: { inline: ['@fastify/type-provider-typebox'] } },
  },
})
