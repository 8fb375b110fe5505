/** What is used often is noted once a minute: everything else would be a write for every look. */
export const NOTED_EVERY_MS = 60_000

/** A list of zones as a column. */
export const zonesText = (zones: readonly string[] | null): string | null => zones && JSON.stringify(zones)
export const zonesOf = (text: string | null): string[] | null => (text === null ? null : (JSON.parse(text) as string[]))
