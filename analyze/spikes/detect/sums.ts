/**
 * The numbers of a minute by their place: minutes are looked at by the ten million, and numbers that go from one function to the next
 * as arguments or in objects are allocated one by one, those in an array are not.
 */

/** What was judged, and the same without its bursts; */
export const SEEN = 0
export const CALM = 1
/** requests behind it, and clients that are new to it; */
export const ALL = 2
export const NEWCOMERS = 3
/** requests due, and what the habit of the time adds; */
export const EXPOSURE = 4
export const HABIT = 5
/** minutes with data, and minutes of extraordinary traffic; */
export const DATA = 6
export const ODD = 7
/** requests of visitors. */
export const REQUESTS = 8
/** How many there are. */
export const SUMS = 9
