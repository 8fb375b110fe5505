/** One line of the table of figures. */
export interface Row {
  what: string
  /** what was to be reached */
  target: string
  measured: string
  /** to the peer or to the other run, pair by pair */
  ratio: string
  note: string
}

export function markdown(rows: Row[]): string {
  const head = ['what', 'to reach', 'measured', 'ratio', 'note']
  const lines = rows.map((r) => [r.what, r.target, r.measured, r.ratio, r.note])
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
