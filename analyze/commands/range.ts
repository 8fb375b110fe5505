/** The range that is asked about; read by the code that reads it for the API. */
import { text } from '../../schema/command-line/option.js'

export const RANGE = {
  from: text({
    description: 'start, included: ISO 8601 or epoch ms; the first record by default',
    placeholder: 'T',
  }),
  to: text({ description: 'end, excluded: ISO 8601 or epoch ms; the last record by default', placeholder: 'T' }),
}
