/** A network as filters have it: the texts that its addresses begin with. Pure, for the page as well. */

/**
 * Patterns that mean the addresses of `192.0.2.0/24` or `2001:db8:1::/48` and no others, as RFC 5952 writes addresses: a run of
 * zeros is written `::`, a single one `0`, so that a network which ends in zeros has two.
 */
export function patternsOf(network: string): string[] {
  const [address] = network.split('/')
  if (!address.includes(':')) return [`${address.split('.').slice(0, 3).join('.')}.*`]
  const written = address
    .split('::')[0]
    .split(':')
    .filter((group) => group !== '')
  const groups = [...written, '0', '0', '0'].slice(0, 3)
  const full = `${groups.join(':')}:*`
  if (groups[2] !== '0') return [full]
  const kept = groups.slice(0, groups[1] === '0' ? (groups[0] === '0' ? 0 : 1) : 2)
  return [`${kept.join(':')}::*`, full]
}
