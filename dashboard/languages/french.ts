/** What French says before a time: « depuis 14:05 », mais « depuis le 27 nov., 14:05 ». */

const beginsWithDay = (time: string): boolean => /^\d{1,2}(er)?[ \u00a0\u202f]\p{L}/u.test(time)

export const sinceWhen = (time: string): string => (beginsWithDay(time) ? `depuis le ${time}` : `depuis ${time}`)
export const untilWhen = (time: string): string => (beginsWithDay(time) ? `jusqu’au ${time}` : `jusqu’à ${time}`)
export const atWhen = (time: string): string => (beginsWithDay(time) ? `le ${time}` : `à ${time}`)
export const ofWhen = (time: string): string => (beginsWithDay(time) ? `du ${time}` : `à ${time}`)
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
