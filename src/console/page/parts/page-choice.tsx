import { channels } from '../state.js'

/** Chooses a page, or all of them with ''; hidden while there is only one. */
export function PageChoice({ page, onChoice }: { readonly page: string; readonly onChoice: (page: string) => void }) {
  if (channels.value.length <= 1) return null
  return (
    <select aria-label="Which page" value={page} onChange={({ currentTarget }) => onChoice(currentTarget.value)}>
      <option value="">All pages</option>
      {channels.value.map(({ id, name }) => (
        <option key={id} value={id}>
          {name ?? id}
        </option>
      ))}
    </select>
  )
}
