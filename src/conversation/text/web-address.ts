/** What Meta's attachments are; whatever else an item names (`file:`, `data:`) is not handed on. */
export function isWebAddress(url: string | null): url is string {
  return url !== null && /^\s*https?:\/\//i.test(url)
}
