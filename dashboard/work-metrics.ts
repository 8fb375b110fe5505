/** /metrics of the work itself: what batches brought since the start, and what the threads do. */
import { Counter, Gauge, type Registry } from 'prom-client'
import type { BatchReport } from '../schema/api/batches.js'
import { threadUse, type ThreadUse } from '../schema/runtime/thread-use.js'

/** Gives the function that is told of each batch that ended. */
export function registerBatchMetrics(registers: Registry[]): (report: BatchReport) => void {
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter({ name: `faultline_${name}`, help, labelNames, registers })
  const batches = counter('batches_total', 'Batches that ended', ['input', 'state'])
  const lines = counter('lines_total', 'Lines of batches that ended', ['input'])
  const bytes = counter('read_bytes_total', 'Bytes of batches that ended, after decompression', ['input'])
  const stored = counter('stored_records_total', 'Records that batches brought', ['input'])
  const duplicates = counter('duplicate_records_total', 'Records that were already stored', ['input'])
  const rejected = counter('rejected_lines_total', 'Lines that could not become a record', ['input', 'reason'])
  return (report) => {
    const { input, state } = report
    batches.inc({ input, state })
    lines.inc({ input }, report.lines)
    bytes.inc({ input }, report.bytes)
    stored.inc({ input }, report.stored)
    duplicates.inc({ input }, report.duplicates)
    for (const [reason, count] of Object.entries(report.rejectedByReason)) rejected.inc({ input, reason }, count)
  }
}

export function registerThreadMetrics(registers: Registry[]): void {
  const labelNames = ['thread'] as const
  const gauge = (name: string, help: string, value: (use: ThreadUse) => number) =>
    new Gauge({
      name: `faultline_${name}`,
      help,
      labelNames,
      registers,
      collect() {
        this.reset()
        for (const use of threadUse()) this.set({ thread: use.kind }, value(use))
      },
    })
  gauge('threads', 'Threads of a kind that run', ({ threads }) => threads)
  gauge('thread_waiting_calls', 'Calls that wait for an answer of such a thread', ({ waiting }) => waiting)
  gauge('thread_oldest_call_seconds', 'How long the oldest of them has waited', ({ oldestSeconds }) => oldestSeconds)
  new Counter({
    name: 'faultline_thread_busy_seconds_total',
    help: 'Time for which threads of a kind were at work',
    labelNames,
    registers,
    collect() {
      this.reset()
      for (const { kind, activeSeconds } of threadUse()) this.inc({ thread: kind }, activeSeconds)
    },
  })
}
