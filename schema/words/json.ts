/** What can be written as JSON and read back the same. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
