import { needsEngine, needsPostgres } from '../needs.js'
import { EVERYTHING, manyNodesUnderTest } from './clickhouse-under-test.js'
import { storeContract } from './store-contract.js'

// what the ledger has to do with; the rest is kept by the records, whose engine is the same
if (needsEngine('chdb') && needsPostgres())
  storeContract(
    manyNodesUnderTest(),
    EVERYTHING ? undefined : ['batches', 'whole batches', 'ledger', 'alerts', 'writers'],
  )
