import { REJECTION_NAMES } from '../../../schema/words/rejections.js'
import { formatFor } from '../../spikes/sentences/format.js'
import { FEW, type AdviceFacts, type AdviceTexts } from './texts.js'
import { spansFor } from './spans.js'

const f = formatFor('en')
const span = spansFor('en')

const gapsIn = (gaps: AdviceFacts['gaps']) =>
  gaps
    .slice(0, 3)
    .map(({ from, to }) => f.interval(from, to))
    .join('; ')

export const en: AdviceTexts = {
  failing: ({ since, until, problem }) => ({
    symptom: `It has been failing since ${f.time(since)} UTC.`,
    cause: problem,
    todo: `Mend what is named. It tries again by itself${until === null ? '' : `, next at ${f.time(until)} UTC`}, and goes on where it was.`,
  }),
  silent: ({ silentSince, everyMs, sender }) => ({
    symptom: `Nothing has come for what happened since ${f.time(silentSince)} UTC${everyMs === null ? '' : `; usually a batch comes every ${span(everyMs)}`}.`,
    cause:
      sender === 'logpush'
        ? 'The job was switched off or fails, this address cannot be reached from outside, or the token in its destination is no longer the right one.'
        : sender === 'folder'
          ? 'Nobody writes to this folder any more, or the files are now written elsewhere or under names that are no logs.'
          : 'Whoever brings these logs has stopped, or has nothing more to bring.',
    todo:
      sender === 'logpush'
        ? 'Look at the job’s “last_error” and whether it is enabled (faultline logpush-job --check does), then whether the address answers from outside. Logpush does not send again what it gave up.'
        : sender === 'folder'
          ? 'Look at whether the newest file there still grows, and at what rotates the files.'
          : 'Look at whoever brings them.',
  }),
  gaps: ({ gaps, sender }) => ({
    symptom: `Logs are missing for ${f.number(gaps.length)} ${gaps.length === 1 ? 'span' : 'spans'} of time: ${gapsIn(gaps)}${gaps.length > 3 ? ' …' : ''} (UTC).`,
    cause:
      sender === 'logpush'
        ? 'The job was off or could not deliver then. What Logpush has given up it does not send again.'
        : 'What was written then was not brought here, or nothing was written.',
    todo:
      sender === 'logpush'
        ? 'If Cloudflare keeps logs for this zone (Logpull retention, up to 7 days) or a bucket holds them, take these spans in from there; what is known already is not counted twice.'
        : 'Take the files of these spans in (faultline ingest); what is known already is not counted twice.',
  }),
  late: ({ lagP95 }) => ({
    symptom: `One record in twenty is stored more than ${span(lagP95)} after its request.`,
    cause:
      'The sender gathers for long before it sends, sends old logs after an interruption, or this machine is slower than the logs come.',
    todo: 'Set the job’s max_upload_interval_seconds to 30. If the processor here is busy all the time, export fewer fields or use a larger machine. Alerts wait as long.',
  }),
  clock: ({ aheadMs }) => ({
    symptom: `Records carry times up to ${span(aheadMs)} in the future.`,
    cause: 'The clock of this machine is behind, or whoever wrote the logs changed their times.',
    todo: 'Set the clock by NTP and look at the times in the newest records.',
  }),
  retries: ({ retries, batches }) => ({
    symptom: `${f.number(retries)} of ${f.number(batches)} batches held nothing new: they were sent again.`,
    cause:
      'The sender did not get the answer in time: a proxy in between gives up sooner than a batch is stored, or the connection breaks.',
    todo: 'Let proxies in front of this service wait at least 5 minutes and take bodies of any length. Nothing is counted twice.',
  }),
  duplicates: ({ duplicates, duplicateShare }) => ({
    symptom: `${f.number(duplicates)} records (${f.share(duplicateShare)} of the lines) were here already.`,
    cause: 'Two jobs export the same zone, or the same files are taken in by two ways.',
    todo: 'Nothing is counted twice, but transfer is paid for twice: switch one of the two off.',
  }),
  rejected: ({ rejected, rejectedShare, reasons }) => ({
    symptom: `${f.number(rejected)} lines (${f.share(rejectedShare)}) could not become records: ${reasons.map((reason) => REJECTION_NAMES[reason].en).join(', ')}.`,
    cause: reasons.includes('other-dataset')
      ? 'A job of another dataset sends to the same address.'
      : 'The job lacks a field without which there is no record, or something between Cloudflare and here changes the lines.',
    todo: reasons.includes('other-dataset')
      ? 'Only the dataset http_requests is read here: send the other job elsewhere.'
      : 'The report of a batch shows the lines with the reason and what to do for each.',
  }),
  interrupted: ({ interrupted, batches }) => ({
    symptom: `${f.number(interrupted)} of ${f.number(batches)} batches ended before their end.`,
    cause: 'The sender or a proxy hung up, or the data was cut off.',
    todo: 'What was whole is stored. Logpush sends such a batch again; take files in once more.',
  }),
  fields: ({ fields }) => ({
    symptom: `The export lacks ${fields.length > FEW ? `${fields.length} fields: ${fields.slice(0, FEW).join(', ')} …` : `${fields.join(', ')}.`}`,
    cause: 'The job’s list of fields leaves them out.',
    todo: 'Add them to the job: faultline logpush-job prints the list and what it costs. It takes 10 to 15 minutes to take effect.',
  }),
}
