/**
 * Microsoft Teams through a Workflows webhook ("When a Teams webhook request is received"), which takes Adaptive Cards
 * only. Facts: at most 28 KB; TextBlocks know a little Markdown (learn.microsoft.com: connectors, Adaptive Cards).
 */
import type { Entry, Message } from './message.js'
import { channel, overHttp, type HttpChannel } from './notifier.js'
import { address } from './settings.js'

const MOST_BYTES = 26_000
const COLORS: { [level in Message['level']]: string } = {
  critical: 'attention',
  warning: 'warning',
  info: 'accent',
  ok: 'good',
}

/** Marks that a TextBlock would read as Markdown; {{ }} would be read as a date function. */
export function escapeTeams(text: string): string {
  return text
    .replace(/[\\`*_[\]()#+!|<>~]/g, (mark) => `\\${mark}`)
    .replace(/^(\s*)([-+]|\d+\.)(?=\s)/gm, '$1\\$2')
    .replaceAll('{{', '{\u200b{')
    .replaceAll('\n', '\n\n')
}

const settings = { url: address({ secret: true, destination: true }) }

export const composeTeams: HttpChannel<typeof settings>['compose'] = ({ message }, { url = '' }) => {
  // too large a card is refused as a whole: rather fewer alerts
  for (let shown = message.entries.length; ; shown--) {
    const body = JSON.stringify(teamsBody({ ...message, entries: message.entries.slice(0, shown) }))
    if (shown <= 1 || Buffer.byteLength(body) <= MOST_BYTES) return [{ url, body }]
  }
}

function teamsBody(message: Message): object {
  const actions = (message.entries[0]?.links ?? []).slice(0, 4).map(({ text, url }) => ({
    type: 'Action.OpenUrl',
    title: text.slice(0, 80),
    url,
  }))
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          msteams: { width: 'Full' },
          body: [
            {
              type: 'TextBlock',
              text: escapeTeams(message.title),
              size: 'Large',
              weight: 'Bolder',
              color: COLORS[message.level],
              wrap: true,
            },
            ...message.entries.flatMap(entryBlocks),
            ...(message.more
              ? [{ type: 'TextBlock', text: escapeTeams(message.more), isSubtle: true, wrap: true }]
              : []),
          ],
          ...(actions.length > 0 ? { actions } : {}),
        },
      },
    ],
  }
}

function entryBlocks(entry: Entry): object[] {
  return [
    { type: 'TextBlock', text: escapeTeams(entry.heading), weight: 'Bolder', wrap: true, separator: true },
    {
      type: 'FactSet',
      facts: entry.facts.map(({ head, text }) => ({ title: escapeTeams(head), value: escapeTeams(text) })),
    },
  ]
}

export const teams = channel({
  type: 'teams',
  label: 'Microsoft Teams',
  settings: settings,
  words: {
    en: {
      about: 'Workflow webhook',
      settings: {
        url: { label: 'Workflow URL', help: 'From a workflow “When a Teams webhook request is received”' },
      },
    },
    fr: {
      about: 'Webhook de workflow',
      settings: {
        url: { label: 'URL du workflow', help: 'D’un workflow « When a Teams webhook request is received »' },
      },
    },
    zh: {
      about: '工作流 Webhook',
      settings: {
        url: { label: '工作流地址', help: '来自工作流“When a Teams webhook request is received”' },
      },
    },
  },
  deliver: overHttp({ compose: composeTeams }),
})
