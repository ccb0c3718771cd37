import { FAULT, FAULTS, type Field, type Fields, TEXT } from './control.js'
import type { DifyApp, DifyFault } from './dify-settings.js'

/** What tests and people may order the pretended Dify to do. */

interface Scripted {
  /** `*` for every key. */
  readonly key: string
  /** `lookup`: every `GET`, and deleting a conversation. `ask` by default. */
  readonly on?: 'ask' | 'lookup'
}

export interface DifyControls {
  /** Adds an app or changes the given settings. Its key is valid from then on. */
  readonly app: (settings: Partial<DifyApp> & { readonly key: string }) => void
  readonly script: (script: Scripted & { readonly faults: readonly DifyFault[] }) => void
  /** Null removes it. */
  readonly always: (standing: Scripted & { readonly fault: DifyFault | null }) => void
  /** Refuses connections until told otherwise or for a time. Over HTTP only a time makes sense. */
  readonly refuse: (until: { readonly forMs?: number }) => void
  readonly accept: () => Promise<void>
  /** Resolves when no run is under way. */
  readonly settled: () => Promise<void>
  /** Stops all runs and clears calls, scripts and conversations; the apps stay. */
  readonly reset: () => void
}

const ON: Field = {
  is: 'ask or lookup, ask by default',
  fits: (value) => value === undefined || value === 'ask' || value === 'lookup',
}
const FOR_MS: Field = {
  is: 'a number, or nothing',
  fits: (value) => value === undefined || typeof value === 'number',
}
export const DIFY_FIELDS: Readonly<Partial<Record<keyof DifyControls, Fields>>> = {
  app: { key: TEXT },
  script: { key: TEXT, on: ON, faults: FAULTS },
  always: { key: TEXT, on: ON, fault: FAULT },
  refuse: { forMs: FOR_MS },
}
