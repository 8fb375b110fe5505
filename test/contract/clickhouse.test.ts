import { needsEngine } from '../needs.js'
import { EVERYTHING, serverUnderTest } from './clickhouse-under-test.js'
import { storeContract } from './store-contract.js'

if (needsEngine('chdb'))
  storeContract(serverUnderTest(), EVERYTHING ? undefined : ['batches', 'whole batches', 'duplicates', 'writers'])
