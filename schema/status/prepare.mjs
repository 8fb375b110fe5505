/** Part of the build: checks the catalogue and keeps its files as one for a quick start. */
import { prepareCatalogue } from '../../dist/schema/status/catalogue.js'

prepareCatalogue()
