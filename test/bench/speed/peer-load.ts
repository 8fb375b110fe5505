/** `node peer-load.js duckdb|clickhouse STORE text|number|both FILE…`: one load by a peer, as a process to be measured from outside. */
import { clickhouse, clickLoad, clickTable, duckdb, duckLoad, type Moments } from './peers.js'

const [peer, store, how, ...files] = process.argv.slice(2)
const moments = how as Moments
if (peer === 'duckdb') {
  const connection = await duckdb(store)
  await connection.run(duckLoad(files, moments))
  await connection.run('checkpoint')
} else {
  const session = clickhouse(store)
  session.query('create database if not exists bench')
  session.query(clickTable(moments))
  for (const file of files) session.query(clickLoad(file, moments))
}
process.exit(0)
