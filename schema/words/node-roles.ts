/** What one of several nodes of a Faultline does. */
export const ROLES_OF_NODES = ['all', 'ingest', 'web'] as const
export type NodeRole = (typeof ROLES_OF_NODES)[number]
