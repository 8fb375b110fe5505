/**
 * So many values of a dimension are told apart on a day, unless a store is told otherwise: those with the most requests; a day with up
 * to twice as many keeps them all. A flood of hosts, paths or agents that come once has no end; beyond this they are counted together.
 * Totals know all of them, and whatever value an answer names is counted exactly; records keep what they came with, and are found by it.
 */
export const NAMED_VALUES = 200_000
