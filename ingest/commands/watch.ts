import { defineCommand, EXIT } from '../../schema/command-line/command.js'
import { number } from '../../schema/command-line/option.js'
import { print } from '../../schema/command-line/print.js'
import { settings } from '../../schema/command-line/settings.js'
import { shown } from '../../schema/command-line/shown.js'
import { stopSignal } from '../../schema/runtime/stop-signal.js'
import { doingInWords, type Doing } from '../../schema/words/doing.js'
import { READING, readSettings } from './reading.js'

export const watch = defineCommand({
  name: 'watch',
  summary: 'follow a folder: files that come, grow and are rotated, until it is stopped',
  about:
    'Whole lines are taken as they come, packed files (.gz, .zst, .tar, .zip) when they are all there. A restart goes on exactly\n' +
    'where it was; files that came meanwhile are found, and rotated, copied or packed ones are known for what they are.',
  arguments: [{ name: 'folder', needs: 'a folder' }],
  options: {
    ...settings('store'),
    every: number({
      description: 'seconds between two looks; what came meanwhile is one batch a file',
      placeholder: 'SECONDS',
      takes: 'a number from 0.1',
      minimum: 0.1,
      default: 10,
    }),
    ...READING,
  },
  examples: [
    { line: 'faultline watch /var/log/cloudflare', says: 'into the store that the service shows' },
    { line: 'faultline watch /mnt/exports --every 60', says: 'a look a minute' },
  ],
  async run(options, [path]) {
    const { createReaderPool } = await import('../reader/pool.js')
    const { ingest } = await import('../pipeline.js')
    const { openStore } = await import('../../schema/open-store.js')
    const { systemClock } = await import('../../schema/runtime/clock.js')
    const { follow } = await import('../inputs/following.js')
    const { folder } = await import('../inputs/folder/index.js')
    const readers = createReaderPool()
    readers.start()
    const store = await openStore(options.store)
    const follower = follow(
      'folder',
      folder,
      { path, everySeconds: options.every },
      {
        checkpoints: store.ledger.checkpoints,
        async take(origin, bytes) {
          const report = await ingest({ origin, bytes, settings: readSettings(options) }, { store, readers })
          const { stored, duplicates, rejected } = report
          print(`${shown(origin.name ?? '')}: ${stored} stored, ${duplicates} known, ${rejected} rejected\n`)
          return report
        },
        clock: systemClock,
        onError: (error) => process.stderr.write(`${shown(error.message)}\n`),
      },
    )
    const stopped = stopSignal()
    print(`Following ${shown(follower.job)} into ${shown(store.url)}\n`)
    const told = tellStates(() => follower.state)
    // the wait between two looks keeps nothing alive by itself
    const alive = setInterval(told, STATE_EVERY_MS)
    await stopped
    clearInterval(alive)
    await follower.stop()
    await readers.close()
    await store.close()
    return EXIT.done
  },
})

const STATE_EVERY_MS = 1_000

/** Trouble, and what is waited for, once each time it changes. */
function tellStates(state: () => { state: string; doing?: Doing; problem?: string }): () => void {
  let before = ''
  return () => {
    const { state: name, doing, problem = '' } = state()
    const text = name === 'failing' ? problem : name === 'waiting' && doing ? doingInWords(doing, 'en') : before
    if (text !== before) process.stderr.write(`${shown(text)}\n`)
    before = text
  }
}
