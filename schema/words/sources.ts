/** Who wrote the status that the visitor got. */
export const SOURCES = ['client', 'edge', 'origin-failure', 'cache', 'worker', 'origin', 'undetermined'] as const
export type Source = (typeof SOURCES)[number]
