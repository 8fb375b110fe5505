/** In a batch's report: the alerts that its logs would have raised. Hidden where this service cannot tell. */
import { nameIn } from '../../../../schema/words/starters.js'
import type { WouldHaveFired } from '../../../../schema/api/alerts.js'
import { alertsAbsent } from '../../state/alerts.js'
import { wouldPath } from '../../state/alerts-marks.js'
import { useAnswer } from '../../state/api.js'
import { linkTo } from '../../state/router.js'
import { useStore } from '../../state/store.js'
import { takingOfWould } from '../../state/takings.js'
import { TakeMenu } from '../take-menu.js'
import { useWords } from '../words.js'
import { labelsText } from './rule-words.js'
import { SeverityMark } from './tags.js'

/** Times named for one rule; its own page shows the rest. */
const few = 5

export function WouldHaveFiredSection({ batch }: { batch: string }) {
  const speech = useWords()
  const { w, f } = speech
  const t = w.alerts.would
  const absent = useStore(alertsAbsent)
  const { data, problem } = useAnswer<WouldHaveFired>(absent ? null : wouldPath({ batch, lang: f.lang, tz: f.zone }), {
    subject: `${batch} ${f.lang}`,
  })
  if (absent || problem || (data && (data.rules.length === 0 || data.from === null))) return null
  const fired = data?.rules.filter((r) => r.episodes.length > 0) ?? []
  return (
    <section class="would" aria-busy={!data}>
      <header class="section-head">
        <h2>{t.title}</h2>
        {data && fired.length > 0 && <TakeMenu take={() => takingOfWould(t.title, { ...data, rules: fired })} />}
      </header>
      {!data && (
        <p class="faint" role="status">
          {t.running}
        </p>
      )}
      {data && <p class="faint">{fired.length === 0 ? t.none : t.lead}</p>}
      {fired.length > 0 && (
        <table class="plain stacking">
          <caption class="unseen">{t.title}</caption>
          <thead>
            <tr>
              <th scope="col">{w.alerts.now.rule}</th>
              <th scope="col">{w.alerts.history.fired}</th>
              <th scope="col">{t.sent}</th>
            </tr>
          </thead>
          <tbody>
            {fired.map((r) => (
              <tr key={r.id}>
                <td class="name">
                  <SeverityMark severity={r.severity} />{' '}
                  <a href={linkTo({ name: 'rule', id: r.id })}>{nameIn(r.name, f.lang)}</a>
                  {!r.enabled && <span class="flag">{t.off}</span>}
                </td>
                <td class="times">
                  <ul class="told">
                    {r.episodes.slice(0, few).map((e, i) => (
                      <li key={i}>
                        <strong>{labelsText(e.labels, speech)}</strong>{' '}
                        {e.resolvedAt === null
                          ? `${f.moment(Date.parse(e.firedAt))} – ${w.alerts.preview.still}`
                          : f.interval(Date.parse(e.firedAt), Date.parse(e.resolvedAt))}
                      </li>
                    ))}
                    {r.episodes.length > few && (
                      <li class="faint">{w.alerts.preview.first(f.count(few), f.count(r.episodes.length))}</li>
                    )}
                  </ul>
                </td>
                <td class="notices">{t.notices(r.notices, f.count(r.notices))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
