import type { StatusCause } from '../../../schema/status/entry.js'
import type { ComponentChildren } from 'preact'
import { useWords } from './words.js'

/** Only links of the web are links: a cause's source is data. */
export const isWeb = (url: string): boolean => /^https?:\/\//.test(url)

/** A documented cause: what it is, what to check first, where it is written. */
export function CauseBody({
  cause,
  aside,
  children,
}: {
  cause: StatusCause
  aside?: ComponentChildren
  children?: ComponentChildren
}) {
  const { w } = useWords()
  return (
    <article class="cause">
      <header>
        <h3>{cause.title}</h3>
        {aside}
        {isWeb(cause.url) && (
          <a href={cause.url} target="_blank" rel="noreferrer noopener">
            {w.spike.documentation} ↗
          </a>
        )}
      </header>
      <p>{cause.explanation}</p>
      {children}
      {cause.check.length > 0 && (
        <div>
          <h4>{w.spike.check}</h4>
          <ol class="checks">
            {cause.check.map((step, i) => (
              <li key={i}>{step}</li>
            ))}
          </ol>
        </div>
      )}
    </article>
  )
}
