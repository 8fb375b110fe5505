/**
 * Are the tables laid out as the migrations make them? A letter of a definition that changed on the disk harms nothing that SQLite's
 * own check knows of, and yet a column has another name then.
 */
import { alertLayoutOf, migrateAlerts } from './alerts/layout.js'
import { migrate, type Connection } from './database.js'
import { Database } from './driver/index.js'

/** Names of tables, indexes and triggers that are missing or not as they were made; what else is in the file is somebody's own. */
export function damagedLayout(db: Connection): string[] {
  const found = definitionsOf(db)
  const model = new Database(':memory:')
  try {
    migrate(model)
    // those come when somebody first asks for rules, and are brought up to date by who asks
    if ([...found.keys()].some((name) => name.includes('alert_'))) migrateAlerts(model, alertLayoutOf(db) ?? undefined)
    return [...definitionsOf(model)].filter(([name, sql]) => found.get(name) !== sql).map(([name]) => name)
  } finally {
    model.close()
  }
}

/** By kind and name; spaces do not count. */
function definitionsOf(db: Connection): Map<string, string> {
  const rows = db
    .prepare(
      "select type, name, tbl_name, sql from sqlite_schema where sql is not null and name not like 'sqlite|_%' escape '|'",
    )
    .raw()
    .all() as string[][]
  return new Map(rows.map(([type, name, table, sql]) => [`${type} ${name}`, `${table} ${sql.replace(/\s+/g, ' ')}`]))
}
