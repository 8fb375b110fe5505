/** Secrets of notifiers, for every channel by the marks of its settings. */
import { describe, expect, it } from 'vitest'
import { checkNotifier } from '../../../analyze/alerts/notices/check-notifier.js'
import { notifierView } from '../../../analyze/alerts/routes/views.js'
import { CHANNELS } from '../../../analyze/notifiers/index.js'
import type { Setting } from '../../../analyze/notifiers/settings.js'

/** A value of each kind; what is secret of it is recognisable. */
function valueFor({ kind, name, secret }: Setting, place = 'one'): unknown {
  const text = secret ? `SECRET-${name}-of-the-house` : name
  switch (kind) {
    case 'url':
      return `https://${place}.example.com/${text}`
    case 'number':
      return 2525
    case 'boolean':
      return true
    case 'list':
      return ['ops@example.com']
    case 'headers':
      return { 'X-Key': text }
    case 'text':
      return name === 'host' ? `${place}.example.com` : text
  }
}

const codeOf = (work: () => unknown): string | null => {
  try {
    work()
    return null
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe.each(CHANNELS.map((channel) => [channel.type, channel] as const))('the secrets of %s', (type, channel) => {
  const all = Object.fromEntries(channel.settings.map((s) => [s.name, valueFor(s)]))
  const { notifier } = checkNotifier({ name: 'n', type, settings: all }, null)
  const secrets = channel.settings.filter((s) => s.secret)
  const places = channel.settings.filter((s) => s.destination && s.kind !== 'number')
  const follow = secrets.filter((s) => !s.destination)

  it('are apart from the settings, and never shown', () => {
    expect(Object.keys(notifier.secrets)).toEqual(secrets.map((s) => s.name))
    expect(JSON.stringify(notifier.settings)).not.toContain('SECRET')
    const view = notifierView(notifier, undefined)
    expect(JSON.stringify(view)).not.toContain('SECRET')
    for (const { name } of secrets) expect(view.secrets[name]).toMatch(/…|••••/)
  })

  it('stay when they are left out, and go with null', () => {
    const same = checkNotifier({ name: 'n', type, settings: {} }, notifier)
    expect(same).toEqual({ notifier, dropped: [] })
    for (const { name, required } of secrets) {
      const draft = { name: 'n', type, settings: { [name]: null } }
      if (required) expect(codeOf(() => checkNotifier(draft, notifier))).toBe('MISSING_SETTING')
      else expect(checkNotifier(draft, notifier).notifier.secrets[name]).toBeUndefined()
    }
  })

  it.each(places.map((s) => [s.name, s] as const))('do not follow when "%s" names another place', (name, place) => {
    const moved = { name: 'n', type, settings: { [name]: valueFor(place, 'elsewhere') } }
    if (follow.some((s) => s.required)) expect(codeOf(() => checkNotifier(moved, notifier))).toBe('MISSING_SETTING')
    else {
      const { notifier: after, dropped } = checkNotifier(moved, notifier)
      expect(dropped).toEqual(follow.map((s) => s.name))
      expect(Object.keys(after.secrets)).toEqual(secrets.filter((s) => s.destination).map((s) => s.name))
    }
    const given = Object.fromEntries(follow.map((s) => [s.name, valueFor(s)]))
    const { notifier: again, dropped } = checkNotifier(
      { ...moved, settings: { ...moved.settings, ...given } },
      notifier,
    )
    expect(dropped).toEqual([])
    expect(Object.keys(again.secrets).sort()).toEqual(secrets.map((s) => s.name).sort())
  })

  it('follow within one place', () => {
    for (const { name, kind } of places.filter((s) => s.kind === 'url')) {
      const draft = { name: 'n', type, settings: { [name]: 'https://one.example.com/another-path' } }
      expect([kind, checkNotifier(draft, notifier).dropped]).toEqual(['url', []])
    }
  })

  it('are asked for again where their protection is given up', () => {
    for (const { name, protects } of channel.settings.filter((s) => s.protects !== null)) {
      const strict = checkNotifier(
        { name: 'n', type, settings: { [name]: protects } },
        {
          ...notifier,
          settings: { ...notifier.settings, [name]: protects },
        },
      ).notifier
      const loose = { name: 'n', type, settings: { [name]: !protects } }
      expect(codeOf(() => checkNotifier(loose, strict))).toBe(follow.length > 0 ? 'SECRET_NEEDED' : null)
      const given = Object.fromEntries(follow.map((s) => [s.name, valueFor(s)]))
      const draft = { ...loose, settings: { ...loose.settings, ...given } }
      expect(checkNotifier(draft, strict).notifier.settings[name]).toBe(!protects)
      // the other way round is always welcome
      expect(
        codeOf(() =>
          checkNotifier({ name: 'n', type, settings: { [name]: protects } }, checkNotifier(draft, strict).notifier),
        ),
      ).toBeNull()
    }
  })

  it('have a label and a help in every language, and so has everything else it asks for', () => {
    for (const words of Object.values(channel.words)) {
      expect(words.about).not.toBe('')
      expect(Object.keys(words.settings)).toEqual(channel.settings.map((s) => s.name))
      for (const { label, help } of Object.values(words.settings)) expect(label !== '' && help !== '').toBe(true)
    }
  })
})
