/**
 * Named places between two steps of what must survive a crash. A test names one, and the process is gone when it gets
 * there: as with a power failure, nothing is tidied up. Nobody names one in service; then a place costs a comparison.
 *
 * `FAULTLINE_FAILPOINT=sqlite/write/records` stops at the first passing, `…#3` at the third.
 */
const wanted = parse(process.env.FAULTLINE_FAILPOINT)

function parse(text: string | undefined): { name: string; left: number } | null {
  if (!text) return null
  const [name, times = '1'] = text.split('#')
  return { name, left: Number(times) }
}

/** Does not return where the process is to stop, in whatever thread it is called. */
export function failpoint(name: string): void {
  if (wanted === null || wanted.name !== name || --wanted.left > 0) return
  process.kill(process.pid, 'SIGKILL')
  // the signal is on its way: not a step further
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}
