/** What a Temporal server stores of a history, as text: bytes are decoded. */
export function readable(value: unknown): string {
  const plain = (one: unknown): unknown => {
    if (one instanceof Uint8Array) return Buffer.from(one).toString('latin1')
    if (Array.isArray(one)) return one.map(plain)
    if (typeof one !== 'object' || one === null) return one
    return Object.fromEntries(Object.entries(one).map(([name, inner]) => [name, plain(inner)]))
  }
  return JSON.stringify(plain(value))
}
