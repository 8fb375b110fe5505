import type { InputStateName } from '../../../schema/api/inputs.js'
import type { WitnessVerdict } from '../../../schema/api/witness.js'

const states: { [S in InputStateName]: string } = {
  ready: 'Ready',
  working: 'Working',
  waiting: 'Waiting',
  failing: 'Failing',
  silent: 'Silent',
  stopped: 'Stopped',
}

/** The page of the inputs, and what the overview says of them. */
export const inputs = {
  title: 'Inputs',
  lead: 'Where logs come from, how that goes, and whether the picture is complete.',
  complete: (time: string) => `Logs are complete up to ${time}.`,
  nothing: 'Nothing has been taken in yet.',
  noLive: 'No input delivers what happens now: the picture is as complete as what was taken in.',
  fileProblem: (time: string) => `The file of inputs is not right since ${time}; what it said before goes on.`,
  states,
  since: (time: string) => `since ${time}`,
  until: (time: string) => `looks again at ${time}`,
  lastBatch: 'Last batch',
  never: 'none yet',
  every: (span: string) => `usually every ${span}`,
  lag: 'From event to stored',
  lagOf: (p50: string, p95: string) => `median ${p50}, 95% within ${p95}`,
  pace: 'Per minute, last hour',
  paceOf: (records: string, bytes: string) => `${records} records, ${bytes}`,
  lastDay: 'Last 24 hours',
  batchesOf: (n: number, text: string) => `${text} ${n === 1 ? 'batch' : 'batches'}`,
  retriesOf: (text: string) => `sent again: ${text}`,
  duplicatesOf: (text: string) => `duplicates: ${text}`,
  rejectedOf: (text: string) => `rejected lines: ${text}`,
  gaps: 'Missing minutes of the last week',
  noGaps: 'none at the usual pace',
  waits: 'Alerts wait',
  cause: 'Cause',
  todo: 'What to do',
  fields: 'Missing fields',
  well: 'Nothing to do.',
  others: 'Ready, nothing brought in the last week',
  /** on the overview */
  silent: (names: string, time: string) => `${names}: nothing has come for what happened since ${time}.`,
  failing: (names: string, time: string) => `${names} has been failing since ${time}.`,
  newest: 'The newest minutes are not complete.',
  gapsHere: (n: number, text: string) =>
    n === 1 ? 'Logs are missing for a part of this range.' : `Logs are missing for ${text} parts of this range.`,
  show: 'What to do',
  witness: {
    title: 'Cloudflare’s own count',
    lead: (interval: string) =>
      `Requests of visitors, ${interval}, as Cloudflare’s analytics estimates them. Shown beside, never counted in.`,
    counts: (cloudflare: string, here: string) => `Cloudflare ${cloudflare}, here ${here}.`,
    verdicts: {
      agrees: (_share: string) => 'The two agree in every hour.',
      lost: (share: string) =>
        `Of what Cloudflare counted ${share} is here: batches were lost in the hours below. Logpush does not send them again; Logpull or a bucket may still have them.`,
      filter: (share: string) =>
        `Of what Cloudflare counted ${share} is here, and some statuses are not here at all: a filter of the job leaves them out. faultline logpush-job --check shows it.`,
      sampling: (share: string) =>
        `About ${share} is here in every hour: the job exports a sample. Say so in its destination with sampleRate, so that each record counts accordingly.`,
      more: (_share: string) =>
        'More is here than Cloudflare counted: records of another zone count in (name the zone: ID=example.com), or a sample rate is set that the job does not have.',
      nothing: (_share: string) => 'Neither counted anything.',
    } satisfies { [V in WitnessVerdict]: (share: string) => string },
    where: 'Where they differ',
    cloudflare: 'Cloudflare',
    here: 'Here',
  },
}

export type InputWords = typeof inputs
