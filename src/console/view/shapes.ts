import type { ChannelShape, ConversationShape, DeadLetterShape, MessageShape } from '../../http/shapes.js'

/** The API's responses as the console reads them; an older router may leave fields out. */

export interface LastMessage {
  readonly type: MessageShape['type']
  readonly content: string | null
  readonly created_at: string | null
}

export type Conversation = ConversationShape & { readonly last_message?: LastMessage | null }

export type Message = MessageShape & {
  readonly feedback?: Feedback
  readonly feedback_comment?: string | null
  readonly transcription?: string | null
}

export type Feedback = 'positive' | 'negative' | null
export type DeadLetter = DeadLetterShape
export type Channel = ChannelShape

/** A frame of `/ws`. */
export type Frame =
  | {
      readonly type: 'chat_message' | 'message_status'
      readonly id: string
      readonly conversation_id: string
      readonly data: { readonly message: Message }
    }
  | {
      readonly type: 'conversation_status'
      readonly id: string
      readonly conversation_id: string
      readonly data: Conversation
    }
  | { readonly type: 'gap' }
