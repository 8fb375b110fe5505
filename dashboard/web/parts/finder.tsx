import { change } from '../state/router.js'

/** Narrows the list below it to what has these words; they stand in the address. */
export function Finder({ label, value }: { label: string; value: string }) {
  return (
    <label class="finder small-finder">
      <span class="unseen">{label}</span>
      <input
        type="search"
        data-opens="filter"
        value={value}
        placeholder={label}
        onInput={(e) => change({ search: e.currentTarget.value }, 'replace')}
      />
    </label>
  )
}
