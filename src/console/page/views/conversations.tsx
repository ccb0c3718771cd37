import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { session } from '../session.js'
import { ConversationList } from './conversation-list.js'
import { ThreadView } from './thread.js'

export function Conversations({ id }: { readonly id: string | null }) {
  return (
    <div class={session.value?.phone ? 'conversations with-phone' : 'conversations'}>
      <ConversationList openId={id} />
      {id === null ? <NothingOpen /> : <ThreadView key={id} id={id} />}
      {session.value?.phone && <PhoneBeside secret={session.value.phone} />}
    </div>
  )
}

function NothingOpen() {
  return (
    <section class="thread empty" aria-label="Conversation">
      <p>Choose a conversation to read it.</p>
    </section>
  )
}

type PhoneView = ComponentType<{ readonly secret: string }>

/** Loaded in the demo only. */
function PhoneBeside({ secret }: { readonly secret: string }) {
  const [Phone, setPhone] = useState<PhoneView | null>(null)
  useEffect(() => {
    import('./phone.js').then(({ Phone }) => setPhone(() => Phone))
  }, [])
  return Phone === null ? null : <Phone secret={secret} />
}
