/** A table of few rows, whose last column has no title: it is for what can be done with a row. */
import type { ComponentChildren } from 'preact'

export function PlainTable({ titles, children }: { titles: readonly string[]; children: ComponentChildren }) {
  return (
    <div class="scroll-x">
      <table class="plain stacking">
        <thead>
          <tr>
            {titles.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
            <td />
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}
