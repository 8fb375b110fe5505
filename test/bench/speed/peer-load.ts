/** `node peer-load.js duckdb|clickhouse STORE FILE…`: one load by a peer, as a process to be measured from outside. */
import { clickhouse, clickLoad, clickTable, duckdb, duckLoad } from './peers.js'

const [peer, store, ...files] = process.argv.slice(2)
if (peer === 'duckdb') {
  const connection = await duckdb(store)
  await connection.run(duckLoad(files))
  await connection.run('checkpoint')
} else {
  const session = clickhouse(store)
  session.query('create database if not exists bench')
  session.query(clickTable())
  for (const file of files) session.query(clickLoad(file))
}
process.exit(0)
