import { needsEngine } from '../needs.js'
import { chdbUnderTest } from './clickhouse-under-test.js'
import { storeContract } from './store-contract.js'

if (needsEngine('chdb')) storeContract(chdbUnderTest())
