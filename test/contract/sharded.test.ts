import { CLUSTER } from '../clickhouse/server.js'
import { needsEngine } from '../needs.js'
import { EVERYTHING, serverUnderTest } from './clickhouse-under-test.js'
import { storeContract } from './store-contract.js'

// tables over shards, of which there is one here: what a question may ask of them, and where rows go and are taken out
if (needsEngine('chdb'))
  storeContract(
    {
      ...serverUnderTest(`&cluster=${CLUSTER}&sharded=true`),
      name: 'ClickHouse over shards',
      ...(EVERYTHING ? { skips: { 'a backup taken while writing opens and answers': 'a cluster copies itself' } } : {}),
    },
    EVERYTHING ? undefined : ['batches', 'whole batches', 'duplicates', 'deletion'],
  )
