import { needsEngine } from '../needs.js'
import { serverUnderTest } from './clickhouse-under-test.js'
import { crashContract } from './store-contract.js'

if (needsEngine('chdb')) crashContract({ ...serverUnderTest(), skips: {} })
