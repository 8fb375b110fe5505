import { sqliteUnderTest } from './sqlite-under-test.js'
import { crashContract } from './store-contract.js'

crashContract(sqliteUnderTest())
