import { useWords } from '../parts/words.js'
import { linkTo } from '../state/router.js'

export function UnknownPage() {
  const { w } = useWords()
  return (
    <div class="empty-range">
      <h1>{w.problem.notFound}</h1>
      <a class="primary" href={linkTo({ name: 'overview' })}>
        {w.problem.toOverview}
      </a>
    </div>
  )
}
