/** Resolves when the process is asked to stop: Ctrl-C, or SIGTERM. Call it before anything is said that others wait for. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}
