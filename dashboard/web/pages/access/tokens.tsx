/** Tokens: made, shown once, revoked. */
import { useState } from 'preact/hooks'
import type { MadeTokenJson, TokenJson } from '../../../../schema/api/access.js'
import { ROLES, type Role } from '../../../../schema/words/roles.js'
import { visible } from '../../../../schema/words/visible.js'
import { Confirm } from '../../parts/alerts/confirm.js'
import { CopyButton } from '../../parts/copy.js'
import { Dialog } from '../../parts/dialog.js'
import { Icon } from '../../parts/icon.js'
import { PlainTable } from '../../parts/plain-table.js'
import { ProblemNote } from '../../parts/problem.js'
import { TakeMenu } from '../../parts/take-menu.js'
import { useWords } from '../../parts/words.js'
import { makeToken, revokeToken, useTokens } from '../../state/access.js'
import { problemOf } from '../../state/alerts.js'
import type { Problem } from '../../state/api.js'
import { takingOfTokens } from '../../state/takings.js'

export function TokensSection() {
  const { w } = useWords()
  const a = w.access
  const { data, problem } = useTokens()
  const [open, setOpen] = useState(false)
  const [going, setGoing] = useState<TokenJson | null>(null)
  return (
    <section>
      <header class="section-head">
        <div>
          <h2>{a.tokens}</h2>
          <p class="faint">{a.tokensLead}</p>
        </div>
        <span class="section-doors">
          <button type="button" class="primary" onClick={() => setOpen(true)}>
            <Icon name="plus" />
            {a.newToken}
          </button>
          {data && data.tokens.length > 0 && <TakeMenu take={() => takingOfTokens(a.tokens, data.tokens)} />}
        </span>
      </header>
      {problem && <ProblemNote problem={problem} />}
      {data?.tokens.length === 0 && <p class="faint">{a.noTokens}</p>}
      {data && data.tokens.length > 0 && <TokenTable tokens={data.tokens} onRevoke={setGoing} />}
      {open && <NewToken onClose={() => setOpen(false)} />}
      {going && (
        <Confirm
          title={a.revokeTitle}
          text={a.revokeText(visible(going.name))}
          submit={a.revoke}
          run={() => revokeToken(going.id)}
          onClose={() => setGoing(null)}
        />
      )}
    </section>
  )
}

function TokenTable({ tokens, onRevoke }: { tokens: readonly TokenJson[]; onRevoke: (token: TokenJson) => void }) {
  const { w, f } = useWords()
  const a = w.access
  return (
    <PlainTable titles={[a.name, a.role, a.zones, a.expires, a.lastUsed]}>
      {tokens.map((token) => (
        <tr key={token.id}>
          <th scope="row" class="name">
            {visible(token.name)} {token.state !== 'valid' && <span class="flag">{a.states[token.state]}</span>}
          </th>
          <td data-label={a.role} title={a.roles[token.role].meaning}>
            {a.roles[token.role].name}
          </td>
          <td data-label={a.zones} class="wrap">
            {token.zones === null ? a.allZones : f.list(token.zones.map(visible))}
          </td>
          <td data-label={a.expires}>{token.expiresAt === null ? a.noEnd : f.full(Date.parse(token.expiresAt))}</td>
          <td data-label={a.lastUsed}>{token.lastUsedAt === null ? a.never : f.full(Date.parse(token.lastUsedAt))}</td>
          <td>
            {token.state === 'valid' && (
              <button
                type="button"
                class="control"
                aria-label={`${a.revoke}: ${token.name}`}
                onClick={() => onRevoke(token)}
              >
                {a.revoke}
              </button>
            )}
          </td>
        </tr>
      ))}
    </PlainTable>
  )
}

function NewToken({ onClose }: { onClose: () => void }) {
  const { w } = useWords()
  const a = w.access
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('read')
  const [zones, setZones] = useState('')
  const [expires, setExpires] = useState('')
  const [made, setMade] = useState<MadeTokenJson | null>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  async function send(): Promise<void> {
    const only = zones.split(/[\s,，、]+/).filter((zone) => zone !== '')
    setBusy(true)
    try {
      setMade(
        await makeToken({
          name,
          role,
          ...(only.length > 0 ? { zones: only } : {}),
          ...(expires === '' ? {} : { expiresAt: String(Date.parse(expires)) }),
        }),
      )
    } catch (error) {
      setProblem(problemOf(error))
    }
    setBusy(false)
  }
  if (made)
    return (
      <Dialog title={a.madeTitle} onClose={onClose}>
        <p>{a.madeText}</p>
        <div class="command">
          <code>{made.token}</code>
          <CopyButton text={made.token} />
        </div>
        <footer>
          <button type="button" class="primary" onClick={onClose}>
            {a.done}
          </button>
        </footer>
      </Dialog>
    )
  return (
    <Dialog title={a.newToken} onClose={onClose}>
      <form
        class="form"
        onSubmit={(e) => {
          e.preventDefault()
          void send()
        }}
      >
        <label>
          {a.name}
          <input required maxLength={100} value={name} onInput={(e) => setName(e.currentTarget.value)} />
          <span class="faint small">{a.nameHint}</span>
        </label>
        <label>
          {a.role}
          <select value={role} onChange={(e) => setRole(e.currentTarget.value as Role)}>
            {ROLES.map((one) => (
              <option key={one} value={one}>
                {a.roles[one].name}
              </option>
            ))}
          </select>
          <span class="faint small">{a.roles[role].meaning}</span>
        </label>
        {role !== 'admin' && (
          <label>
            {a.zones}
            <input value={zones} onInput={(e) => setZones(e.currentTarget.value)} />
            <span class="faint small">{a.zonesHint}</span>
          </label>
        )}
        <label>
          {a.expires}
          <input type="datetime-local" value={expires} onInput={(e) => setExpires(e.currentTarget.value)} />
          <span class="faint small">{a.expiresHint}</span>
        </label>
        {problem && <ProblemNote problem={problem} />}
        <footer>
          <button type="submit" class="primary" disabled={busy}>
            {a.make}
          </button>
        </footer>
      </form>
    </Dialog>
  )
}
