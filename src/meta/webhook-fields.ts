import type { Platform } from '../conversation/channel.js'

/** The webhook fields that an account is subscribed to: everything about messages. */
export const WEBHOOK_FIELDS: Readonly<Record<Platform, readonly string[]>> = {
  // Echoes come with `messages`.
  instagram: ['messages', 'messaging_postbacks', 'message_reactions', 'messaging_seen', 'messaging_referral'],
  facebook: [
    ...['messages', 'message_echoes', 'messaging_postbacks', 'message_reactions'],
    ...['message_reads', 'message_edits', 'messaging_referrals', 'standby'],
  ],
}
