/** What people wrote about some zones, or about none in particular; only the former can be changed from here. */
import { RequestError } from '../../api/errors.js'
import type { Annotations } from '../ledger/annotations.js'

export function annotationsOfZones(annotations: Annotations, zones: readonly string[]): Annotations {
  const names = zones.map((zone) => zone.toLowerCase())
  const isOwn = (zone: string | null) => zone !== null && names.includes(zone.toLowerCase())
  const get = async (id: string) => {
    const found = await annotations.get(id)
    return found && (found.zone === null || isOwn(found.zone)) ? found : null
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
    page: (query) => annotations.page({ ...query, zones: names }),
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
