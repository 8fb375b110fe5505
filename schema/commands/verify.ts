import { defineCommand, EXIT } from '../command-line/command.js'
import { JSON_FLAG, yes } from '../command-line/option.js'
import { print, printJson } from '../command-line/print.js'
import { settings } from '../command-line/settings.js'
import { shown } from '../command-line/shown.js'
import { engineOf } from '../open-store.js'
import { StoreError } from '../store/store-error.js'
import { shownUrl } from '../store/shown-url.js'
import type { Verified } from '../store/verified.js'

export const verify = defineCommand({
  name: 'verify',
  summary: 'is the store what was written? Checks every checksum, and every sum against the records',
  options: {
    ...settings('store'),
    repair: yes({ description: 'make anew what can be made of records that are whole' }),
    ...JSON_FLAG,
  },
  examples: [
    { line: 'faultline verify', says: 'ends with 0 if all is whole, with 1 if something is damaged' },
    { line: 'faultline verify --repair', says: 'mends rollups, histograms, fingerprints and indexes' },
  ],
  async run({ store, repair, json }) {
    const { verify: check } = await engineOf(store)
    if (!check)
      throw new StoreError('STORE_URL', `${shownUrl(store)} is checked by its own engine; this is for sqlite:PATH.`)
    const verified = await check(store, repair)
    if (json) printJson(verified)
    else print(inWords(verified))
    return verified.findings.every(({ repaired }) => repaired) ? EXIT.done : EXIT.refused
  },
})

const LOST: { [kind in Verified['findings'][number]['kind']]: string } = {
  records: 'records: restore a backup',
  derived: 'can be made anew: --repair',
  structure: 'the file itself: restore a backup',
  reports: 'a report: restore a backup',
}

function inWords({ store, segments, records, batches, findings }: Verified): string {
  const lines = findings.map(({ what, kind, repaired }) => `  ${shown(what)} (${repaired ? 'made anew' : LOST[kind]})`)
  const checked = `${shown(store)}: ${records} records in ${segments} segments, ${batches} batches`
  return findings.length === 0 ? `${checked}: all whole.\n` : `${checked}. Damaged:\n${lines.join('\n')}\n`
}
