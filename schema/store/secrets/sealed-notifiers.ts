/** The secrets of notifiers rest sealed. Whoever uses the log through this knows nothing of it. */
import type { AlertLog, StoredNotifier } from '../alert-log.js'
import type { Keys } from './keys.js'
import { isCurrent, open, seal } from './seal.js'

/** As it rests: the only entry of what else are the secrets. */
const SEALED = '~sealed'

export interface SealedAlertLog extends AlertLog {
  /** Seals what rests as it was given, as older versions left it. How many there were. */
  sealOld(now: number): Promise<number>
  /** Seals everything with the key that seals now. How many there are; those that cannot be opened are named. */
  sealAnew(now: number): Promise<{ sealed: number; unreadable: string[] }>
}

export function sealSecrets(log: AlertLog, keys: Keys): SealedAlertLog {
  const put = (notifier: StoredNotifier, now: number) => log.putNotifier(sealedNotifier(notifier, keys), now)
  const stored = async () => (await log.load()).notifiers
  return {
    ...log,
    async load() {
      const snapshot = await log.load()
      return { ...snapshot, notifiers: snapshot.notifiers.map((notifier) => openedNotifier(notifier, keys)) }
    },
    putNotifier: put,
    async sealOld(now) {
      const plain = (await stored()).filter(isPlain)
      for (const notifier of plain) await put(notifier, now)
      return plain.length
    },
    async sealAnew(now) {
      const all = (await stored()).filter((n) => Object.keys(n.secrets).length > 0)
      const opened = all.map((notifier) => openedNotifier(notifier, keys))
      const due = opened.filter((n, i) => !n.unreadable && !isSealedNow(all[i], keys))
      for (const notifier of due) await put(notifier, now)
      const unreadable = opened.filter((n) => n.unreadable).map((n) => n.name)
      return { sealed: all.length - unreadable.length, unreadable }
    },
  }
}

const sealedText = ({ secrets }: StoredNotifier): string | null => {
  const text = secrets[SEALED]
  return typeof text === 'string' ? text : null
}
const isPlain = (notifier: StoredNotifier) => sealedText(notifier) === null && Object.keys(notifier.secrets).length > 0
const isSealedNow = (notifier: StoredNotifier, keys: Keys) => {
  const text = sealedText(notifier)
  return text !== null && isCurrent(text, keys)
}

function sealedNotifier({ unreadable: _, ...notifier }: StoredNotifier, keys: Keys): StoredNotifier {
  if (Object.keys(notifier.secrets).length === 0) return notifier
  return { ...notifier, secrets: { [SEALED]: seal(JSON.stringify(notifier.secrets), notifier.id, keys) } }
}

/** One that cannot be opened does not take the others along. */
function openedNotifier(notifier: StoredNotifier, keys: Keys): StoredNotifier {
  const text = sealedText(notifier)
  if (text === null) return notifier
  try {
    return { ...notifier, secrets: JSON.parse(open(text, notifier.id, keys)) as StoredNotifier['secrets'] }
  } catch (error) {
    return { ...notifier, secrets: {}, unreadable: (error as Error).message }
  }
}
