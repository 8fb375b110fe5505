/**
 * What people wrote about some zones, or about none in particular; only the former can be changed from here. A host tells the zone
 * where nobody said it: a zone is a domain.
 */
import { RequestError } from '../../api/errors.js'
import type { Annotations } from '../ledger/annotations.js'

export function annotationsOfZones(annotations: Annotations, zones: readonly string[]): Annotations {
  const names = zones.map((zone) => zone.toLowerCase())
  const isOwn = (zone: string | null) => zone !== null && names.includes(zone.toLowerCase())
  const isWithin = (host: string) => names.some((name) => host === name || host.endsWith(`.${name}`))
  const isSeen = ({ zone, host }: { zone: string | null; host: string | null }) =>
    zone === null ? host === null || isWithin(host.toLowerCase()) : isOwn(zone)
  const get = async (id: string) => {
    const found = await annotations.get(id)
    return found && isSeen(found) ? found : null
  }
  const checkOwn = (zone: string | null) => {
    if (!isOwn(zone)) {
      const message = `This access is limited to the zones ${names.join(', ')}: say "zone", one of them.`
      throw new RequestError(403, 'OTHER_ZONES', message)
    }
  }
  return {
    get,
    async create(annotation) {
      checkOwn(annotation.zone)
      return annotations.create(annotation)
    },
    async page(query) {
      const { items, next } = await annotations.page({ ...query, zones: names })
      return { items: items.filter(isSeen), next }
    },
    async change(id, to) {
      const before = await get(id)
      if (!before) return null
      checkOwn(before.zone)
      checkOwn(to.zone)
      return annotations.change(id, to)
    },
    async remove(id) {
      const before = await get(id)
      if (!before) return false
      checkOwn(before.zone)
      return annotations.remove(id)
    },
  }
}
