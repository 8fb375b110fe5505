import { en, type Words } from './en.js'
export const fr: Words = { ...en, name: 'Français' }
