/** Only what is drawn travels to the browser: Chart.js' axes, and what stands between them. */
import { Chart, LinearScale } from 'chart.js'
import { DrawnController, NoElement } from './drawn.js'

Chart.register(DrawnController, NoElement, LinearScale)

// Figures that move while someone reads them are harder to read; also what prefers-reduced-motion asks for.
Chart.defaults.animation = false
Chart.defaults.events = []
Chart.defaults.maintainAspectRatio = false

export { Chart }
