/** How many items the lists of a state hold at the most. */
export const CAPS = {
  /** Concurrent pauses: people's messages, operators, handovers. */
  causes: 8,
  flags: 50,
  /** More than two at a time are an exception: a run's echoes arrive within seconds. */
  spoken: 4,
  /** For the parts of one answer and the messages of a run. */
  flagUses: 24,
  sent: 50,
  unclaimed: 24,
  /** Nobody reads an answer to more than this; further messages are only kept in the history. */
  waiting: 100,
  setAside: 100,
  asked: 10,
  early: 10,
  /** About twenty of the longest messages that the API accepts. */
  parts: 500,
  partsSetAside: 500,
  dead: 50,
  /** More than a conversation's keyed messages of a day; above the cap the oldest key is forgotten early. */
  posts: 200,
} as const
