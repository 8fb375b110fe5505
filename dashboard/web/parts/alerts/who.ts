/** The reader's name, for acknowledging and silencing: asked once, remembered on this machine. */
const key = 'faultline.name'

export function knownName(): string {
  try {
    return localStorage.getItem(key) ?? ''
  } catch {
    return '' // storage is switched off
  }
}

export function rememberName(name: string): void {
  try {
    localStorage.setItem(key, name.trim())
  } catch {
    /* see above */
  }
}
