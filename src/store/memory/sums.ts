/** What all conversations together hold. */
export interface Sums {
  conversations: number
  historyBytes: number
  /** Of the texts of open work. */
  openBytes: number
  withDeadLetters: number
}
