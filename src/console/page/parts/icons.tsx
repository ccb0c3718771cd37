/** Line icons on a 24 × 24 grid. Their meaning is in the text or label beside them. */

const PATHS = {
  chat: 'M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.500v7a2.5 2.5 0 0 1-2.5 2.500H12l-5 4v-4h-.500A2.5 2.5 0 0 1 4 13.500z',
  letter: 'M4 7l8 6 8-6M5 5h14a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1z',
  pages: 'M9 7V3M15 7V3M7 7h10v4a5 5 0 0 1-10 0zM12 16v5',
  pulse: 'M3 12h4l3-7 4 14 3-7h4',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16.5 16.500L20 20',
  pause: 'M9 6v12M15 6v12',
  play: 'M8 5.500v13l10-6.500z',
  close: 'M6 6l12 12M18 6L6 18',
  check: 'M5 12.500l4.5 4.500L19 7.5',
  clock: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4.500l3 2',
  alert: 'M12 4.500L21 19.500H3zM12 10v4.500M12 17v.2',
  up: 'M7 11v8H4.500v-8zM7 11l4-7c1.5 0 2.3 1 2 2.500L12.5 9.500h5.200c1.3 0 2.1 1.1 1.8 2.300l-1.4 5.700a2 2 0 0 1-2 1.500H7',
  down: 'M17 13V5h2.500v8zM17 13l-4 7c-1.5 0-2.3-1-2-2.500l.5-3H6.300c-1.3 0-2.1-1.1-1.8-2.300L5.9 6.500a2 2 0 0 1 2-1.500H17',
  more: 'M5 11h2v2H5zM11 11h2v2h-2zM17 11h2v2h-2z',
  send: 'M4 12l16-8-5 16-3.5-6.500z',
  back: 'M15 5l-7 7 7 7',
  save: 'M12 4v11M7.5 11l4.5 4.5 4.5-4.500M5 20h14',
  bin: 'M5 7h14M10 7V4.500h4V7M7 7l1 13h8l1-13',
  out: 'M10 5H5v14h5M15 8l4 4-4 4M19 12H9',
  latest: 'M12 5v13M6.5 12.500L12 18l5.5-5.5',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20a7.5 7.5 0 0 1 15 0',
  bot: 'M12 7.500V4M6.5 7.500h11A1.5 1.5 0 0 1 19 9v8a1.5 1.5 0 0 1-1.5 1.500h-11A1.5 1.5 0 0 1 5 17V9a1.5 1.5 0 0 1 1.5-1.500zM9.5 12v1.500M14.5 12v1.5',
  phone:
    'M8.5 3h7A1.5 1.5 0 0 1 17 4.500v15a1.5 1.5 0 0 1-1.5 1.500h-7A1.5 1.5 0 0 1 7 19.500v-15A1.5 1.5 0 0 1 8.5 3zM11 18h2',
  link: 'M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-5.7-5.700l-1 1M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 5.7 5.700l1-1',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  )
}
