/** One line of the table of figures. */
export interface Row {
  what: string
  /** what was to be reached */
  target: string
  measured: string
  /** to the peer or to the other run, pair by pair */
  ratio: string
  note: string
  /** false: the target was missed */
  reached?: boolean
}

export function markdown(rows: Row[]): string {
  const head = ['what', 'to reach', 'measured', 'ratio', 'note']
  const lines = rows.map((r) => [r.what, r.target, r.measured, r.ratio, noteOf(r)])
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

export function noteOf({ reached, note }: Row): string {
  return [reached === false ? '**missed**' : '', note].filter((part) => part !== '').join('; ')
}
