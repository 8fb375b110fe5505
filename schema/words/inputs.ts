/**
 * Every input: where lines come from. What the other rooms must know of one is said here, once: reports and the API's
 * description name it, the page calls it by its label, and what is live moves the alerts' watermark. Its code is a file in
 * ingest/inputs.
 */
import type { Language, Translated } from './languages.js'

interface InputWords {
  /** in reports, parameters and checkpoints; stays for good */
  readonly name: string
  /**
   * true: brings what happens now, so that its batches tell how far logs are complete. Files of the past say nothing of
   * that, whenever they come.
   */
  readonly live: boolean
  readonly meaning: string
  readonly labels: Translated<string>
}

export const INPUTS = [
  {
    name: 'upload',
    live: false,
    meaning: 'posted by the page or a program',
    labels: { en: 'Upload', fr: 'Import', zh: '上传' },
  },
  {
    name: 'logpush',
    live: true,
    meaning: "posted by Cloudflare's Logpush",
    labels: { en: 'Logpush', fr: 'Logpush', zh: 'Logpush' },
  },
  {
    name: 'file',
    live: false,
    meaning: 'a file, given to the command line',
    labels: { en: 'File', fr: 'Fichier', zh: '文件' },
  },
  {
    name: 'stdin',
    live: false,
    meaning: 'the standard input of the command line',
    labels: { en: 'Standard input', fr: 'Entrée standard', zh: '标准输入' },
  },
  {
    name: 'simulate',
    live: false,
    meaning: 'made up by the simulator',
    labels: { en: 'Simulated', fr: 'Simulation', zh: '模拟' },
  },
  {
    name: 'logpull',
    live: true,
    meaning: "fetched from Cloudflare's Logpull",
    labels: { en: 'Logpull', fr: 'Logpull', zh: 'Logpull' },
  },
  {
    name: 'bucket',
    live: true,
    meaning: 'fetched from a bucket: R2, S3 or what speaks S3',
    labels: { en: 'Bucket', fr: 'Bucket', zh: '存储桶' },
  },
  {
    name: 'folder',
    live: true,
    meaning: 'a folder that is looked into for files that come and grow',
    labels: { en: 'Folder', fr: 'Dossier', zh: '文件夹' },
  },
] as const satisfies readonly InputWords[]

export type InputName = (typeof INPUTS)[number]['name']

const byName = new Map<string, InputWords>(INPUTS.map((input) => [input.name, input]))

/** Does an input of this name bring what happens now? One that is unknown, of another version's report, does not. */
export function isLiveInput(name: string): boolean {
  return byName.get(name)?.live ?? false
}

/** What people call the input; an unknown one by its name. */
export function inputLabel(name: string, language: Language): string {
  return byName.get(name)?.labels[language] ?? name
}

/** For the API's description. */
export const INPUTS_IN_WORDS = INPUTS.map(({ name, meaning }) => `${name} (${meaning})`).join(', ')
