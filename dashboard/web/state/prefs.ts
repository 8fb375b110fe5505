/** What this reader likes on this machine. The address wins over what is stored here. */
import { createStore } from './store.js'

export type Theme = 'auto' | 'light' | 'dark'

function read(name: string): string | null {
  try {
    return localStorage.getItem(`faultline.${name}`)
  } catch {
    return null // storage is switched off: nothing is remembered, everything works
  }
}

export function remember(name: 'theme' | 'lang' | 'tz' | 'keys', value: string): void {
  try {
    localStorage.setItem(`faultline.${name}`, value)
  } catch {
    /* see above */
  }
}

export const storedLang = (): string | null => read('lang')
export const storedZone = (): string | null => read('tz')

const dark = matchMedia('(prefers-color-scheme: dark)')
const isTheme = (t: string | null): t is Theme => t === 'auto' || t === 'light' || t === 'dark'
const asked = new URLSearchParams(location.search).get('theme')
const stored = read('theme')

export const theme = createStore<Theme>(isTheme(asked) ? asked : isTheme(stored) ? stored : 'auto')
/** What is shown: changes with the choice and with the system. Charts watch it to be drawn again. */
export const shownTheme = createStore<'light' | 'dark'>('light')

function show(): void {
  const next = theme.get() === 'auto' ? (dark.matches ? 'dark' : 'light') : (theme.get() as 'light' | 'dark')
  document.documentElement.dataset.theme = next
  shownTheme.set(next)
}
show()
dark.addEventListener('change', show)

// paper is light; the charts are drawn again for it
addEventListener('beforeprint', () => {
  document.documentElement.dataset.theme = 'light'
  shownTheme.set('light')
})
addEventListener('afterprint', show)

export function setTheme(next: Theme): void {
  theme.set(next)
  remember('theme', next)
  show()
}

/** Single keys do something: whoever speaks to the machine, or trembles, switches them off. */
export const singleKeys = createStore(read('keys') !== 'off')

export function setSingleKeys(on: boolean): void {
  singleKeys.set(on)
  remember('keys', on ? 'on' : 'off')
}

export const calm = matchMedia('(prefers-reduced-motion: reduce)')
