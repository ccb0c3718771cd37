import { useState } from 'preact/hooks'
import { hueOf, initials, webAddress } from '../../view/links.js'
import { nameOf } from '../../view/list.js'
import type { Conversation } from '../../view/shapes.js'

const HUES = 6

/** The customer's picture, or initials: the addresses of Meta's pictures expire. */
export function Avatar({ of }: { readonly of: Pick<Conversation, 'id' | 'customer'> }) {
  const [failed, setFailed] = useState<string | null>(null)
  const picture = webAddress(of.customer.profile_pic)
  return (
    <span class={`avatar hue-${hueOf(of.id, HUES)}`} aria-hidden="true">
      {picture !== null && picture !== failed ? (
        <img src={picture} alt="" loading="lazy" referrerpolicy="no-referrer" onError={() => setFailed(picture)} />
      ) : (
        initials(nameOf(of))
      )}
    </span>
  )
}
