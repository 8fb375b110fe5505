/**
 * What the scanner and its host agree on: kinds of fields, dictionaries, and where things lie in the scanner's memory.
 * Compiled twice, by TypeScript for the host and by AssemblyScript for the scanner: plain constants only.
 */

// How the value of a known name is taken. Whatever does not fit makes the line an odd one, read by the slow reader.
/** not known: checked to be JSON and passed over */
export const SKIP = 0
/** dictionary-coded whatever its type */
export const ANY = 1
/** dictionary-coded; a string, number or literal */
export const SCALAR = 2
/** a string: kept for the identity too, and dictionary-coded where a dictionary is given */
export const TEXT = 3
/** 0 to 999 */
export const STATUS = 4
/** a number, not negative */
export const AMOUNT = 5
/** the same without a fraction */
export const WHOLE = 6
/** a moment, to milliseconds */
export const TIME = 7
/** 16 lower-case hex digits */
export const RAY = 8
/** dictionary-coded string; one of zeros only counts as absent */
export const PARENT = 9
/** no value: the closing brace of the line */
export const END = 10
/** a name that the scanner has no way for: always an odd line */
export const ODD = 11
/** a list that is empty or absent; any other makes the line an odd one */
export const NOTHING = 12

// Dictionaries. The first have a column each: those that the scanner knows by name, then those of plain fields, which the
// host numbers from PLAIN on and of which the scanner knows nothing else.
export const HOST = 0
export const PATH = 1
export const QUERY = 2
export const CLIENT_IP = 3
export const USER_AGENT = 4
export const PARENT_RAY = 5
/** one token per distinct set of facts that a source decision rests on: [edge status + 1, origin status + 1, …, parent] */
export const FACTS = 6
export const PLAIN = 7
export const MAX_COLUMNS = 24
// Parts of the facts.
export const CACHE_STATUS = 24
export const REQUEST_SOURCE = 25
export const PATHING_OP = 26
export const PATHING_SRC = 27
export const WORKER_STATUS = 28
export const WORKER_SUBREQUEST = 29
/** one token per distinct set of the twelve security values */
export const SECURITY = 30
/** the twelve dictionaries of the security names */
export const SECURITY_PARTS = 31
export const SECURITY_COUNT = 12
/** the names that are read, folded: a token's number = number of the field + 1 */
export const NAMES = 43
/** the bytes between two values: `,"ClientIP":` */
export const GLUE = 44
export const DICTIONARIES = 45
export const NONE = 255

// The line at hand: tokens (u32) by slot. Slots below MAX_COLUMNS belong to the dictionary of the same number.
/** values that stand in where a column's own is absent: a slot for each */
export const SLOT_STAND_INS = 24
export const MAX_STAND_INS = 8
/** takes what nobody asks for */
export const SLOT_NOWHERE = 32
/** 12 slots, a multiple of four from the start */
export const SLOT_SECURITY = 36
/** 12 slots: the facts */
export const SLOT_FACTS = 48
export const FACT_EDGE_STATUS = 0
export const FACT_ORIGIN_STATUS = 1
export const FACT_CACHE_STATUS = 2
export const FACT_REQUEST_SOURCE = 3
export const FACT_PATHING_OP = 4
export const FACT_PATHING_SRC = 5
export const FACT_WORKER_STATUS = 6
export const FACT_WORKER_SUBREQUEST = 7
export const FACT_SECURITY = 8
export const FACT_PARENT = 9
export const FACT_SLOTS = 12
export const SLOTS = 60

// Numbers of the line at hand: f64, NaN where absent. Those of plain measures first, numbered by the host.
export const MAX_PLAIN_NUMBERS = 4
export const START = 4
export const FINISH = 5
export const ORIGIN_DURATION = 6
export const ORIGIN_TIME = 7
export const NUMBER_NOWHERE = 8
export const SAMPLE_INTERVAL = 9
export const NUMBERS = 10

// Texts of the line at hand: position and length in bytes, quotes counted; the top bit of the length tells of escapes.
export const TEXT_HOST = 0
export const TEXT_URI = 1
export const TEXT_PATH = 2
export const TEXT_CLIENT_IP = 3
export const TEXT_NOWHERE = 4
export const TEXTS = 6

// What a call of scan() came to.
export const DONE = 0
/** one line for the slow reader, then go on behind it */
export const ODD_LINE = 1
/** more rows than a block may hold */
export const FULL = 2

export const MAX_ROWS = 65_535

// Memory, in bytes from its start; what lies in it is little-endian.
/** u32: where the odd line stands, how many lines and rows the block has, how many names were seen */
export const STATE_LINE_START = 1_024
export const STATE_LINE_END = 1_028
export const STATE_LINES = 1_032
export const STATE_ROWS = 1_036
export const STATE_SEEN_COUNT = 1_040
/** the numbers of the names, u32, in the order in which they were first seen in the block */
export const SEEN = 1_088
/** u32: how many columns, plain numbers and stand-ins there are; then of each stand-in the slot that it is for, and its own */
export const PLAN_COLUMNS = 1_408
export const PLAN_NUMBERS = 1_412
export const PLAN_STAND_INS = 1_416
export const STAND_INS = 1_420
/** the line at hand, and what it is before it is read */
export const CURRENT = 2_048
export const CURRENT_BYTES = 384
export const FRESH = 2_560
export const MASKS = 3_072
/** eight bytes a name: kind, dictionary, slot, number, text, which of Cloudflare's names it means */
export const FIELDS = 4_096
export const FIELD_BYTES = 8
export const MAX_NAMES = 512
export const DICTIONARY = 8_192
export const DICTIONARY_BYTES = 32
/** the last sets of security values and of facts */
export const LAST_SETS = 16_384
/** bytes put together for the identity hash */
export const HASHED = LAST_SETS + 128
export const HASHED_BYTES = 32_640
/** a path or query cut out of a URI */
export const CUT = HASHED + HASHED_BYTES + 128
/** a line of at most 1 MiB, or many shorter ones, and 64 KiB to look beyond the end */
export const INPUT = 65_536
const INPUT_BYTES = 17 * 65_536
/** JSON of a record that stood inside a line, and 64 KiB to look beyond its end */
export const RECORD = INPUT + INPUT_BYTES
export const RECORD_BYTES = 3 * 65_536
/**
 * Columns are written side by side, row by row. Were they apart by a power of two, all their rows would fall into one
 * corner of the processor's cache; so each begins a few cache lines further on.
 */
const APART = 192
/** f64 a row: the plain measures, then time, what is made of two values, and the record's own sample interval */
export const NUMBER_COLUMNS = RECORD + RECORD_BYTES + 65_536
export const NUMBER_COLUMN_BYTES = 8 * 65_536 + APART
export const TIME_COLUMN = 4
export const ORIGIN_DURATION_COLUMN = 5
export const TOTAL_COLUMN = 6
export const SAMPLE_INTERVAL_COLUMN = 7
export const MAX_NUMBER_COLUMNS = 8
/** two u32 a row */
export const RAY_COLUMN = NUMBER_COLUMNS + MAX_NUMBER_COLUMNS * NUMBER_COLUMN_BYTES
export const IDENTITY_COLUMN = RAY_COLUMN + 8 * 65_536 + APART
/** u16 a row */
export const CODE_COLUMNS = IDENTITY_COLUMN + 8 * 65_536 + APART
export const CODE_COLUMN_BYTES = 2 * 65_536 + APART
export const NODES = CODE_COLUMNS + MAX_COLUMNS * CODE_COLUMN_BYTES
export const MAX_NODES = 2_048
export const NODE_BYTES = 128
/** u32: nodes by a hash of their key, a power of two of them */
export const BY_KEY = NODES + NODE_BYTES * MAX_NODES
export const BY_KEY_SLOTS = 4_096
/** tables of dictionaries, and tokens that are kept from block to block: a token is its number, length and place in the block, then its bytes */
export const HEAP = BY_KEY + 4 * BY_KEY_SLOTS
export const TOKEN_BYTES = 16
/** set in a token's length: a string of ASCII without escapes */
export const PLAIN_BIT = 31
/** tokens of the block, to the end of memory */
export const BLOCK_TOKENS = HEAP + 48 * 1_048_576
