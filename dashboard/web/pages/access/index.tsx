/** Who may come in, who is in, who did what. */
import { mayDo } from '../../../../schema/words/roles.js'
import { ProblemNote } from '../../parts/problem.js'
import { useWords } from '../../parts/words.js'
import { refresh } from '../../state/clock.js'
import { me, meProblem } from '../../state/me.js'
import { useStore } from '../../state/store.js'
import { AuditSection } from './audit.js'
import { PrivacySection } from './privacy.js'
import { SessionsSection } from './sessions.js'
import { TokensSection } from './tokens.js'

export function CurrentAccessPage() {
  const { w } = useWords()
  const who = useStore(me)
  const problem = useStore(meProblem)
  const a = w.access
  return (
    <div class="page access-page">
      <header class="page-head">
        <div>
          <h1>{a.title}</h1>
          {who && <p>{a.you(who.name ?? a.nobody, a.roles[who.role].name)}</p>}
        </div>
      </header>
      {!who && problem && <ProblemNote problem={problem} onRetry={() => refresh()} />}
      {who && mayDo(who.role, 'admin') && <TokensSection />}
      {who && <SessionsSection />}
      {who && who.zones === null && <PrivacySection />}
      {who && mayDo(who.role, 'admin') && <AuditSection />}
    </div>
  )
}
