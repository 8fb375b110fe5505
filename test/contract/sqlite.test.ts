import { sqliteUnderTest } from './sqlite-under-test.js'
import { storeContract } from './store-contract.js'

storeContract(sqliteUnderTest())
