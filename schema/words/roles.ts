/** What somebody may do here. */

/**
 * `ingest` sends logs and nothing else · `read` looks at everything but secrets · `operate` also changes rules, silences,
 * annotations, and takes batches out again · `admin` also decides who may come in.
 */
export const ROLES = ['ingest', 'read', 'operate', 'admin'] as const
export type Role = (typeof ROLES)[number]
