/**
 * Which files of tests begin first: those that take long, so that at the end no worker waits for one of them. vitest knows how long they took
 * the last time; a clean clone does not, and goes by the size of a file, which says little of a walk through crashes.
 */
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const LONG = [
  'contract/sqlite.test',
  'contract/sqlite-crashes',
  'contract/chdb',
  'contract/clickhouse-crashes',
  'contract/many-nodes',
  'nodes/nodes',
  'dashboard/browser/',
  'main/',
  'detect/quality',
  'spikes/told-truly',
  'ingest/inputs/',
  'ingest/shape/cases',
  'contract/',
  'clickhouse/',
  'app/',
  'analyze/spikes/',
  'analyze/alerts/',
  'growing',
  'ingest/',
]

const placeOf = ({ moduleId }: TestSpecification): number => {
  const place = LONG.findIndex((part) => moduleId.includes(`/test/${part}`))
  return place < 0 ? LONG.length : place
}

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const known = await super.sort(files)
    const isKnown = files.some(({ moduleId }) => this.took(moduleId) !== undefined)
    return isKnown ? known : known.sort((a, b) => placeOf(a) - placeOf(b))
  }

  private took(moduleId: string): number | undefined {
    return this.ctx.cache.getFileTestResults(`:${moduleId.slice(this.ctx.config.root.length + 1)}`)?.duration
  }
}
