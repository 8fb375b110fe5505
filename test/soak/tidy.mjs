/** A process that does what the writer does in quiet times. Argument: the store's file. */
import { Writer } from '../../dist/schema/sqlite/writer.js'

const writer = new Writer(process.argv[2], 'tidying')
writer.tidyNow()
writer.dispose()
