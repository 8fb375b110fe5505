/** Wrong usage, exit status 2. The message may have several lines; what it quotes has gone through `shown`. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Something around us is not as it must be, exit status 3; the message says what to do. What it quotes has gone through `shown`. */
export class OutsideError extends Error {
  override readonly name = 'OutsideError'
}
