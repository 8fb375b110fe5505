/** Only what is drawn travels to the browser. */
import {
  BarController,
  BarElement,
  Chart,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
} from 'chart.js'
import annotation from 'chartjs-plugin-annotation'

Chart.register(BarController, BarElement, LineController, LineElement, PointElement, LinearScale, Filler, annotation)

// Figures that move while someone reads them are harder to read; also what prefers-reduced-motion asks for.
Chart.defaults.animation = false
Chart.defaults.events = []
Chart.defaults.maintainAspectRatio = false

export { Chart }
