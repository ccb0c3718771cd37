/** Meta's attachments are http(s); other schemes (`file:`, `data:`) are dropped. */
export function isWebAddress(url: string | null): url is string {
  return url !== null && /^\s*https?:\/\//i.test(url)
}
