import { en, type Words } from './en.js'
export const zh: Words = { ...en, name: '中文' }
