/** Markdown with text out of logs in it. */
import { harmless } from './figures.js'

/** Text out of logs must not become markup. */
export const plain = (text: string) =>
  harmless(text)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*_{}[\]<>()#|!~&]/g, String.raw`\$&`)

/** A table's lines; its first column is text, the others are figures. */
export const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  `| ${head.join(' | ')} |`,
  `| --- |${' ---: |'.repeat(head.length - 1)}`,
  ...rows.map((row) => `| ${row.join(' | ')} |`),
]
