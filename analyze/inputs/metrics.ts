/** The health of inputs as Prometheus sees it. */
import { Gauge, type Registry } from 'prom-client'
import { INPUT_STATES, type InputHealth, type InputsHealth } from '../../schema/api/inputs.js'
import { SECOND } from '../../schema/words/duration.js'

type Labels = 'input' | 'job'

/** `read` is asked once for each scrape, whatever number of metrics needs it. */
export function registerInputMetrics(registers: Registry[], read: () => Promise<InputsHealth>): void {
  let asked: { at: number; answer: Promise<InputsHealth> } | null = null
  const inputs = () => {
    if (asked === null || Math.abs(Date.now() - asked.at) > SECOND) asked = { at: Date.now(), answer: read() }
    return asked.answer
  }
  const each = async (
    set: { reset(): void; labels(labels: { [L in Labels]: string }): { set(value: number): void } },
    value: (input: InputHealth) => number | null,
  ) => {
    set.reset()
    for (const input of (await inputs()).inputs) {
      const of = value(input)
      if (of !== null) set.labels({ input: input.name, job: input.job ?? '' }).set(of)
    }
  }
  const gauge = (name: string, help: string, value: (input: InputHealth) => number | null) =>
    new Gauge<Labels>({
      name,
      help,
      labelNames: ['input', 'job'],
      registers,
      async collect() {
        await each(this, value)
      },
    })

  new Gauge({
    name: 'faultline_input_state',
    help: 'State of each input and job: 1 for the one it is in',
    labelNames: ['input', 'job', 'state'],
    registers,
    async collect() {
      this.reset()
      for (const { name, job, state: current } of (await inputs()).inputs)
        for (const state of INPUT_STATES) this.set({ input: name, job: job ?? '', state }, state === current ? 1 : 0)
    },
  })
  new Gauge({
    name: 'faultline_complete_to_timestamp_seconds',
    help: 'Event time up to which logs are complete, silent inputs heeded; 0 while no live logs come',
    registers,
    async collect() {
      const { completeTo } = await inputs()
      this.set(completeTo === null ? 0 : Date.parse(completeTo) / SECOND)
    },
  })
  gauge('faultline_input_last_batch_timestamp_seconds', 'When the last batch came', ({ lastBatchAt }) =>
    lastBatchAt === null ? null : Date.parse(lastBatchAt) / SECOND,
  )
  new Gauge({
    name: 'faultline_input_lag_seconds',
    help: 'From the event to its being stored, over a day: in half of the records, and in 95 of 100',
    labelNames: ['input', 'job', 'percentile'],
    registers,
    async collect() {
      this.reset()
      for (const { name, job, lagMs } of (await inputs()).inputs) {
        if (lagMs === null) continue
        this.set({ input: name, job: job ?? '', percentile: '50' }, lagMs.p50 / SECOND)
        this.set({ input: name, job: job ?? '', percentile: '95' }, lagMs.p95 / SECOND)
      }
    },
  })
  gauge(
    'faultline_input_records_per_minute',
    'Records stored a minute, over an hour',
    (input) => input.recordsPerMinute,
  )
  gauge(
    'faultline_input_bytes_per_minute',
    'Bytes read a minute, unpacked, over an hour',
    (input) => input.bytesPerMinute,
  )
  gauge(
    'faultline_input_gap_seconds',
    'Event time without logs that at the usual pace should have come, over a week',
    (input) => input.gaps.reduce((sum, { from, to }) => sum + Date.parse(to) - Date.parse(from), 0) / SECOND,
  )
  gauge('faultline_input_retries', 'Batches of the last day that were sent again', (input) => input.retries)
  gauge('faultline_input_duplicates', 'Records of the last day that were stored already', (input) => input.duplicates)
  gauge('faultline_input_missing_fields', 'Fields that the newest batches lack', (input) => input.missingFields.length)
  new Gauge({
    name: 'faultline_input_rejected_lines',
    help: 'Lines of the last day that could not become records, by reason',
    labelNames: ['input', 'job', 'reason'],
    registers,
    async collect() {
      this.reset()
      for (const { name, job, rejected } of (await inputs()).inputs)
        for (const [reason, n] of Object.entries(rejected.byReason))
          this.set({ input: name, job: job ?? '', reason }, n as number)
    },
  })
}
