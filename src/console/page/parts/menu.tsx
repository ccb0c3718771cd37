import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'

/** A button that opens a menu; Escape or a click outside closes it. */
export function Menu(props: {
  readonly label: ComponentChildren
  readonly name?: string
  readonly class?: string
  readonly children: ComponentChildren
}) {
  const [isOpen, setOpen] = useState(false)
  const id = useId()
  const box = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (!isOpen) return
    const away = (event: Event): void => {
      if (!box.current?.contains(event.target as Node)) setOpen(false)
    }
    document.addEventListener('pointerdown', away)
    document.addEventListener('focusin', away)
    return () => {
      document.removeEventListener('pointerdown', away)
      document.removeEventListener('focusin', away)
    }
  }, [isOpen])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape is heard wherever the focus is within
    <div
      class="menu"
      ref={box}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !isOpen) return
        event.stopPropagation()
        setOpen(false)
        button.current?.focus()
      }}
    >
      <button
        type="button"
        ref={button}
        class={props.class ?? 'button'}
        aria-label={props.name}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        {props.label}
      </button>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: a button within was pressed, by whatever means */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: as above */}
      <div id={id} class="menu-items" hidden={!isOpen} onClick={() => setOpen(false)}>
        {props.children}
      </div>
    </div>
  )
}
