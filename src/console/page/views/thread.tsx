import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { type Item, itemsOf } from '../../view/thread.js'
import { createCalendar } from '../../view/time.js'
import { Icon } from '../parts/icons.js'
import { happenings, loadNewer, loadOlder, openThread, thread, threadProblem } from '../thread-state.js'
import { Composer } from './composer.js'
import { MessageItem } from './message.js'
import { ThreadHead } from './thread-head.js'

const calendar = createCalendar()

export function ThreadView({ id }: { readonly id: string }) {
  const problem = threadProblem.value
  if (problem !== null && thread.value.messages.length === 0) {
    return (
      <section class="thread empty" aria-label="Conversation">
        <p>{problem.status === 404 ? 'Nothing is known of this conversation (any more).' : problem.message}</p>
        <a class="button" href="#/">
          Back to the list
        </a>
      </section>
    )
  }
  return (
    <section class="thread" aria-label="Conversation">
      <ThreadHead id={id} />
      <Messages id={id} />
      <Composer id={id} />
    </section>
  )
}

const AT_BOTTOM_PX = 40
const NEAR_EDGE_PX = 700

function Messages({ id }: { readonly id: string }) {
  const { value: shown } = thread
  const items = useMemo(() => itemsOf(shown, happenings.value, calendar.isSameDay), [shown, happenings.value])
  const box = useRef<HTMLDivElement>(null)
  const inner = useRef<HTMLOListElement>(null)
  /** The scroll position: either at the newest message, or fixed to a message while others load above it. */
  const place = useRef({ sticks: true, key: '', top: 0 })
  const [sticks, setSticks] = useState(true)

  function remember(): void {
    const { scrollTop, scrollHeight, clientHeight } = box.current!
    const isAtEnd = scrollHeight - scrollTop - clientHeight < AT_BOTTOM_PX && thread.value.reachesEnd
    const first = [...inner.current!.children].find((each) => {
      const { offsetTop, offsetHeight, dataset } = each as HTMLElement
      return dataset['key'] !== undefined && offsetTop + offsetHeight > scrollTop
    }) as HTMLElement | undefined
    place.current = { sticks: isAtEnd, key: first?.dataset['key'] ?? '', top: (first?.offsetTop ?? 0) - scrollTop }
    setSticks(isAtEnd)
  }

  function settle(): void {
    const { current } = box
    if (current === null) return
    const { sticks, key, top } = place.current
    if (sticks) current.scrollTop = current.scrollHeight
    else {
      const anchor = [...inner.current!.children].find((each) => (each as HTMLElement).dataset['key'] === key)
      if (anchor !== undefined) current.scrollTop = (anchor as HTMLElement).offsetTop - top
    }
  }

  function onScroll(): void {
    remember()
    const { scrollTop, scrollHeight, clientHeight } = box.current!
    if (scrollTop < NEAR_EDGE_PX) loadOlder()
    if (scrollHeight - scrollTop - clientHeight < NEAR_EDGE_PX) loadNewer()
  }

  useLayoutEffect(settle, [items])
  useEffect(() => {
    // Images load late, and windows are resized: both change the height.
    const watcher = new ResizeObserver(settle)
    watcher.observe(inner.current!)
    watcher.observe(box.current!)
    return () => watcher.disconnect()
  }, [])

  async function toLatest(): Promise<void> {
    place.current = { ...place.current, sticks: true }
    setSticks(true)
    if (!thread.value.reachesEnd) await openThread(id, true)
    settle()
  }

  return (
    <div class="messages-frame">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by keyboard too */}
      <div class="messages" ref={box} onScroll={onScroll} tabIndex={0} role="log" aria-label="Messages">
        <ol ref={inner}>
          {shown.reachesStart && items.length > 0 && <li class="edge">The conversation begins here.</li>}
          {items.map((item) => (
            <ItemView key={item.key} item={item} />
          ))}
        </ol>
      </div>
      {!sticks && (
        <button type="button" class="button latest" onClick={toLatest}>
          <Icon name="latest" /> Latest
        </button>
      )}
    </div>
  )
}

function ItemView({ item }: { readonly item: Item }) {
  switch (item.is) {
    case 'day':
      return (
        <li class="day">
          <span>{calendar.day(item.at, Date.now())}</span>
        </li>
      )
    case 'line':
      return (
        <li class={item.silent ? 'line silent' : 'line'}>
          <span>
            <Icon name={item.silent ? 'person' : 'bot'} /> {item.words}
            <time dateTime={new Date(item.at).toISOString()}>{calendar.clock(item.at)}</time>
          </span>
        </li>
      )
    case 'message':
      return <MessageItem message={item.message} isFirst={item.isFirst} name={customerName(item.message.customer)} />
  }
}

function customerName({ name, username }: { readonly name: string | null; readonly username: string | null }): string {
  return name ?? (username === null ? 'Customer' : `@${username}`)
}
